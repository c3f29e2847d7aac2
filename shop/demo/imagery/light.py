"""Studio light: a large soft box on the left, a strip on the right, sky and backdrop bounce."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from PIL import Image

from shop.demo.imagery.camera import KEY, Surface, unit
from shop.demo.imagery.colour import BACKDROPS, Floats, linear, to_image
from shop.demo.imagery.noise import fractal
from shop.demo.imagery.sdf import F, Scene, Shape


@dataclass
class Patch:
    """The visible points of one part, as a material sees them; noise is worked out once."""

    place: Floats
    normal: Floats
    shape: Shape
    memory: dict[tuple[float, float, int], Floats] = field(default_factory=dict)

    @property
    def local(self) -> Floats:
        return self.shape.local(self.place)

    def noise(self, scale: float, seed: int, *, tall: float = 1.0) -> Floats:
        """Fractal noise 0 to 1 over the surface; `tall` stretches it along y."""
        key = (scale, tall, seed)
        if key not in self.memory:
            stretch = np.array([scale, scale / tall, scale], F)
            self.memory[key] = fractal(self.place * stretch, seed)
        return self.memory[key]


class Material(Protocol):
    """Anything that can colour a patch."""

    def paint(self, patch: Patch) -> tuple[Floats, Floats]:
        """Linear colours (n, 3) and gloss (n), 0 matt to 1 glassy."""


def _box(reflected: Floats, towards: tuple[float, ...], size: tuple[float, float]) -> Floats:
    """Strength of a rectangular light in the mirror directions."""
    d = unit(np.array(towards, F))
    side = unit(np.cross(d, [0, 1, 0]))
    x, y = np.abs(reflected @ side) / size[0], np.abs(reflected @ np.cross(side, d)) / size[1]
    return np.asarray(np.clip((1 - np.maximum(x, y)) * 6, 0, 1) * (reflected @ d > 0), F)


class Stage:
    """A traced scene under its light; paints it in any materials quickly."""

    def __init__(self, scene: Scene, surface: Surface) -> None:
        self.surface = surface
        n, towards, ao, sun = surface.normal, surface.towards, surface.open, surface.sun
        facing = np.einsum("ij,ij->i", n, towards)
        diffuse = np.clip((n @ KEY + 0.18) / 1.18, 0, 1) * (0.25 + 0.75 * sun)
        fill = np.clip(n @ unit(np.array([0.8, 0.35, 0.5], F)) * 0.5 + 0.5, 0, 1) * ao
        sky = (n[:, 1] * 0.5 + 0.5) * ao
        tints = np.array([[1.22, 1.16, 1.07], [0.20, 0.215, 0.24], [0.22, 0.22, 0.23]], F)
        self.light: Floats = np.stack([diffuse, fill, sky], 1) @ tints
        self.bounce = ((0.5 - 0.5 * n[:, 1]) * ao * 0.16)[:, None]
        mirror = 2 * facing[:, None] * n - towards
        spec = _box(mirror, (-0.75, 0.62, 0.55), (0.20, 0.34)) * 1.25
        spec += _box(mirror, (0.92, 0.25, 0.25), (0.10, 0.42)) * 0.35
        spec += _box(mirror, (-0.8, -0.22, 0.62), (0.13, 0.62)) * 0.9
        spec += np.clip(mirror[:, 1], 0, 1) ** 2 * 0.22 + 0.10
        fresnel = 0.04 + 0.5 * (1 - np.clip(facing, 0, 1)) ** 5
        self.shine = fresnel * 2.4 * spec * (0.35 + 0.65 * sun) * np.clip(ao * 1.2, 0, 1)
        self.parts = [
            (np.flatnonzero(surface.part == k), name) for k, (_, name) in enumerate(scene.parts)
        ]
        self.patches = [
            Patch(surface.place[own], n[own], shape)
            for (own, _), (shape, _) in zip(self.parts, scene.parts, strict=True)
        ]

    def paint(self, materials: Mapping[str, Material], backdrop: str) -> Image.Image:
        """The finished picture at the traced size."""
        count = len(self.surface.hit)
        albedo, gloss = np.zeros((count, 3), F), np.zeros(count, F)
        for (own, name), patch in zip(self.parts, self.patches, strict=True):
            if len(own):
                albedo[own], gloss[own] = materials[name].paint(patch)
        canvas = self._backdrop(backdrop)
        glow = linear(BACKDROPS[backdrop][0]) * self.bounce
        seen = albedo * (self.light + glow) + (gloss * self.shine)[:, None]
        seen = seen * (1 + seen / 5) / (1 + seen * 0.5) * 1.2
        canvas.reshape(-1, 3)[self.surface.hit] = seen
        return to_image(canvas)

    def _backdrop(self, name: str) -> Floats:
        height, width = self.surface.height, self.surface.width
        top, bottom = (linear(colour) for colour in BACKDROPS[name])
        y, x = np.linspace(0, 1, height)[:, None, None], np.linspace(-1, 1, width)[None, :, None]
        base = (top * (1 - y) + bottom * y) * (1 - 0.05 * (x**2 + (y * 2 - 1) ** 2))
        tinted = self.surface.table[..., None] ** np.array([0.92, 1.0, 1.06], F)
        return np.asarray(base * tinted, F)
