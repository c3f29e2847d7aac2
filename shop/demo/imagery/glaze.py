"""Glazes on stoneware: eight of them, the bare clay at the foot, speckle, pours and rim breaks."""

from dataclasses import dataclass, replace

import numpy as np

from shop.demo.imagery.colour import Floats, Mask, linear
from shop.demo.imagery.light import Material, Patch
from shop.demo.imagery.noise import cell
from shop.demo.imagery.sdf import F

CLAY = "#b08968"


def _step(value: Floats, edge: Floats | float, sharp: float) -> Floats:
    """0 below the edge, 1 above it, blurred over about 1 / sharp units."""
    return np.asarray(1 / (1 + np.exp(np.clip(-(value - edge) * sharp, -60, 60))), F)


@dataclass(frozen=True)
class Glaze(Material):
    """One glaze; heights are in the scene's units."""

    colour: str
    gloss: float = 0.8
    speckle: float = 0.0  # share of cells with an iron speck
    dip: float = 0.10  # below this height the clay stays bare
    rim: float = -9.0  # the glaze breaks to brown at this height ...
    edge: float = 0.0  # ... or, on flat ware, at this distance from the middle
    rim_colour: str = "#8a5a3c"
    second: str = ""  # another glaze poured over ...
    pour: float = 0.6  # ... above this height, or beyond this line
    axis: str = "y"  # "y" from the rim down, "x" across, "r" from the middle out
    clay: str = CLAY
    seed: int = 1

    def on(self, *, rim: float = -9.0, dip: float = 0.10, edge: float = 0.0) -> "Glaze":
        """The same glaze on a pot with that rim (or that edge) and that bare foot."""
        return replace(self, rim=rim, dip=dip, edge=edge)

    def over(self, colour: str, *, pour: float, axis: str = "y") -> "Glaze":
        """The same glaze with a second one poured over it."""
        return replace(self, second=colour, pour=pour, axis=axis)

    def paint(self, patch: Patch) -> tuple[Floats, Floats]:
        albedo = self._glazed(patch)
        p, n = patch.place, patch.normal
        wobble = (patch.noise(5, self.seed + 4, tall=5) - 0.5) * 0.07
        covered = _step(p[:, 1] - wobble, self.dip, 130)
        q = patch.local
        inside = (n[:, 0] * q[:, 0] + n[:, 2] * q[:, 2] < 0) | (n[:, 1] > 0.9)
        covered = np.where(inside, 1, covered)
        bare = linear(self.clay) * (0.82 + 0.35 * patch.noise(14, self.seed + 2))[:, None]
        mixed = bare * (1 - covered)[:, None] + albedo * covered[:, None]
        return mixed, 0.12 + (self.gloss - 0.12) * covered

    def _glazed(self, patch: Patch) -> Floats:
        tone = (0.80 + 0.42 * patch.noise(2.2, self.seed))[:, None]
        albedo: Floats = linear(self.colour) * tone
        if self.second:
            over = self._poured(patch)[:, None]
            albedo = albedo * (1 - over) + linear(self.second) * tone * over
        broken = self._broken(patch)
        albedo = albedo * (1 - broken) + linear(self.rim_colour) * broken
        if self.speckle:
            spots = _speckle(patch.place, self.speckle)[:, None]
            albedo = np.where(spots, albedo * 0.28 + linear("#3a2c22") * 0.5, albedo)
        return albedo

    def _broken(self, patch: Patch) -> Floats:
        away = patch.place[:, 1] - self.rim
        if self.edge:
            q = patch.local
            away = np.hypot(q[:, 0], q[:, 2]) - self.edge
        return np.asarray(np.exp(-((away / 0.035) ** 2))[:, None] * 0.75, F)

    def _poured(self, patch: Patch) -> Floats:
        wobble = (patch.noise(3, self.seed + 9, tall=8) - 0.5) * 0.32
        if self.axis == "x":
            q = patch.local
            return _step(q[:, 0] * 0.8 + q[:, 2] * 0.6 + wobble * 0.4, self.pour, 60)
        if self.axis == "r":
            q = patch.local
            return _step(np.hypot(q[:, 0], q[:, 2]) + wobble * 0.4, self.pour, 50)
        return _step(patch.place[:, 1] - wobble, self.pour, 40)


def _speckle(p: Floats, share: float) -> Mask:
    q = p * 34
    index = np.floor(q).astype(np.int32)
    centre = np.stack([cell(index, k) for k in (7, 13, 29)], 1) * 0.6 + 0.2
    gap = np.linalg.norm(q - index - centre, axis=1)
    spots: Mask = (cell(index) < share) & (gap < 0.10 + 0.22 * cell(index, 41))
    return spots


GLAZES = {
    "ash": Glaze("#d6cfc2", speckle=0.05),
    "moss": Glaze("#6e7858", gloss=0.7),
    "ink": Glaze("#2c3b4d", gloss=1.0),
    "rust": Glaze("#9f573a", gloss=0.7),
    "oat": Glaze("#dfd0b2", speckle=0.04),
    "sea": Glaze("#679593", gloss=0.95, rim_colour="#cfd2bd"),
    "honey": Glaze("#b48841", gloss=0.95),
    "rose": Glaze("#c79d93", speckle=0.03),
}
CREAM = "#e4dccb"


@dataclass(frozen=True)
class Plain(Material):
    """One even colour with a little life: wax, cork, tin, wet clay, soil."""

    colour: str
    gloss: float = 0.2
    grain: float = 0.0  # how much the colour varies
    scale: float = 14.0
    tall: float = 1.0

    def paint(self, patch: Patch) -> tuple[Floats, Floats]:
        albedo = np.repeat(linear(self.colour)[None], len(patch.place), 0)
        if self.grain:
            noise = patch.noise(self.scale, 5, tall=self.tall)
            albedo = albedo * (1 + self.grain * (noise - 0.47) * 2)[:, None]
        return np.maximum(albedo, 0), np.full(len(patch.place), self.gloss, F)
