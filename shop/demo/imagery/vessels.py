"""Scenes of stoneware made of several pieces: lids, spouts, saucers, stacks and sets."""

import numpy as np

from shop.demo.imagery.pots import POTS
from shop.demo.imagery.profile import Point, cylinder, solid, vessel
from shop.demo.imagery.sdf import Box, Leaves, Pose, Revolve, Scene, Shape, Tube
from shop.demo.imagery.shot import Parts, handle, turned

SPOUT = ((0.55, 0.30), (0.78, 0.44), (0.92, 0.68), (1.02, 0.80))
BACK = ((-0.56, 0.62), (-0.82, 0.74), (-1.0, 0.58), (-0.94, 0.32), (-0.66, 0.22))


def lid(radius: float, height: float, x: float = 0, z: float = 0) -> Revolve:
    """A domed lid with a knob, resting at that height."""
    r, h = radius, height
    points: list[Point] = [
        (0.01, h - 0.01),
        (r - 0.03, h - 0.005),
        (r, h + 0.02),
        (r - 0.05, h + 0.07),
        (r * 0.42, h + 0.12),
        (0.07, h + 0.16),
        (0.09, h + 0.22),
        (0.06, h + 0.27),
        (0.01, h + 0.28),
    ]
    return Revolve(solid(points), (x, 0, z))


def _spout(points: tuple[Point, ...], wide: float = 0.14) -> Tube:
    return Tube(points, [wide, wide * 0.72, wide * 0.54, wide * 0.44], turn=0.25)


def _moved(points: tuple[Point, ...], x: float, y: float, grow: float = 1.0) -> tuple[Point, ...]:
    return tuple((q[0] * grow + x, q[1] * grow + y) for q in points)


def shallow_teapot() -> Scene:
    body = turned(POTS["shallow-teapot"])
    loop = Tube(BACK, [0.06, 0.055, 0.05, 0.05, 0.055], turn=0.25)
    return _pot(body, lid(0.35, 0.85), _spout(SPOUT), loop)


def round_teapot() -> Scene:
    body = turned(POTS["round-teapot"])
    spout, back = _moved(SPOUT, 0.08, 0.12, 1.05), _moved(BACK, -0.08, 0.2, 1.02)
    loop = Tube(back, [0.065, 0.058, 0.052, 0.052, 0.058], turn=0.25)
    return _pot(body, lid(0.34, 1.11), _spout(spout, 0.15), loop)


def coffee_pot() -> Scene:
    spout = ((0.44, 0.42), (0.66, 0.58), (0.76, 0.92), (0.86, 1.16))
    back = ((-0.40, 1.12), (-0.72, 1.18), (-0.86, 0.90), (-0.80, 0.56), (-0.50, 0.40))
    loop = Tube(back, [0.06, 0.055, 0.05, 0.05, 0.055], turn=0.25)
    return _pot(turned(POTS["tall-coffee-pot"]), lid(0.36, 1.35), _spout(spout, 0.12), loop)


def _pot(*shapes: Shape) -> Scene:
    parts: Parts = tuple((shape, "pot") for shape in shapes)
    return Scene(*parts, blend=0.05)


def jug(name: str) -> Scene:
    """A jug: a body with a handle, and a lip pulled at the rim."""
    pot = POTS[name]
    r, h = pot.outer[-1][0], pot.height
    lip = Tube(
        ((-r * 0.55, h - 0.13), (-r * 1.0, h - 0.05), (-r * 1.32, h + 0.03)),
        [0.10, 0.085, 0.03],
        turn=0.45,
    )
    body = turned(pot)
    if pot.handle:
        return _pot(body, handle(pot.handle), lip)
    return _pot(body, lip)


def lugged_bowl() -> Scene:
    right = ((0.64, 0.46), (0.86, 0.48), (0.88, 0.38), (0.66, 0.34))
    left = tuple((-q[0], q[1]) for q in right)
    loops = [Tube(points, [0.055, 0.05, 0.05, 0.055], turn=0.3) for points in (right, left)]
    return _pot(turned(POTS["lugged-soup-bowl"]), *loops)


def lidded(name: str, radius: float) -> Scene:
    pot = POTS[name]
    return Scene((turned(pot), "pot"), (lid(radius, pot.height + 0.02), "lid"), blend=0.01)


def corked(name: str) -> Scene:
    h = POTS[name].height
    stopper = solid(
        [(0.11, h - 0.1), (0.115, h), (0.135, h + 0.14), (0.12, h + 0.17), (0.01, h + 0.18)]
    )
    return Scene((turned(POTS[name]), "pot"), (Revolve(stopper), "cork"))


def storage_jar() -> Scene:
    h = POTS["storage-jar"].height
    cork = cylinder(0.455, h - 0.08, h + 0.12, edge=0.02)
    return Scene((turned(POTS["storage-jar"]), "pot"), (Revolve(cork), "cork"))


def honey_pot() -> Scene:
    dipper = Tube(((0.02, 0.5), (0.16, 0.86), (0.32, 1.24)), [0.035, 0.03, 0.038])
    knob = Revolve(solid([(0.02, 0.2), (0.11, 0.28), (0.11, 0.42), (0.02, 0.5)]), (0.0, 0.04, 0))
    return Scene((turned(POTS["honey-pot"]), "pot"), (dipper, "cork"), (knob, "cork"))


def dripper() -> Scene:
    """The dripper on its own stand, over a tumbler."""
    stand = Revolve(cylinder(0.46, 0.86, 0.92, edge=0.03))
    cone = turned(POTS["pour-over-dripper"], (0, 0.9, 0))
    cup = turned(POTS["straight-tumbler"])
    return Scene((cup, "cup"), (stand, "pot"), (cone, "pot"), blend=0.03)


def cup_and_saucer() -> Scene:
    pot = POTS["espresso-cup"]
    cup = turned(pot, (0, 0.07, 0))
    loop = handle(_moved(pot.handle, 0, 0.07), thick=0.045)
    saucer = turned(POTS["spare-saucer"], scale=0.86)
    return Scene((cup, "pot"), (loop, "pot"), (saucer, "saucer"), blend=0.02)


def stack(name: str, step: float, count: int = 3) -> Scene:
    """The same pot stacked, each with a material of its own: b0, b1, ..."""
    return Scene(*[(turned(POTS[name], (0, step * k, 0)), f"b{k}") for k in range(count)])


def trio(name: str, places: tuple[Point, ...], sizes: tuple[float, ...] = (1, 1, 1)) -> Scene:
    pots = [turned(POTS[name], at, scale=size) for at, size in zip(places, sizes, strict=True)]
    return Scene(*[(pot, f"b{k}") for k, pot in enumerate(pots)])


def plate_set() -> Scene:
    """Four of each plate and bowl, stacked."""
    dinner = [(turned(POTS["coupe-dinner-plate"], (0, 0.085 * k, 0)), "plate") for k in range(4)]
    side = [
        (turned(POTS["dipped-side-plate"], (0, 0.37 + 0.08 * k, 0), scale=0.86), "plate")
        for k in range(4)
    ]
    bowl = [
        (turned(POTS["breakfast-bowl"], (0, 0.70 + 0.17 * k, 0), scale=0.78), "plate")
        for k in range(4)
    ]
    return Scene(*dinner, *side, *bowl)


def lids() -> Scene:
    spots = ((-0.46, 0.3, "b0"), (0.46, 0.42, "b1"), (0.05, -0.42, "b2"))
    return Scene(*[(lid(0.35, 0.02, x, z), name) for x, z, name in spots])


def planted(name: str, *, saucer: bool = False, soil: float = 0.82) -> Scene:
    """A planter with earth and a young plant in it."""
    pot = POTS[name]
    level = pot.height * soil
    earth = Revolve(cylinder(pot.outer[-1][0] * 0.93, level - 0.25, level, edge=0.03))
    parts: Parts = ((turned(pot), "pot"), (earth, "soil"), *plant(level, pot.radius))
    if saucer:
        parts += ((turned(POTS["planter-saucer"]), "saucer"),)
    return Scene(*parts)


def plant(
    level: float, spread: float, *, seed: int = 3, count: int = 15, foot: Point = (0, 0)
) -> Parts:
    """Stems with broad leaves, growing from that level at the foot (x, z)."""
    dx, dz = foot
    rng = np.random.default_rng(seed)
    blades, stems = [], []
    for k in range(count):
        angle, high = k * 2.4 + rng.uniform(-0.2, 0.2), level + rng.uniform(0.3, 0.95) * spread
        out = spread * (0.25 + 0.55 * rng.random()) * (1.15 - 0.3 * (high - level))
        x, z = out * np.cos(angle), out * np.sin(angle)
        size = spread * rng.uniform(0.17, 0.26)
        pose = Pose(turn=angle - np.pi / 2, tilt=rng.uniform(-0.7, -0.15))
        blades.append(((x + dx, high, z + dz), (size * 0.62, 0.018, size), pose))
        low, bend, tip = (0.15, level - 0.05), (0.45, high - 0.18), (0.9, high)
        way = [(share * x + dx, y, share * z + dz) for share, y in (low, bend, tip)]
        stems.append(Tube(way, (0.016, 0.012)))
    return ((Leaves(blades), "leaf"), *[(stem, "stem") for stem in stems])


def hanging() -> Scene:
    """The hanging planter on its three cords."""
    cords: Parts = ()
    for x, z in ((0.62, 0.1), (-0.62, 0.1), (0.0, -0.62)):
        knot = ((x, 0.66, z), (x * 0.8, 1.1, z * 0.8), (x * 0.06, 2.2, z * 0.06))
        cords += ((Tube(knot, (0.03, 0.018, 0.018)), "rope"),)
    earth = Revolve(cylinder(0.56, 0.4, 0.64, edge=0.03))
    pot = turned(POTS["hanging-planter"])
    return Scene((pot, "pot"), (earth, "soil"), *cords, *plant(0.62, 0.5, seed=9, count=11))


def trough() -> Scene:
    """A long box of herbs."""
    pose = Pose(turn=0.35)
    outer = Box((1.05, 0.34, 0.38), (0, 0.34, 0), edge=0.06, pose=pose)
    earth = Box((0.98, 0.05, 0.31), (0, 0.66, 0), edge=0.03, pose=pose)
    herbs: Parts = ()
    for k, along in enumerate((-0.64, 0.0, 0.64)):
        foot = (along * np.cos(0.35), -along * np.sin(0.35))
        herbs += plant(0.68, 0.42, seed=20 + k, count=8, foot=foot)
    return Scene((outer, "pot"), (earth, "soil"), *herbs)


def chamberstick() -> Scene:
    """A candle holder with a dish and a ring to carry it by."""
    dish = turned(POTS["chamberstick"])
    socket = Revolve(vessel([(0.26, 0.04), (0.20, 0.14), (0.20, 0.36), (0.23, 0.44)], wall=0.06))
    ring = ((0.72, 0.12), (0.92, 0.26), (1.08, 0.20), (1.06, 0.06), (0.84, 0.06))
    return _pot(dish, socket, Tube(ring, [0.05, 0.045, 0.045, 0.05], turn=0.5))


def match_jar() -> Scene:
    """A jar of long matches, some with their heads up."""
    rng = np.random.default_rng(2)
    parts: Parts = ((turned(POTS["match-jar"]), "pot"),)
    for k in range(13):
        angle, lean = k * 2.4, 0.06 + 0.2 * rng.random()
        x, z, top = np.cos(angle) * lean, np.sin(angle) * lean, 1.05 + rng.uniform(-0.06, 0.05)
        parts += ((Tube(((x, 0.1, z), (x * 1.3, top, z * 1.3)), (0.022, 0.022)), "wood"),)
        tip = ((x * 1.29, top - 0.05, z * 1.29), (x * 1.3, top + 0.02, z * 1.3))
        parts += ((Tube(tip, (0.03, 0.034)), "head"),)
    return Scene(*parts)


def spikes() -> Scene:
    """Two watering spikes of bare clay, one standing on its cork, one lying."""
    body = solid([(0.01, 0), (0.16, 0.06), (0.26, 0.3), (0.20, 0.7), (0.05, 1.5), (0.01, 1.56)])
    standing = Revolve(body[::1], (-0.2, 0.12, -0.2))
    cap = Revolve(cylinder(0.14, 0, 0.16, edge=0.03), (-0.2, 0, -0.2))
    lying = Revolve(body, (-0.5, 0.26, 0.5), lying=True)
    return Scene((standing, "pot"), (cap, "cork"), (lying, "pot"))


def cord() -> Scene:
    """A coil of jute cord with a brass ring."""
    turns = np.linspace(0, 6 * np.pi, 36)
    coil = [
        (
            (0.5 + 0.05 * np.sin(t * 0.7)) * np.cos(t),
            0.05 + t * 0.008,
            (0.5 + 0.05 * np.cos(t * 0.9)) * np.sin(t),
        )
        for t in turns
    ]
    return Scene((Tube(coil, (0.045, 0.045)), "rope"))
