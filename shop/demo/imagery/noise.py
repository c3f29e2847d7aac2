"""Smooth seeded noise from one random lattice that repeats every 64 units."""

import numpy as np

from shop.demo.imagery.colour import Floats, Ints

LATTICE = np.random.default_rng(20).random(64**3, dtype=np.float32)


def cell(index: Ints, shift: int = 0) -> Floats:
    """Random number 0 to 1 of each lattice cell (n, 3); another set for every shift."""
    at = index + np.int32(shift)
    flat = ((at[:, 0] & 63) << 12) | ((at[:, 1] & 63) << 6) | (at[:, 2] & 63)
    found: Floats = LATTICE[flat]
    return found


def noise(points: Floats, seed: int = 0) -> Floats:
    """Value noise 0 to 1 at points (n, 3)."""
    moved = points + np.float32(seed * 17.3)
    low = np.floor(moved)
    part = (moved - low).astype(np.float32)
    part = part * part * (3 - 2 * part)
    index = low.astype(np.int32)
    total: Floats = np.zeros(len(points), np.float32)
    for corner in range(8):
        step = np.array([corner >> 2, (corner >> 1) & 1, corner & 1], np.int32)
        weight = np.where(step == 1, part, 1 - part)
        total += weight[:, 0] * weight[:, 1] * weight[:, 2] * cell(index + step)
    return total


def fractal(points: Floats, seed: int = 0, octaves: int = 4) -> Floats:
    """Several octaves of noise, mean near 0.47."""
    layers = [noise(points * 2**k, seed + k) * 0.5 ** (k + 1) for k in range(octaves)]
    total: Floats = np.sum(layers, axis=0)
    return total
