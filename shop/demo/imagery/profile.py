"""Profiles of turned pieces as polygons of (radius, height) points."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shop.demo.imagery.colour import Floats

Point = tuple[float, ...]


def curve(points: Sequence[Point], steps: int = 12) -> Floats:
    """Catmull-Rom curve through the points."""
    p = np.asarray(points, float)
    p = np.vstack([2 * p[0] - p[1], p, 2 * p[-1] - p[-2]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    out = []
    for a, b, c, d in zip(p, p[1:], p[2:], p[3:], strict=False):
        square, cube = 2 * a - 5 * b + 4 * c - d, 3 * b - a - 3 * c + d
        out.append(0.5 * (2 * b + (c - a) * t + square * t**2 + cube * t**3))
    return np.vstack([*out, p[-2][None]])


def inner_wall(outer: Floats, wall: float, base: float) -> Floats:
    """The outer curve moved inwards by the wall, from the inside floor to the rim."""
    step = np.gradient(outer, axis=0)
    normal = np.stack([-step[:, 1], step[:, 0]], 1)
    normal /= np.linalg.norm(normal, axis=1)[:, None] + 1e-9
    inner = outer + normal * wall
    kept: Floats = inner[(inner[:, 1] > base + outer[0, 1]) & (inner[:, 0] > 0.01)]
    return kept


def vessel(points: Sequence[Point], wall: float = 0.045, base: float = 0.06) -> Floats:
    """Closed polygon of a thrown pot from its outer points, foot to rim."""
    outer = curve(points)
    outer[:, 0] = np.maximum(outer[:, 0], 0.002)
    inner = inner_wall(outer, wall, base)
    rim = [[(outer[-1, 0] + inner[-1, 0]) / 2, outer[-1, 1] + wall * 0.35]]
    start, floor = [[0, outer[0, 1]]], [[0, inner[0, 1]]]
    return np.vstack([start, outer, rim, inner[::-1], floor])


def solid(points: Sequence[Point]) -> Floats:
    """Closed polygon of a solid turned piece: a lid, a candle, a knob."""
    outer = np.maximum(curve(points), [0.002, -9])
    return np.vstack([[[0, points[0][1]]], outer, [[0, points[-1][1]]]])


def cylinder(radius: float, low: float, high: float, *, edge: float = 0.03) -> Floats:
    """Closed polygon of a cylinder with rounded edges."""
    near, soft = radius - edge, radius - 0.3 * edge
    foot = curve([(near, low), (soft, low + 0.1 * edge), (radius, low + edge)], 6)
    top = curve([(radius, high - edge), (soft, high - 0.1 * edge), (near, high)], 6)
    return np.vstack([[[0, low]], foot, top, [[0, high]]])


@dataclass(frozen=True)
class Pot:
    """A thrown form: outer points in units of its own, and its real size.

    Either `millilitres` (filled to the brim) or `width_cm` sets the scale.
    """

    outer: tuple[Point, ...]
    millilitres: float = 0
    width_cm: float = 0
    wall: float = 0.045
    base: float = 0.06
    handle: tuple[Point, ...] = ()

    @property
    def polygon(self) -> Floats:
        return vessel(self.outer, self.wall, self.base)

    @property
    def height(self) -> float:
        return float(curve(self.outer)[:, 1].max())

    @property
    def radius(self) -> float:
        return float(curve(self.outer)[:, 0].max())

    @property
    def volume(self) -> float:
        """Cubic units up to the brim."""
        inner = inner_wall(curve(self.outer), self.wall, self.base)
        return float(np.trapezoid(np.pi * inner[:, 0] ** 2, inner[:, 1]))

    def cm_per_unit(self, millilitres: float = 0) -> float:
        """Scale of the piece, or of the same form made to hold `millilitres`."""
        if wanted := millilitres or self.millilitres:
            return float((wanted / self.volume) ** (1 / 3))
        return self.width_cm / (2 * self.radius)
