"""Printed surfaces: a flat drawing laid on a face of a box, or wrapped round a tin."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from PIL import Image

from shop.demo.imagery.colour import Floats, Mask, decode, linear
from shop.demo.imagery.light import Material, Patch
from shop.demo.imagery.sdf import F


@dataclass(frozen=True, eq=False)
class Texture:
    """A drawing that can be looked up at u, v from 0 to 1 (v downwards)."""

    image: Image.Image

    @cached_property
    def light(self) -> Floats:
        return decode(np.asarray(self.image.convert("RGB"), F) / 255)

    def at(self, u: Floats, v: Floats) -> Floats:
        height, width = self.light.shape[:2]
        x = np.clip(u * width, 0, width - 1).astype(np.int32)
        y = np.clip(v * height, 0, height - 1).astype(np.int32)
        found: Floats = self.light[y, x]
        return found


@dataclass(frozen=True)
class Sheet(Material):
    """A box with a drawing on its front ("xy", facing z) or on its top ("xz").

    `half` is half the size of the drawing; around it lies `border`, then the `side` colour.
    """

    texture: Texture
    half: tuple[float, float]
    side: str = "#f4f0e6"
    face: str = "xy"
    border: str = "#f4f0e6"
    frame: float = 0.0  # width of a frame in the side colour at the edge
    outer: tuple[float, float] = (9, 9)
    grain: float = 0.0  # wood grain of the side colour
    gloss: float = 0.1

    def paint(self, patch: Patch) -> tuple[Floats, Floats]:
        q, n = patch.local, patch.shape.local(patch.place + patch.normal) - patch.local
        x, y, facing = (
            (q[:, 0], q[:, 1], n[:, 2]) if self.face == "xy" else (q[:, 0], -q[:, 2], n[:, 1])
        )
        albedo = np.repeat(linear(self.side)[None], len(q), 0)
        if self.grain:
            wood = patch.noise(40, 2, tall=14)
            albedo = albedo * (1 + self.grain * (wood - 0.47) * 2)[:, None]
        front = facing > 0.7
        inner = front & self._within(x, y, self.outer, self.frame)
        albedo = np.where(inner[:, None], linear(self.border), albedo)
        shown = inner & self._within(x, y, self.half, 0)
        u, v = (x[shown] / self.half[0] + 1) / 2, (1 - y[shown] / self.half[1]) / 2
        albedo[shown] = self.texture.at(u, v)
        return albedo, np.full(len(q), self.gloss, F)

    @staticmethod
    def _within(x: Floats, y: Floats, half: tuple[float, float], margin: float) -> Mask:
        return (np.abs(x) < half[0] - margin) & (np.abs(y) < half[1] - margin)


@dataclass(frozen=True)
class Wrap(Material):
    """A label round a tin or a roll, between two heights of the shape's own axis."""

    texture: Texture
    low: float
    high: float
    body: str
    gloss: float = 0.35
    turns: float = 1.0  # how often the drawing repeats around

    def paint(self, patch: Patch) -> tuple[Floats, Floats]:
        q = patch.local
        angle = np.arctan2(q[:, 0], q[:, 2]) / (2 * np.pi) + 0.5
        v = (self.high - q[:, 1]) / (self.high - self.low)
        albedo = np.repeat(linear(self.body)[None], len(q), 0)
        shown = (v > 0) & (v < 1) & (np.hypot(q[:, 0], q[:, 2]) > 0.05)
        albedo[shown] = self.texture.at((angle[shown] * self.turns) % 1, v[shown])
        return albedo, np.where(shown, self.gloss * 0.6, self.gloss).astype(F)


@dataclass(frozen=True)
class Pages(Material):
    """A bound book: cover drawing on top, cloth spine at the left, pages at the other sides."""

    cover: Texture
    half: tuple[float, float]
    spine: str
    thick: float

    def paint(self, patch: Patch) -> tuple[Floats, Floats]:
        q, n = patch.local, patch.shape.local(patch.place + patch.normal) - patch.local
        x, z = q[:, 0], q[:, 2]
        u, v = (x / self.half[0] + 1) / 2, (1 + z / self.half[1]) / 2
        albedo = self.cover.at(u, v)
        albedo = np.where((x < -self.half[0] * 0.80)[:, None], linear(self.spine), albedo)
        pages = (np.abs(n[:, 1]) < 0.5) & (np.abs(q[:, 1]) < self.thick) & (x > -self.half[0] * 0.9)
        lines = 0.82 + 0.18 * (np.sin(q[:, 1] * 300) > 0)
        albedo = np.where(pages[:, None], linear("#efe7d6") * lines[:, None], albedo)
        return albedo * (0.96 + 0.08 * patch.noise(6, 3))[:, None], np.full(len(q), 0.08, F)
