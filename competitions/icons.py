"""Outlines of small drawings, 16 x 16, for <path d="...">: what a font may lack, or show as a coloured picture."""

from __future__ import annotations

_CIRCLE = "M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0-12"

CHECK = "M3 8.5l3.5 3.5L13 4.5"
CROSS = "M4 4l8 8M12 4l-8 8"
HALF = f"{_CIRCLE}M8 2v12M10.5 3.5v9M12.8 5.5v5"
TRIANGLE = "M8 2.2L14.6 13.6H1.4zM8 6.5v3M8 11.6v.1"
CLOCK = f"{_CIRCLE}M8 4.8V8l2.4 1.7"
CHIP = "M4.5 4.5h7v7h-7zM6.5 1.5v3M9.5 1.5v3M6.5 11.5v3M9.5 11.5v3M1.5 6.5h3M1.5 9.5h3M11.5 6.5h3M11.5 9.5h3"
LINES = "M3 4h10M3 8h10M3 12h6"
MARK = "M8 3v6.2M8 12.6v.1"
AGAIN = "M13 8a5 5 0 1 1-1.7-3.75M13.2 1.8v3.4H9.8"
DOTS = "M3.2 8v.1M8 8v.1M12.8 8v.1"
PLAY = "M5 3.2L12.5 8L5 12.8z"
DASH = "M4 8h8"
