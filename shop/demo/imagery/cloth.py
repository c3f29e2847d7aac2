"""Woven linen: threads, checks, stripes, waffle and plain weave."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from shop.demo.imagery.colour import Floats, linear
from shop.demo.imagery.light import Material, Patch
from shop.demo.imagery.sdf import F, Revolve

Pattern = Callable[[Floats, Floats], Floats]  # share of the second colour, 0 to 1, at x, z
NATURAL = "#ded3bf"
DYES = {
    "rust": "#a9583a",
    "ink": "#33475c",
    "moss": "#6a7557",
    "honey": "#c1954c",
    "natural": NATURAL,
    "sea": "#6b9a97",
    "rose": "#cda59a",
}


def plain(x: Floats, _z: Floats) -> Floats:
    return np.ones_like(x)


def check(width: float) -> Pattern:
    """Gingham: full colour where two bands cross, half where one lies."""

    def at(x: Floats, z: Floats) -> Floats:
        return np.asarray((np.floor(x / width) % 2 + np.floor(z / width) % 2) / 2)

    return at


def windowpane(width: float) -> Pattern:
    """A grid of thin lines."""

    def at(x: Floats, z: Floats) -> Floats:
        return np.asarray((((x / width) % 1 < 0.14) | ((z / width) % 1 < 0.14)) * 1.0)

    return at


def bands(places: tuple[float, ...], width: float) -> Pattern:
    """Stripes at those distances from the middle."""

    def at(x: Floats, _z: Floats) -> Floats:
        return np.asarray(np.any([np.abs(np.abs(x) - p) < width for p in places], axis=0) * 1.0)

    return at


def stripes(width: float, share: float = 0.35) -> Pattern:
    def at(x: Floats, _z: Floats) -> Floats:
        return np.asarray(((x / width) % 1 < share) * 1.0)

    return at


@dataclass(frozen=True)
class Cloth(Material):
    """Linen of two yarns; `waffle` gives it honeycomb cells, `layers` fold lines at the sides."""

    colour: str
    pattern: Pattern = plain
    ground: str = NATURAL
    threads: float = 44.0
    waffle: float = 0.0
    layers: float = 0.0

    def paint(self, patch: Patch) -> tuple[Floats, Floats]:
        q = patch.local
        n = patch.shape.local(patch.place + patch.normal) - q
        x, z = q[:, 0], q[:, 2]
        if isinstance(patch.shape, Revolve):  # a roll: along its axis and round it
            x, z = q[:, 1], np.arctan2(q[:, 0], q[:, 2]) * 0.3
            n = np.tile(np.array([0, 1, 0], F), (len(q), 1))
        side = np.abs(n[:, 1]) < 0.55
        z = np.where(side & (np.abs(n[:, 2]) > 0.5), z + q[:, 1], z)
        x = np.where(side & (np.abs(n[:, 0]) > 0.5), x + q[:, 1], x)
        share = self.pattern(x, z)[:, None]
        albedo = linear(self.ground) * (1 - share) + linear(self.colour) * share
        albedo = albedo * self._relief(x, z)[:, None] * (0.92 + 0.16 * patch.noise(9, 3))[:, None]
        if self.layers:
            fold = np.abs(((q[:, 1] * self.layers) % 1) - 0.5) > 0.40
            albedo = np.where((side & fold)[:, None], albedo * 0.72, albedo)
        return albedo, np.full(len(q), 0.03, F)

    def _relief(self, x: Floats, z: Floats) -> Floats:
        """How light or dark each thread lies."""
        u, v = x * self.threads, z * self.threads
        over = (np.floor(u) + np.floor(v)) % 2 > 0
        thread = np.where(over, np.sin(np.pi * (u % 1)), np.sin(np.pi * (v % 1)))
        relief: Floats = 0.86 + 0.20 * thread
        if self.waffle:
            cell = np.abs(np.sin(x * self.waffle)) * np.abs(np.sin(z * self.waffle))
            relief = relief * (1.06 - 0.34 * cell)
        return relief
