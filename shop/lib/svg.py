"""Geometry of charts that the server draws: numbers in, paths and ticks out, no markup.

A template puts the parts into SVG. The plot is drawn on WIDTH x height units and stretched to the
width there is; texts stand beside it at percentages, so they keep their size on every screen.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH = 1000
HEIGHT = 260
# Steps that people can count in.
STEPS = (1, 2, 2.5, 5, 10)
MOST_Y_TICKS = 5
X_TICKS = 4

Number = Decimal | float
Series = Sequence[Number | None]


@dataclass(frozen=True, slots=True)
class XTick:
    """A label under the plot: its place in per cent, and how the text hangs on it."""

    percent: str
    label: str
    anchor: str


@dataclass(frozen=True, slots=True)
class YTick:
    """A grid line: its distance from the top, and the value it stands for."""

    y: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Band:
    """The strip of one point, for a pointer to rest on."""

    x: str
    width: str
    index: int


@dataclass(frozen=True, slots=True)
class LineChart:
    """One path per series, the area under the first, grid lines, labels, a strip per point."""

    lines: list[str]
    area: str
    y_ticks: list[YTick]
    x_ticks: list[XTick]
    bands: list[Band]
    width: int = WIDTH
    height: int = HEIGHT


def line_chart(
    series: Sequence[Series], *, labels: Sequence[str], most_bands: int = 100
) -> LineChart:
    """Draw series over the same points. labels: one per point; some of them are shown.

    most_bands: with more points than this the strips would be too narrow, and there are none.
    """
    count = max(map(len, series), default=0)
    values = [float(value) for one in series for value in one if value is not None]
    steps = ticks(min(values, default=0.0), max(values, default=0.0))
    scale = Scale(count, steps[0], steps[-1])
    return LineChart(
        lines=[scale.line(one) for one in series],
        area=scale.area(series[0]) if series else "",
        y_ticks=[YTick(number(scale.y(step)), Decimal(number(step))) for step in steps],
        x_ticks=_x_ticks(labels[:count], scale),
        bands=scale.bands() if count <= most_bands else [],
    )


def ticks(low: float, high: float) -> list[float]:
    """Round values from at most `low` (or nought) to at least `high`, evenly apart."""
    low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        return [0.0, 1.0]
    rough = (high - low) / (MOST_Y_TICKS - 1)
    size = 10 ** math.floor(math.log10(rough))
    step = size * next(one for one in STEPS if one * size >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [number * step for number in range(first, max(last, first + 1) + 1)]


@dataclass(frozen=True, slots=True)
class Scale:
    """From points and values to places in the plot."""

    count: int
    low: float
    high: float

    def x(self, index: int) -> float:
        return WIDTH * index / max(1, self.count - 1)

    def y(self, value: Number) -> float:
        return HEIGHT * (self.high - float(value)) / (self.high - self.low)

    def line(self, series: Series) -> str:
        """A path through the points; a None is a gap."""
        parts = []
        pen = "M"
        for index, value in enumerate(series):
            if value is None:
                pen = "M"
                continue
            parts.append(f"{pen}{number(self.x(index))} {number(self.y(value))}")
            pen = "L"
        return "".join(parts)

    def area(self, series: Series) -> str:
        """What lies between the points and nought; empty where there are gaps or fewer than two."""
        if len(series) < 2 or None in series:
            return ""
        floor = number(self.y(0.0))
        return f"{self.line(series)}L{number(self.x(len(series) - 1))} {floor}L0 {floor}Z"

    def bands(self) -> list[Band]:
        width = WIDTH / max(1, self.count - 1)
        return [
            Band(number(max(0.0, self.x(index) - width / 2)), number(width), index)
            for index in range(self.count)
        ]


def _x_ticks(labels: Sequence[str], scale: Scale) -> list[XTick]:
    last = len(labels) - 1
    if last < 0:
        return []
    shown = sorted({round(last * part / (X_TICKS - 1)) for part in range(X_TICKS)})
    anchors = {0: "start", last: "end"}
    return [
        XTick(number(100 * scale.x(index) / WIDTH), labels[index], anchors.get(index, "middle"))
        for index in shown
    ]


def number(value: float) -> str:
    """A number as short text: one decimal, or four below one."""
    text = f"{value:.4f}" if abs(value) < 1 else f"{value:.1f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
