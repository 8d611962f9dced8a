"""The field `limits` of competition.yaml: what student code may use."""

from __future__ import annotations

from collections.abc import Mapping

from competitions.folders.reader import Reader

# name -> (least, most). The jail bounds processes and output by itself.
BOUNDS = {"seconds": (0.1, 3600), "memory_mb": (64, 65536), "total_seconds": (1, 7200)}


def read_limits(reader: Reader, defaults: Mapping[str, float]) -> dict[str, float]:
    """`limits: {seconds: 60, memory_mb: 1024}`, what is left out as in `defaults`; what is wrong is noted."""
    found = reader.get("limits")
    if found is None:
        return dict(defaults)
    if not isinstance(found, dict):
        reader.complain(
            "limits",
            "{seconds: 초, memory_mb: MB} 꼴이어야 합니다.",
            "It must be {seconds: S, memory_mb: M}.",
        )
        return dict(defaults)
    for name, value in found.items():
        least, most = BOUNDS.get(name, (0, 0))
        if name not in defaults:
            known = ", ".join(defaults)
            reader.complain(
                "limits",
                f"모르는 이름 {name!r}. 쓸 수 있는 이름: {known}",
                f"Unknown {name!r}; there are {known}.",
            )
        elif type(value) not in (int, float) or not least <= value <= most:
            reader.complain(
                "limits",
                f"{name}은(는) {least}에서 {most} 사이의 수여야 합니다.",
                f"{name} must be a number from {least} to {most}.",
            )
    return {name: found.get(name, value) for name, value in defaults.items()}
