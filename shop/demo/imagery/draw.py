"""Dimension drawings: a pot's outline with its measures, drawn from the profile it is thrown by."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from shop.demo.imagery.pots import POTS
from shop.demo.imagery.profile import Point, Pot, curve, inner_wall

PAPER, LINE, MEASURE, GRID = "#f6f4ee", "#23302f", "#23399b", "#e6e3d9"
SCALE = 2  # drawn large, saved small
DRAWN = (
    "foot-ring-mug", "barrel-mug", "camp-mug", "soup-mug", "chimney-mug", "half-pint-mug",
    "flat-white-cup", "straight-tumbler", "tall-beaker", "espresso-cup", "cortado-cup",
    "breakfast-bowl", "ramen-bowl", "pasta-bowl", "serving-bowl", "salad-bowl", "dip-bowl",
    "dog-bowl", "dipped-side-plate", "coupe-dinner-plate", "rimmed-dinner-plate", "bread-plate",
    "cake-stand", "milk-jug", "water-jug", "oil-bottle", "storage-jar", "shoulder-vase",
    "bud-vase", "moon-vase", "candle-holder",
)  # fmt: skip


def centimetres(value: float) -> str:
    """A length as the shop writes it: one decimal below 12 cm, whole above."""
    return f"{value:.1f}".removesuffix(".0") if value < 12 else f"{value:.0f}"


@dataclass(frozen=True)
class Frame:
    """Where the pot stands on the sheet, and how large."""

    pen: ImageDraw.ImageDraw
    x: float
    base: float
    unit: float

    def at(self, r: float, y: float) -> tuple[float, float]:
        return self.x + r * self.unit, self.base - y * self.unit

    def path(self, points: Sequence[Point], colour: str = LINE, width: int = 5) -> None:
        line = [self.at(*q[:2]) for q in points]
        self.pen.line(line, fill=colour, width=width, joint="curve")


def drawing(name: str, size: tuple[int, int]) -> Image.Image:
    """The drawing of one pot at that size."""
    pot, (width, height) = POTS[name], (size[0] * SCALE, size[1] * SCALE)
    sheet = Image.new("RGB", (width, height), PAPER)
    pen = ImageDraw.Draw(sheet)
    step = width // 20
    for k in range(1, 25):
        pen.line((0, k * step, width, k * step), fill=GRID, width=2)
        pen.line((k * step, 0, k * step, height), fill=GRID, width=2)
    right = max([pot.radius, *(q[0] + 0.05 for q in pot.handle)])
    flat = pot.height < pot.radius * 0.4
    unit = min(width * 0.56 / (pot.radius + right), height * 0.50 / pot.height)
    middle = width * 0.54 - (right - pot.radius) * unit / 2
    frame = Frame(pen, middle, height * (0.80 if flat else 0.72), unit)
    if flat:
        _plan(frame, pot, height)
    _outline(frame, pot)
    _measures(frame, pot, right)
    return sheet.resize(size, Image.Resampling.LANCZOS)


def _outline(frame: Frame, pot: Pot) -> None:
    outer = curve(pot.outer)
    inner = inner_wall(outer, pot.wall, pot.base)
    for side in (-1, 1):
        frame.path([(side * r, y) for r, y in outer])
    frame.path([(-outer[0, 0], 0.0), (outer[0, 0], 0.0)])
    for r, y in inner[::3]:  # the inside, dotted
        for side in (-1, 1):
            x, top = frame.at(side * r, y)
            frame.pen.ellipse((x - 2, top - 2, x + 2, top + 2), fill=LINE)
    rim, low = outer[-1, 0], 0.10
    (x0, y0), (x1, y1) = (
        frame.at(-rim, pot.height + rim * low),
        frame.at(rim, pot.height - rim * low),
    )
    frame.pen.ellipse((x0, y0, x1, y1), outline=LINE, width=5)
    if pot.handle:
        loop = curve(pot.handle)
        step = np.gradient(loop, axis=0)
        normal = np.stack([-step[:, 1], step[:, 0]], 1)
        normal /= np.linalg.norm(normal, axis=1)[:, None]
        for shift in (-0.05, 0.05):
            edge = loop + shift * normal
            frame.path([(r, y) for r, y in edge[2:-2]])


def _plan(frame: Frame, pot: Pot, height: int) -> None:
    """Seen from above: the rim and the well."""
    y = height * 0.36
    for r, width in ((pot.radius, 5), (pot.radius * 0.96, 2), (pot.outer[2][0], 2)):
        k = r * frame.unit
        frame.pen.ellipse((frame.x - k, y - k, frame.x + k, y + k), outline=LINE, width=width)


def _measures(frame: Frame, pot: Pot, right: float) -> None:
    cm, height, r = pot.cm_per_unit(), pot.height, pot.radius
    x, top = frame.at(-r, height)
    _line(frame, (x - 90, top), (x - 90, frame.base), f"{centimetres(height * cm)} cm", side="left")
    left, below = frame.at(-r, 0)[0], frame.base + 100
    wide = f"{centimetres(2 * r * cm)} cm"
    _line(frame, (left, below), (frame.at(r, 0)[0], below), wide, side="below")
    if pot.handle:
        whole = f"{centimetres((r + right + 0.008) * cm)} cm with handle"
        far = frame.at(right, 0)[0]
        _line(frame, (left, below + 110), (far, below + 110), whole, side="below")


def _line(
    frame: Frame, start: tuple[float, float], end: tuple[float, float], text: str, *, side: str
) -> None:
    pen, font = frame.pen, ImageFont.load_default(48)
    pen.line((*start, *end), fill=MEASURE, width=4)
    for x, y in (start, end):
        across = (x - 16, y, x + 16, y) if side == "left" else (x, y - 16, x, y + 16)
        pen.line(across, fill=MEASURE, width=4)
    middle = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    if side == "left":
        pen.text((middle[0] - 28, middle[1]), text, font=font, fill=MEASURE, anchor="rm")
    else:
        pen.text((middle[0], middle[1] + 14), text, font=font, fill=MEASURE, anchor="ma")
