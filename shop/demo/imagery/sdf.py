"""Shapes as signed distances (negative inside) to points (n, 3); y is up, the table is y = 0."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from shop.demo.imagery.colour import Floats, Ints
from shop.demo.imagery.profile import Point, curve

F = np.float32
CLEAR = 0.12  # beyond this distance from its bounds a shape answers with the distance to them


class Shape(Protocol):
    """Anything that can be traced."""

    low: Floats
    high: Floats
    rings: float

    def near(self, p: Floats) -> Floats:
        """Distance for points close to the bounds."""

    def local(self, p: Floats) -> Floats:
        """Points in the shape's own axes, for decals and weaves."""


def distance(shape: Shape, p: Floats) -> Floats:
    """Distance to one shape; cheap far from its bounds."""
    out = np.maximum(np.maximum(shape.low - p, p - shape.high), 0)
    far: Floats = np.sqrt(np.einsum("ij,ij->i", out, out))
    close = far < CLEAR
    far += 0.05
    if close.all():
        return shape.near(p)
    if close.any():
        far[close] = shape.near(p[close])
    return far


def _edge_distance(grid: Floats, polygon: Floats) -> Floats:
    """Signed distance of grid points (n, 2) to a closed polygon; its axis edges do not count."""
    best: Floats = np.full(len(grid), 9.0)
    inside = np.zeros(len(grid), bool)
    r, y = grid[:, 0], grid[:, 1]
    for a, b in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        edge, from_a = b - a, grid - a
        if abs(a[0]) > 1e-6 or abs(b[0]) > 1e-6:
            t = np.clip((from_a @ edge) / (edge @ edge + 1e-12), 0, 1)[:, None]
            best = np.minimum(best, ((from_a - edge * t) ** 2).sum(1))
        crossing = (a[1] > y) != (b[1] > y)
        inside ^= crossing & (r < edge[0] * (y - a[1]) / (edge[1] + 1e-15) + a[0])
    return np.asarray(np.sqrt(best) * np.where(inside, -1, 1))


class Revolve:
    """A profile turned about an axis: upright, or lying along x; `stretch` makes it oval."""

    RESOLUTION = 280

    def __init__(
        self,
        polygon: Floats,
        at: Point = (0, 0, 0),
        *,
        rings: float = 0.0,
        stretch: float = 1.0,
        lying: bool = False,
        scale: float = 1.0,
    ) -> None:
        polygon = np.asarray(polygon, float) * scale
        self.at, self.rings = np.array(at, F), rings
        self.stretch, self.lying = F(stretch), lying
        pad = 0.2
        self.reach = F(polygon[:, 0].max() + pad)
        self.bottom, self.top = F(polygon[:, 1].min() - pad), F(polygon[:, 1].max() + pad)
        axes = (
            np.linspace(0, self.reach, self.RESOLUTION),
            np.linspace(self.bottom, self.top, self.RESOLUTION),
        )
        grid = np.stack(np.meshgrid(*axes), -1).reshape(-1, 2)
        self.table = _edge_distance(grid, polygon).astype(F)
        r = polygon[:, 0].max()
        low: Floats = np.array([-r * stretch, polygon[:, 1].min(), -r], F)
        high: Floats = np.array([r * stretch, polygon[:, 1].max(), r], F)
        if lying:
            low, high = low[[1, 0, 2]], high[[1, 0, 2]]
        self.low, self.high = low + self.at, high + self.at

    def local(self, p: Floats) -> Floats:
        moved: Floats = p - self.at
        if self.lying:
            moved = moved[:, [1, 0, 2]]
        if self.stretch != 1:
            moved[:, 0] /= self.stretch
        return moved

    def near(self, p: Floats) -> Floats:
        q, last = self.local(p), self.RESOLUTION - 1
        u = np.sqrt(q[:, 0] ** 2 + q[:, 2] ** 2) * F(last / self.reach)
        v = (q[:, 1] - self.bottom) * F(last / (self.top - self.bottom))
        u, v = np.clip(u, 0, last - 1e-3), np.clip(v, 0, last - 1e-3)
        i, j = u.astype(np.int32), v.astype(np.int32)
        u, v, at = u - i, v - j, j * self.RESOLUTION + i
        lower = self.table[at] * (1 - u) + self.table[at + 1] * u
        at += self.RESOLUTION
        upper = self.table[at] * (1 - u) + self.table[at + 1] * u
        found: Floats = lower * (1 - v) + upper * v
        return found


class Tube:
    """A swept handle, spout, wick or stem: points in space with a radius along the way."""

    rings = 0.0

    def __init__(
        self, points: Sequence[Point], radius: Sequence[float], *, turn: float = 0
    ) -> None:
        line = curve([(*q, 0.0)[:3] for q in points], 7)
        c, s = np.cos(turn), np.sin(turn)
        x, z = line[:, 0] * c + line[:, 2] * s, -line[:, 0] * s + line[:, 2] * c
        self.line = np.stack([x, line[:, 1], z], 1).astype(F)
        ends = np.linspace(0, 1, len(self.line)), np.linspace(0, 1, len(radius))
        self.radius = np.interp(ends[0], ends[1], radius).astype(F)
        widest = self.radius.max()
        self.low, self.high = self.line.min(0) - widest, self.line.max(0) + widest

    def local(self, p: Floats) -> Floats:
        return p

    def near(self, p: Floats) -> Floats:
        best: Floats = np.full(len(p), 9, F)
        pieces = zip(self.line, self.line[1:], self.radius, self.radius[1:], strict=False)
        for a, b, first, last in pieces:
            edge, from_a = b - a, p - a
            t = np.clip(from_a @ edge / (edge @ edge + F(1e-9)), 0, 1)
            gap = from_a - t[:, None] * edge
            length = np.sqrt(np.einsum("ij,ij->i", gap, gap))
            best = np.minimum(best, length - (first + (last - first) * t))
        return best


@dataclass(frozen=True)
class Pose:
    """How a box lies: turned about y, then tilted about x (radians)."""

    turn: float = 0.0
    tilt: float = 0.0

    @property
    def matrix(self) -> Floats:
        cy, sy, cx, sx = np.cos(self.turn), np.sin(self.turn), np.cos(self.tilt), np.sin(self.tilt)
        turn = np.array([[cy, 0, -sy], [0, 1, 0], [sy, 0, cy]])
        tilt = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
        return np.asarray(tilt @ turn, F)


class Box:
    """A rounded box; `wave` lets its faces swell and dip as folded cloth does."""

    rings = 0.0

    def __init__(
        self,
        half: Point,
        at: Point = (0, 0, 0),
        *,
        edge: float = 0.02,
        pose: Pose | None = None,
        wave: float = 0.0,
    ) -> None:
        self.half, self.edge = np.array(half, F) - F(edge), F(edge)
        self.at, self.wave = np.array(at, F), F(wave)
        self.matrix = (pose or Pose()).matrix
        reach = np.abs(self.matrix.T) @ np.array(half, F) + wave
        self.low: Floats = self.at - reach
        self.high: Floats = self.at + reach

    def local(self, p: Floats) -> Floats:
        turned: Floats = (p - self.at) @ self.matrix.T
        return turned

    def near(self, p: Floats) -> Floats:
        q = self.local(p)
        out = np.abs(q) - self.half
        beyond = np.maximum(out, 0)
        found: Floats = np.sqrt(np.einsum("ij,ij->i", beyond, beyond))
        found += np.minimum(out.max(1), 0) - self.edge
        if self.wave:
            found += self.wave * np.sin(q[:, 0] * 5 + 1) * np.cos(q[:, 2] * 4.3 + q[:, 1] * 9)
        return found


class Leaves:
    """Many flattened ellipsoids: (centre, half sizes, pose) each; plants, tea, petals."""

    rings = 0.0

    def __init__(self, blades: Sequence[tuple[Point, Point, Pose]]) -> None:
        self.blades = [(np.array(c, F), np.array(half, F), pose.matrix) for c, half, pose in blades]
        boxes = [(c, np.abs(m.T) @ half) for c, half, m in self.blades]
        self.low = np.min([c - reach for c, reach in boxes], axis=0)
        self.high = np.max([c + reach for c, reach in boxes], axis=0)

    def local(self, p: Floats) -> Floats:
        return p

    def near(self, p: Floats) -> Floats:
        best: Floats = np.full(len(p), 9, F)
        for centre, half, matrix in self.blades:
            gap = p - centre
            rough = np.sqrt(np.einsum("ij,ij->i", gap, gap)) - half.max()
            close = rough < 0.06
            best = np.minimum(best, np.where(close, best, rough + F(0.01)))
            if close.any():
                q = gap[close] @ matrix.T
                k0 = np.linalg.norm(q / half, axis=1)
                k1 = np.linalg.norm(q / (half * half), axis=1)
                best[close] = np.minimum(best[close], k0 * (k0 - 1) / (k1 + F(1e-6)))
        return best


class Scene:
    """Shapes on the table, each with the name of its material; near shapes melt by `blend`."""

    def __init__(self, *parts: tuple[Shape, str], blend: float = 0.004) -> None:
        self.parts, self.blend = parts, F(blend)
        self.low = np.min([shape.low for shape, _ in parts], axis=0)
        self.high = np.max([shape.high for shape, _ in parts], axis=0)

    def distance(self, p: Floats) -> Floats:
        out = distance(self.parts[0][0], p)
        for shape, _ in self.parts[1:]:
            other = distance(shape, p)
            mix = np.maximum(self.blend - np.abs(out - other), 0) / self.blend
            out = np.minimum(out, other) - mix * mix * self.blend * F(0.25)
        return out

    def nearest(self, p: Floats) -> Ints:
        """Index of the part that each point belongs to."""
        gaps = np.stack([distance(shape, p) for shape, _ in self.parts])
        return np.asarray(gaps.argmin(0), np.int64)
