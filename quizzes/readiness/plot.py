"""The calibration plot, as SVG: how often scores fell within the forecast, and forecast against score. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from .simulation import Calibration, Outcome

SIZE, MARGIN = 360, 48


def draw(outcomes: Sequence[Outcome], found: Calibration) -> str:
    """Two panels beside each other; on the diagonal a forecast is honest."""
    coverage = [(100 * nominal, 100 * share) for nominal, share in sorted(found.coverage.items())]
    scores = [(one.forecasts[0].expected, one.actual) for one in outcomes]
    panels = [
        _panel(0, "Interval: nominal % against scores within it", coverage, 5),
        _panel(SIZE, "Forecast % against score %", scores, 2.5),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {2 * SIZE} {SIZE}" font-family="sans-serif" '
        f'font-size="12">\n<rect width="100%" height="100%" fill="white"/>\n{"".join(panels)}</svg>\n'
    )


def _panel(left: int, title: str, points: Sequence[tuple[float, float]], radius: float) -> str:
    side = SIZE - 2 * MARGIN

    def place(x: float, y: float) -> tuple[float, float]:
        return left + MARGIN + side * x / 100, SIZE - MARGIN - side * y / 100

    (x0, y0), (x1, y1) = place(0, 0), place(100, 100)
    marks = "".join(
        f'<text x="{place(tick, 0)[0]:.0f}" y="{y0 + 16:.0f}" text-anchor="middle">{tick}</text>'
        f'<text x="{x0 - 6:.0f}" y="{place(0, tick)[1] + 4:.0f}" text-anchor="end">{tick}</text>'
        for tick in (0, 25, 50, 75, 100)
    )
    dots = "".join(
        f'<circle cx="{place(x, y)[0]:.1f}" cy="{place(x, y)[1]:.1f}" r="{radius}" fill="#3a55c8" fill-opacity="0.55"/>'
        for x, y in points
    )
    return (
        f'<text x="{left + SIZE / 2}" y="24" text-anchor="middle">{title}</text>'
        f'<path d="M{x0} {y0}H{x1}V{y1}H{x0}Z M{x0} {y0}L{x1} {y1}" fill="none" stroke="#999"/>{marks}{dots}\n'
    )
