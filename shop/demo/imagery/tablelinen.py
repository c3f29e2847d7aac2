"""Shots of woven things: folded, stacked, rolled, laid flat."""

from collections.abc import Iterator, Mapping
from functools import partial

from shop.demo.imagery.camera import View
from shop.demo.imagery.cloth import (
    DYES,
    Cloth,
    bands,
    check,
    plain,
    stripes,
    windowpane,
)
from shop.demo.imagery.glaze import Plain
from shop.demo.imagery.light import Material
from shop.demo.imagery.profile import cylinder
from shop.demo.imagery.sdf import Box, Pose, Revolve, Scene
from shop.demo.imagery.shot import Parts, Shot


def folded(count: int, half: tuple[float, float], thick: float = 0.075) -> Scene:
    """Folded cloths, one on the other, a little out of line: l0 at the bottom."""
    parts: Parts = ()
    for k in range(count):
        turn = 0.45 + 0.04 * ((k * 7) % 3 - 1)
        at = (0.02 * ((k * 5) % 3 - 1), thick + 2 * thick * k, 0)
        size = (half[0], thick, half[1])
        cloth = Box(size, at, edge=thick * 0.92, pose=Pose(turn=turn), wave=0.006)
        parts += ((cloth, f"l{k}"),)
    return Scene(*parts, blend=0.006)


def fanned(count: int) -> Scene:
    """Square napkins, each turned a little further."""
    parts: Parts = ()
    for k in range(count):
        pose = Pose(turn=0.2 + 0.22 * k)
        at = (0.0, 0.04 + 0.075 * k, 0.0)
        napkin = Box((0.66, 0.038, 0.66), at, edge=0.034, pose=pose, wave=0.004)
        parts += ((napkin, f"l{k}"),)
    return Scene(*parts)


def rolled(length: float, radius: float) -> Scene:
    """A cloth rolled up, its end lying flat in front."""
    roll = Revolve(cylinder(radius, -length / 2, length / 2, edge=0.05), (0, radius, 0), lying=True)
    tail = Box((length / 2, 0.02, 0.5), (0, 0.02, 0.46), edge=0.018, wave=0.004)
    return Scene((roll, "roll"), (tail, "l0"), blend=0.05)


def mats(count: int) -> Scene:
    """Flat mats, spread like cards."""
    parts: Parts = ()
    for k in range(count):
        pose = Pose(turn=0.1 + 0.16 * k)
        at = (-0.16 + 0.14 * k, 0.025 + 0.05 * k, 0.1 - 0.1 * k)
        parts += ((Box((0.92, 0.024, 0.66), at, edge=0.02, pose=pose), f"l{k}"),)
    return Scene(*parts)


def _layers(cloth: Cloth, count: int) -> dict[str, Material]:
    return {f"l{k}": cloth for k in range(count)}


def _roll(cloth: Cloth) -> dict[str, Material]:
    return {"roll": cloth, "l0": cloth}


FLAT = View(30, fill=0.84)


def towels() -> Iterator[Shot]:
    gingham = check(0.12)
    looks: dict[str, Mapping[str, Material]] = {
        f"check-tea-towels-{dye}": _layers(Cloth(DYES[dye], gingham, layers=14), 3)
        for dye in ("rust", "moss", "ink")
    }
    mix = [Cloth(DYES[dye], gingham, layers=14) for dye in ("rust", "moss", "ink")]
    looks["check-tea-towels-mixed"] = {f"l{k}": cloth for k, cloth in enumerate(mix)}
    yield Shot(partial(folded, 3, (0.86, 0.62)), looks, "sky", FLAT)
    looks = {
        f"stripe-tea-towel-{dye}": _layers(
            Cloth(DYES[dye], bands((0.5, 0.62, 0.28), 0.03), layers=14), 1
        )
        for dye in ("ink", "rust", "honey")
    }
    yield Shot(partial(folded, 1, (0.62, 0.9), 0.10), looks, "blush", View(40, fill=0.8))
    looks = {
        f"waffle-tea-towel-{dye}": _layers(Cloth(DYES[dye], waffle=34, layers=14), 2)
        for dye in ("natural", "sea")
    }
    yield Shot(partial(folded, 2, (0.8, 0.62), 0.09), looks, "oat", FLAT)
    cloths: dict[str, Mapping[str, Material]] = {
        "bread-cloth": _layers(Cloth(DYES["ink"], windowpane(0.24), layers=14), 2)
    }
    yield Shot(partial(folded, 2, (0.74, 0.7), 0.06), cloths, "celadon", FLAT)


def napkins() -> Iterator[Shot]:
    looks = {
        f"linen-napkins-{dye}": _layers(Cloth(DYES[dye]), 4)
        for dye in ("natural", "ink", "rust", "moss", "rose")
    }
    yield Shot(partial(fanned, 4), looks, "celadon", View(38, fill=0.78))
    looks = {
        f"check-napkins-{dye}": _layers(Cloth(DYES[dye], windowpane(0.22)), 4)
        for dye in ("rust", "ink")
    }
    yield Shot(partial(fanned, 4), looks, "slate", View(38, fill=0.78))
    looks = {
        f"linen-placemats-{dye}": _layers(Cloth(DYES[dye], bands((0.78,), 0.03), threads=30), 3)
        for dye in ("natural", "ink", "moss")
    }
    yield Shot(partial(mats, 3), looks, "oat", View(38, fill=0.86))
    squares = {"woven-coasters": _layers(Cloth(DYES["rust"], check(0.3), threads=24), 4)}
    yield Shot(partial(fanned, 4), squares, "sky", View(34, fill=0.62))
    pads = {
        f"pot-holders-{dye}": _layers(Cloth(DYES[dye], waffle=20, layers=9), 2)
        for dye in ("ink", "rust")
    }
    yield Shot(partial(folded, 2, (0.66, 0.66), 0.085), pads, "blush", View(38, fill=0.7))


def lengths() -> Iterator[Shot]:
    weaves = {"plain": plain, "stripe": stripes(0.22)}
    looks = {
        f"table-runner-{dye}-{weave}": _roll(Cloth(DYES[dye], pattern))
        for dye in ("natural", "ink", "moss")
        for weave, pattern in weaves.items()
        if (dye, weave) != ("natural", "stripe")
    }
    looks["table-runner-natural-stripe"] = _roll(Cloth(DYES["rust"], stripes(0.22, 0.18)))
    yield Shot(partial(rolled, 1.5, 0.3), looks, "sky", View(30, fill=0.82))
    looks = {
        f"linen-by-the-metre-{dye}": _roll(Cloth(DYES[dye]))
        for dye in ("natural", "ink", "rust", "sea")
    }
    yield Shot(partial(rolled, 2.2, 0.36), looks, "oat", View(26, fill=0.86, round=22))
    looks = {
        f"linen-tablecloth-{dye}": _layers(Cloth(DYES[dye], bands((0.66,), 0.02), layers=12), 4)
        for dye in ("natural", "moss", "rose")
    }
    yield Shot(partial(folded, 4, (0.86, 0.66), 0.085), looks, "slate", View(26, fill=0.82))
    straps = Plain("#6b4a36", 0.2, grain=0.3)
    looks = {
        f"studio-apron-{dye}": {
            "l0": Cloth(DYES[dye], layers=12),
            "l1": Cloth(DYES[dye], layers=12),
            "tie": straps,
        }
        for dye in ("ink", "natural")
    }
    yield Shot(apron, looks, "celadon", View(34, fill=0.8))


def apron() -> Scene:
    """Folded in two, tied with its leather strap."""
    cloths = folded(2, (0.66, 0.86), 0.09).parts
    pose = Pose(turn=0.45)
    around = Box((0.70, 0.2, 0.055), (0, 0.185, 0), edge=0.03, pose=pose)
    along = Box((0.055, 0.2, 0.90), (0, 0.186, 0), edge=0.03, pose=pose)
    return Scene(*cloths, (around, "tie"), (along, "tie"))


def shots() -> Iterator[Shot]:
    yield from towels()
    yield from napkins()
    yield from lengths()
