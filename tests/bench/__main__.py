"""`make bench`, or `python -m tests.bench [judge] [jail] [queue] [quiz] [kinds] [boards]` for some of it."""

from __future__ import annotations

import os
import platform
import sys
from importlib import import_module

PARTS = ("judge", "jail", "queue", "quiz", "kinds", "boards")


def main(chosen: list[str]) -> int:
    """Prints one table; every row is measured now, on this machine."""
    unknown = set(chosen) - set(PARTS)
    if unknown:
        print(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}", file=sys.stderr)
        return 2
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}\n")
    print("| what | measured | wanted |\n|---|---|---|")
    for part in chosen or PARTS:
        for what, measured, wanted in import_module(f"tests.bench.bench_{part}").rows():
            print(f"| {what} | {measured} | {wanted} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
