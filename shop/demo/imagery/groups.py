"""Second views: pieces together in their true sizes, and in use; and the picture of the home page."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from shop.demo.imagery.camera import View
from shop.demo.imagery.cloth import DYES, Cloth, check
from shop.demo.imagery.gathered import GREENERY
from shop.demo.imagery.glaze import GLAZES, Plain
from shop.demo.imagery.light import Material
from shop.demo.imagery.pots import POTS
from shop.demo.imagery.profile import Point, cylinder, solid
from shop.demo.imagery.sdf import Box, Leaves, Pose, Revolve, Scene, Tube
from shop.demo.imagery.shot import Parts, Shot, glazes_on, handle, turned
from shop.demo.imagery.tablelinen import fanned
from shop.demo.imagery.vessels import shallow_teapot

DECIMETRE = 0.1  # scenes in true sizes are measured in decimetres
ALL = ("ash", "moss", "ink", "rust", "oat", "sea", "honey", "rose")


def real(name: str, at: Point, material: str, *, millilitres: float = 0) -> Parts:
    """A pot in its true size, with its handle if it has one."""
    pot = POTS[name]
    scale = pot.cm_per_unit(millilitres) * DECIMETRE
    parts: Parts = ((turned(pot, at, scale=scale), material),)
    if pot.handle:
        c, s = np.cos(0.45), np.sin(0.45)
        points = tuple(
            (x * scale * c + at[0], y * scale + at[1], -x * scale * s + at[2])
            for x, y in pot.handle
        )
        parts += ((handle(points, thick=0.058 * scale, turn=0), material),)
    return parts


def glazed(name: str, glaze: str, *, millilitres: float = 0, lift: float = 0) -> Material:
    """That glaze with rim and foot where `real` puts them."""
    pot = POTS[name]
    scale = pot.cm_per_unit(millilitres) * DECIMETRE
    foot = -0.5 if lift or pot.height < pot.radius * 0.4 else 0.11 * pot.height * scale
    return GLAZES[glaze].on(rim=pot.height * scale + lift, dip=foot)


def branch(foot: Point, tip: Point, *, seed: int, count: int = 9) -> Parts:
    """A stem with leaves on both sides."""
    rng = np.random.default_rng(seed)
    start, end = np.array(foot), np.array(tip)
    bend = (start + end) / 2 + np.array([0.06, 0.05, 0])
    blades = []
    for k in range(count):
        t = 0.42 + 0.58 * k / (count - 1)
        centre = start * (1 - t) + end * t + (bend - (start + end) / 2) * 4 * t * (1 - t)
        side = 1 if k % 2 else -1
        reach = np.array([0.11 * side, 0.05, rng.uniform(-0.06, 0.06)])
        pose = Pose(turn=rng.uniform(-0.4, 0.4), tilt=rng.uniform(0.9, 1.4))
        blades.append((tuple(centre + reach), (0.105, 0.012, 0.07), pose))
    stem = Tube((foot, tuple(bend), tip), (0.018, 0.010))
    return (stem, "stem"), (Leaves(blades), "leaf")


def sizes(name: str, amounts: tuple[float, ...], places: tuple[Point, ...]) -> Scene:
    """One form in several sizes: b0, b1, ..."""
    parts: Parts = ()
    for k, (amount, at) in enumerate(zip(amounts, places, strict=True)):
        parts += real(name, at, f"b{k}", millilitres=amount)
    return Scene(*parts, blend=0.03)


def _sizes_shots() -> Iterator[Shot]:
    mugs, spots = (200.0, 320.0, 450.0), ((-0.98, 0, 0.2), (0.0, 0, 0.0), (1.1, 0, -0.25))
    look = {f"b{k}": glazed("foot-ring-mug", "ash", millilitres=ml) for k, ml in enumerate(mugs)}
    scene = partial(sizes, "foot-ring-mug", mugs, spots)
    yield Shot(scene, {"foot-ring-mug-group": look}, "sky", View(18, fill=0.84), first=False)
    jars, spots = (500.0, 900.0, 1500.0), ((-1.05, 0, 0.45), (0.0, 0, 0.15), (1.15, 0, -0.3))
    look = {f"b{k}": glazed("storage-jar", "oat", millilitres=ml) for k, ml in enumerate(jars)}
    scene = partial(sizes, "storage-jar", jars, spots)
    yield Shot(scene, {"storage-jar-group": look}, "slate", View(18, fill=0.84), first=False)


def _rows() -> Iterator[Shot]:
    spots = tuple(
        ((k % 4 - 1.5) * 0.98 + 0.2 * (k // 4), 0.0, 0.55 - 1.0 * (k // 4)) for k in range(8)
    )
    look = {f"b{k}": glazed("straight-tumbler", glaze) for k, glaze in enumerate(ALL)}
    scene = partial(sizes, "straight-tumbler", (0.0,) * 8, spots)
    yield Shot(scene, {"straight-tumbler-group": look}, "oat", View(26, fill=0.84), first=False)
    six = ("ash", "moss", "ink", "rust", "honey", "sea")
    spots = tuple(((k % 3 - 1) * 0.98, 0.0, 0.5 - 1.0 * (k // 3)) for k in range(6))
    look = {f"b{k}": glazed("dip-bowl", glaze) for k, glaze in enumerate(six)}
    scene = partial(sizes, "dip-bowl", (0.0,) * 6, spots)
    yield Shot(scene, {"dip-bowl-group": look}, "blush", View(52, fill=0.80), first=False)
    five = ("natural", "rose", "rust", "moss", "ink")
    cloths = {f"l{k}": Cloth(DYES[dye]) for k, dye in enumerate(five)}
    napkins = partial(fanned, 5)
    yield Shot(napkins, {"linen-napkins-group": cloths}, "celadon", View(36, fill=0.8), first=False)


def place_setting() -> Scene:
    dinner, side = (
        real("coupe-dinner-plate", (0, 0, 0), "a"),
        real("dipped-side-plate", (0, 0.08, 0), "b"),
    )
    bowl, mug = (
        real("breakfast-bowl", (0, 0.14, 0), "c"),
        real("foot-ring-mug", (1.75, 0, -0.55), "d"),
    )
    return Scene(*dinner, *side, *bowl, *mug)


def in_scale() -> Scene:
    small, large = (
        real("espresso-cup", (-0.52, 0, 0.25), "a"),
        real("foot-ring-mug", (0.42, 0, -0.1), "b"),
    )
    return Scene(*small, *large, blend=0.02)


def fruit(pot: str, radius: float, count: int, spread: float, lift: float) -> Scene:
    """A dish with round things in it."""
    rng = np.random.default_rng(count)
    balls = []
    for k in range(count):
        ring, a = spread * (0.05 if k == 0 else 0.85), k * 2.4
        centre = (ring * np.cos(a), lift + radius * (0.9 if k == 0 else 0.85), ring * np.sin(a))
        half = (radius * 1.22, radius, radius)
        balls.append((centre, half, Pose(turn=rng.uniform(0, 3))))
    return Scene((turned(POTS[pot]), "pot"), (Leaves(balls), "fruit"))


def olives() -> Scene:
    dish = turned(POTS["olive-dish"], stretch=2.3)
    balls = [
        ((x * 0.19 - 0.76, 0.19, 0.07 * (-1) ** x), (0.10, 0.085, 0.085), Pose(turn=x))
        for x in range(9)
    ]
    return Scene((dish, "pot"), (Leaves(balls), "fruit"))


def cake() -> Scene:
    top = POTS["cake-stand"].height
    sponge = Revolve(cylinder(0.78, top + 0.0, top + 0.42, edge=0.06))
    cream = Revolve(cylinder(0.80, top + 0.19, top + 0.24, edge=0.02))
    return Scene((turned(POTS["cake-stand"]), "pot"), (sponge, "cake"), (cream, "cream"))


def vase_with_branches() -> Scene:
    pot = turned(POTS["shoulder-vase"])
    twigs = [
        branch((0.0, 1.2, 0.0), tip, seed=k)
        for k, tip in enumerate(((-0.7, 2.7, 0.1), (0.25, 3.0, -0.2), (0.8, 2.4, 0.2)))
    ]
    return Scene((pot, "pot"), *[part for twig in twigs for part in twig])


def candle_row() -> Scene:
    taper = solid([(0.01, 0), (0.085, 0.01), (0.085, 0.3), (0.06, 1.5), (0.03, 1.58), (0.01, 1.6)])
    parts: Parts = ()
    for k, (x, z) in enumerate(((-0.95, 0.2), (0.0, -0.25), (0.95, 0.3))):
        wick = ((x, 2.0, z), (x + 0.02, 2.14, z))
        parts += ((turned(POTS["candle-holder"], (x, 0, z)), f"b{k}"),)
        parts += ((Revolve(taper, (x, 0.46, z)), f"t{k}"), (Tube(wick, (0.014, 0.011)), "wick"))
    return Scene(*parts)


def _in_use() -> Iterator[Shot]:
    look: dict[str, Material] = {
        "a": glazed("coupe-dinner-plate", "ink"),
        "b": glazed("dipped-side-plate", "ash"),
        "c": glazed("breakfast-bowl", "sea", lift=0.14),
        "d": glazed("foot-ring-mug", "ash"),
    }
    yield Shot(
        place_setting, {"coupe-dinner-plate-group": look}, "oat", View(30, fill=0.86), first=False
    )
    look = {"a": glazed("espresso-cup", "rust"), "b": glazed("foot-ring-mug", "ash")}
    yield Shot(in_scale, {"espresso-cup-group": look}, "blush", View(18, fill=0.74), first=False)
    vase = {"pot": glazes_on(POTS["shoulder-vase"], "honey")["honey"], **GREENERY}
    branches = {"shoulder-vase-group": vase}
    yield Shot(vase_with_branches, branches, "slate", View(10, fill=0.82), first=False)
    shades = {"t0": "#a9583a", "t1": "#f0e6cf", "t2": "#34475a"}
    row: dict[str, Material] = {"wick": Plain("#2b2420", 0.0)}
    row |= {k: Plain(v, 0.35) for k, v in shades.items()}
    row |= {
        f"b{k}": glazes_on(POTS["candle-holder"], g)[g]
        for k, g in enumerate(("sea", "ash", "rust"))
    }
    yield Shot(candle_row, {"candle-holder-group": row}, "slate", View(14, fill=0.82), first=False)


def _filled() -> Iterator[Shot]:
    """Dishes with food in them."""
    lemon = Plain("#d9b23a", 0.35, grain=0.12, scale=30)
    ink = glazes_on(POTS["serving-bowl"], "ink")["ink"]
    look: dict[str, Material] = {"pot": ink, "fruit": lemon}
    lemons = partial(fruit, "serving-bowl", 0.21, 7, 0.66, 0.14)
    yield Shot(lemons, {"serving-bowl-group": look}, "sky", View(28, fill=0.8), first=False)
    olive = Plain("#6f7338", 0.7, grain=0.2, scale=8)
    look = {"pot": glazes_on(POTS["olive-dish"], "oat", flat=True)["oat"], "fruit": olive}
    yield Shot(olives, {"olive-dish-group": look}, "blush", View(42, fill=0.82), first=False)
    look = {
        "pot": glazes_on(POTS["cake-stand"], "rose", flat=True)["rose"],
        "cake": Plain("#c9975a", 0.05, grain=0.35, scale=16),
        "cream": Plain("#f5efe2", 0.2),
    }
    yield Shot(cake, {"cake-stand-group": look}, "celadon", View(20, fill=0.8), first=False)


def table() -> Scene:
    """A laid table: teapot, bowls, mugs, a plate on linen, a vase with branches."""
    pot = shallow_teapot()
    for shape, _ in pot.parts:
        _shift(shape, (-1.15, 0.0, -0.35))
    bowls: Parts = tuple(
        (turned(POTS["nesting-bowl"], (1.6, 0.135 * k, -0.1), scale=1.0), f"b{k}") for k in range(3)
    )
    vase = turned(POTS["bottle-vase"], (0.25, 0, -1.05), scale=0.95)
    twigs = [
        *branch((0.25, 1.5, -1.05), (-0.35, 2.75, -1.0), seed=4),
        *branch((0.25, 1.5, -1.05), (0.85, 2.6, -1.1), seed=6),
    ]
    cup = turned(POTS["steeping-cup"], (-0.05, 0, 0.75), scale=0.9)
    cup2 = turned(POTS["steeping-cup"], (0.66, 0, 1.2), scale=0.9)
    cloth = Box(
        (0.8, 0.035, 0.5), (-1.35, 0.035, 1.05), edge=0.03, pose=Pose(turn=0.35), wave=0.004
    )
    return Scene(
        *[(shape, "teapot") for shape, _ in pot.parts], *bowls, (vase, "vase"), *twigs,
        (cup, "cup"), (cup2, "cup2"), (cloth, "cloth"), blend=0.03,
    )  # fmt: skip


def _shift(shape: object, by: Point) -> None:
    """Moves a shape that was built at the origin."""
    if isinstance(shape, Tube):
        shape.line = (shape.line + np.array(by)).astype(np.float32)
    elif isinstance(shape, Revolve):
        shape.at = (shape.at + np.array(by)).astype(np.float32)
    if isinstance(shape, Tube | Revolve):
        shape.low, shape.high = shape.low + np.array(by), shape.high + np.array(by)


def _hero() -> Shot:
    look: dict[str, Material] = {
        "teapot": GLAZES["ink"].on(dip=0.1),
        "vase": GLAZES["sea"].on(rim=1.77, dip=0.2),
        "cup": GLAZES["rust"].on(rim=0.61, dip=0.07),
        "cup2": GLAZES["ash"].on(rim=0.61, dip=0.07),
        "cloth": Cloth(DYES["rust"], check(0.11), layers=14),
        "b0": GLAZES["moss"].on(rim=0.6, dip=0.1),
        "b1": GLAZES["oat"].on(rim=0.73, dip=-0.5),
        "b2": GLAZES["honey"].on(rim=0.87, dip=-0.5),
        **GREENERY,
    }
    view = View(17, fill=0.84)
    return Shot(table, {"hero": look}, "celadon", view, size=(1600, 1280))


def shots() -> Iterator[Shot]:
    yield from _sizes_shots()
    yield from _rows()
    yield from _in_use()
    yield from _filled()
    yield _hero()
