"""Colours: sRGB hex strings in, linear light inside, eight-bit sRGB out."""

from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]
Mask = npt.NDArray[np.bool_]

BACKDROPS = {
    "celadon": ("#e6eeea", "#c9d8d1"),
    "sky": ("#e4eaf0", "#c8d3df"),
    "blush": ("#f1e6e2", "#dfcbc4"),
    "oat": ("#efebe1", "#dad2c2"),
    "slate": ("#e6e8ea", "#c9cdd2"),
}


def linear(colour: str) -> Floats:
    """Linear RGB (three floats, 0 to 1) of an sRGB hex string."""
    digits = colour.lstrip("#")
    srgb = np.array([int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)], np.float32)
    return decode(srgb)


def decode(srgb: Floats) -> Floats:
    """Linear light of sRGB values, both 0 to 1."""
    bright: Floats = ((srgb + 0.055) / 1.055) ** 2.4
    return np.where(srgb <= 0.04045, srgb / 12.92, bright).astype(np.float32)


def encode(light: Floats) -> Floats:
    """sRGB values of linear light, both 0 to 1."""
    light = np.clip(light, 0, 1)
    bright: Floats = 1.055 * np.maximum(light, 1e-6) ** (1 / 2.4) - 0.055
    return np.where(light <= 0.0031308, light * 12.92, bright)


def to_image(light: Floats) -> Image.Image:
    """Picture of an array (height, width, 3) of linear light."""
    return Image.fromarray((encode(light) * 255 + 0.5).astype(np.uint8))
