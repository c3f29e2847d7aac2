"""Shots of tea, candles and the workshops."""

from collections.abc import Iterator, Mapping
from functools import partial

import numpy as np

from shop.demo.imagery import labels
from shop.demo.imagery.camera import View
from shop.demo.imagery.cloth import DYES, Cloth, stripes
from shop.demo.imagery.glaze import GLAZES, Plain
from shop.demo.imagery.light import Material
from shop.demo.imagery.paper import Sheet, Wrap
from shop.demo.imagery.pots import POTS
from shop.demo.imagery.profile import Point, cylinder, solid
from shop.demo.imagery.sdf import Box, Pose, Revolve, Scene, Tube
from shop.demo.imagery.shot import Parts, Shot, glazes_on, turned

# slug: name on the label, motif, ink, accent, tin, backdrop
TEAS = {
    "hedgerow-tea": ("Hedgerow", "berry", "#3f6b4c", "#c4772f", "#20382f", "blush"),
    "breakfast-no-4": (
        "Breakfast No. 4",
        "leaf",
        "#7a3b22",
        "#c4772f",
        "#4a2518",
        "oat",
    ),
    "smoke-and-pine": ("Smoke & Pine", "pine", "#24313a", "#6b7a70", "#1d262c", "sky"),
    "steamed-green": (
        "Steamed Green",
        "wave",
        "#3f6b4c",
        "#8fa36b",
        "#5c7a55",
        "celadon",
    ),
    "white-tips": ("White Tips", "leaf", "#7c7f78", "#b9a77c", "#cfc9bb", "slate"),
    "camomile-meadow": (
        "Camomile Meadow",
        "flower",
        "#8a7433",
        "#d3b25a",
        "#c9a24a",
        "sky",
    ),
    "mint-and-nettle": ("Mint & Nettle", "leaf", "#2f6a5c", "#7fae94", "#2f5f55", "oat"),
    "bergamot-black": (
        "Bergamot Black",
        "slice",
        "#2f4156",
        "#c9a24a",
        "#2f4156",
        "blush",
    ),
    "orchard-rooibos": (
        "Orchard Rooibos",
        "slice",
        "#9f3f24",
        "#d08a4a",
        "#9f4a2c",
        "celadon",
    ),
    "ginger-bramble": (
        "Ginger & Bramble",
        "berry",
        "#5b2f4a",
        "#b4532f",
        "#5b2f4a",
        "oat",
    ),
    "amber-oolong": ("Amber Oolong", "wave", "#8a5a22", "#c9a24a", "#a3702e", "slate"),
    "garden-cold-brew": (
        "Garden Cold Brew",
        "flower",
        "#3a7a80",
        "#d9a79b",
        "#6ea3a0",
        "blush",
    ),
}
BODY, LID = cylinder(0.50, 0, 1.14), cylinder(0.515, 1.0, 1.24, edge=0.045)


def tin(*, scale: float = 1.0, at: Point = (0, 0, 0)) -> Parts:
    return (Revolve(BODY, at, scale=scale), "tin"), (Revolve(LID, at, scale=scale), "lid")


def teas() -> Iterator[Shot]:
    for slug, (name, motif, ink, accent, shade, backdrop) in TEAS.items():
        look = {
            "tin": Wrap(labels.tin(name, motif, ink, accent), 0.10, 0.98, shade),
            "lid": Plain(shade, 0.5),
        }
        yield Shot(partial(Scene, *tin()), {slug: look}, backdrop, View(14, fill=0.66))


def boxed(half: tuple[float, float, float]) -> Scene:
    box = Box(half, (0, half[1], 0), edge=0.015, pose=Pose(turn=-0.35))
    return Scene((box, "box"))


def boxes() -> Iterator[Shot]:
    packs = {
        "tea-sampler-six": ("six teas\nto try", "#20382f", "leaf", "sky"),
        "evening-sampler": ("four teas\nfor evenings", "#5b2f4a", "flower", "oat"),
        "paper-tea-filters": ("100\ntea filters", "#8c7a5c", "wave", "celadon"),
    }
    for slug, (words, base, motif, backdrop) in packs.items():
        texture = labels.card(words, base, "#efe6d2", motif, size=(1000, 1200))
        look = {slug: {"box": Sheet(texture, (0.6, 0.72), base)}}
        yield Shot(partial(boxed, (0.6, 0.72, 0.26)), look, backdrop, View(12, fill=0.66))
    shades = {"ink": "#2f4156", "cream": "#d9cfb8", "rust": "#9f4a2c", "moss": "#5c6b4a"}
    looks = {
        f"tea-caddy-{k}": {"tin": Plain(v, 0.5), "lid": Plain(v, 0.55)} for k, v in shades.items()
    }
    yield Shot(partial(Scene, *tin()), looks, "slate", View(14, fill=0.64))
    tea = Wrap(labels.tin("Hedgerow", "berry", "#3f6b4c", "#c4772f"), 0.10, 0.98, "#20382f")
    cups = glazes_on(POTS["steeping-cup"], "ash moss")
    gift: dict[str, Mapping[str, Material]] = {
        "tea-for-two": {
            "tin": tea,
            "lid": Plain("#20382f", 0.5),
            "a": cups["ash"],
            "b": cups["moss"],
        }
    }
    pair: Parts = (
        (turned(POTS["steeping-cup"], (-0.72, 0, 0.5)), "a"),
        (turned(POTS["steeping-cup"], (0.18, 0, 0.82)), "b"),
    )
    yield Shot(partial(Scene, *tin(at=(0.1, 0, -0.3)), *pair), gift, "blush", View(18, fill=0.8))


WAX, WICK = "#f0e6cf", Plain("#2b2420", 0.0)


def wick(at: Point, height: float = 0.16) -> Parts:
    x, y, z = at
    line = ((x, y - 0.05, z), (x + 0.01, y + height * 0.6, z), (x + 0.03, y + height, z))
    return ((Tube(line, (0.014, 0.011)), "wick"),)


def vessel_candle() -> Scene:
    wax = Revolve(cylinder(0.46, 0.2, 0.66, edge=0.02))
    return Scene((turned(POTS["clay-vessel-candle"]), "pot"), (wax, "wax"), *wick((0, 0.66, 0)))


def refill() -> Scene:
    """Two blocks of wax in paper bands, one with its wick up."""
    block = cylinder(0.44, 0, 0.44, edge=0.03)
    return Scene(
        (Revolve(block), "band"), (Revolve(block, (0, 0.45, 0)), "band"), *wick((0, 0.89, 0))
    )


def travel_tin() -> Scene:
    body, wax = cylinder(0.56, 0, 0.44, edge=0.02), cylinder(0.53, 0.40, 0.45, edge=0.01)
    cap = Revolve(cylinder(0.58, 0, 0.12, edge=0.025), (0.86, 0, 0.5))
    return Scene(
        (Revolve(body), "tin"), (Revolve(wax), "wax"), (cap, "cap"), *wick((0, 0.45, 0), 0.12)
    )


def pillars() -> Scene:
    tall, short = cylinder(0.32, 0, 1.5, edge=0.05), cylinder(0.32, 0, 0.9, edge=0.05)
    spots = (((-0.36, 0, -0.1), tall, 1.5), ((0.38, 0, 0.2), short, 0.9))
    parts: Parts = ()
    for at, body, top in spots:
        parts += ((Revolve(body, at), "wax"), *wick((at[0], top, at[2])))
    return Scene(*parts)


def tapers() -> Scene:
    """A pair of dinner candles lying, tied with thread, and one standing in a holder."""
    taper = solid([(0.01, 0), (0.085, 0.01), (0.085, 0.3), (0.06, 1.9), (0.03, 2.0), (0.01, 2.02)])
    holder = turned(POTS["candle-holder"], (0.0, 0, -0.25))
    standing = Revolve(taper, (0.0, 0.46, -0.25))
    lying = [(Revolve(taper, (-1.0, 0.085, z), lying=True), "wax") for z in (0.45, 0.64)]
    return Scene((holder, "pot"), (standing, "wax"), *lying, *wick((0.0, 2.48, -0.25), 0.1))


def tealights() -> Scene:
    cup, wax = cylinder(0.2, 0, 0.16, edge=0.012), cylinder(0.188, 0.1, 0.168, edge=0.006)
    parts: Parts = ()
    for k in range(12):
        at = ((k % 4 - 1.5) * 0.45, 0, (k // 4 - 1) * 0.45)
        parts += (
            (Revolve(cup, at), "tin"),
            (Revolve(wax, at), "wax"),
            *wick((at[0], 0.17, at[2]), 0.08),
        )
    return Scene(*parts)


SCENTS = {"cedar": "oat", "fig": "moss", "beeswax": "honey", "salt": "sea", "smoke": "ink"}


def candles() -> Iterator[Shot]:
    cream = Plain(WAX, 0.2)
    pot = glazes_on(POTS["clay-vessel-candle"], " ".join(SCENTS.values()))
    looks: dict[str, Mapping[str, Material]] = {
        f"clay-vessel-candle-{scent}": {"pot": pot[glaze], "wax": cream, "wick": WICK}
        for scent, glaze in SCENTS.items()
    }
    yield Shot(vessel_candle, looks, "celadon", View(20, fill=0.62))
    band = Wrap(labels.strip("Refill", "wave", "#2f4156", "#c9a24a"), 0.08, 0.36, WAX, 0.2)
    yield Shot(refill, {"candle-refill": {"band": band, "wick": WICK}}, "oat", View(18, fill=0.58))
    yield from _tins(cream)


def _tins(cream: Plain) -> Iterator[Shot]:
    inks = {"cedar": ("#7a4b2c", "pine"), "fig": ("#4c5a3c", "leaf"), "salt": ("#3a6a70", "wave")}
    looks: dict[str, Mapping[str, Material]] = {
        f"travel-tin-candle-{scent}": {
            "tin": Wrap(
                labels.strip(scent.title(), motif, ink, "#c9a24a"), 0.03, 0.41, "#b9b4a8", 0.7
            ),
            "wax": cream,
            "wick": WICK,
            "cap": Plain("#b9b4a8", 0.8),
        }
        for scent, (ink, motif) in inks.items()
    }
    yield Shot(travel_tin, looks, "sky", View(24, fill=0.72))
    yield Shot(
        tealights,
        {"tealights": {"tin": Plain("#b9b4a8", 0.7), "wax": cream, "wick": WICK}},
        "oat",
        View(40, fill=0.76),
    )


def coloured() -> Iterator[Shot]:
    shades = {"ivory": WAX, "rust": "#a9583a", "moss": "#717c5c"}
    looks: dict[str, Mapping[str, Material]] = {
        f"pillar-candle-{k}": {"wax": Plain(v, 0.3, grain=0.06), "wick": WICK}
        for k, v in shades.items()
    }
    yield Shot(pillars, looks, "blush", View(14, fill=0.66))
    shades |= {"ink": "#34475a", "honey": "#c79a4e"}
    holder = glazes_on(POTS["candle-holder"], "ash")["ash"]
    looks = {
        f"dinner-candles-{k}": {"wax": Plain(v, 0.35), "wick": WICK, "pot": holder}
        for k, v in shades.items()
    }
    yield Shot(tapers, looks, "slate", View(16, fill=0.8))


def wheel() -> Scene:
    """A wet bowl on the wheel head."""
    head = Revolve(cylinder(1.1, 0, 0.12, edge=0.04))
    return Scene(
        (head, "wheel"), (turned(POTS["rice-bowl"], (0, 0.12, 0), scale=1.2), "clay"), blend=0.04
    )


def loom() -> Scene:
    """A small frame loom, half woven."""
    pose = Pose(turn=-0.25, tilt=0.12)
    sides = [
        Box((0.05, 1.0, 0.06), (x * np.cos(0.25), 1.0, x * np.sin(0.25)), edge=0.015, pose=pose)
        for x in (-0.7, 0.7)
    ]
    bars = [
        Box((0.75, 0.05, 0.06), (0, y, (1 - y) * 0.12), edge=0.015, pose=pose) for y in (0.12, 1.9)
    ]
    web = Box((0.6, 0.45, 0.02), (0, 0.62, 0.05), edge=0.012, pose=pose)
    warp = Box((0.6, 0.85, 0.006), (0, 1.0, 0.0), edge=0.004, pose=pose)
    wood: Parts = tuple((box, "wood") for box in (*sides, *bars))
    return Scene(*wood, (web, "web"), (warp, "warp"))


def workshops() -> Iterator[Shot]:
    clay = {"wheel": Plain("#8d8f90", 0.6), "clay": Plain("#9a7a62", 0.85, grain=0.12, scale=3)}
    yield Shot(wheel, {"throwing-evening": clay}, "celadon", View(24, fill=0.8))
    woven = {
        "wood": Plain("#c8a77a", 0.15, grain=0.3, scale=30),
        "web": Cloth(DYES["rust"], stripes(0.3, 0.4), threads=30),
        "warp": Cloth(DYES["natural"], stripes(0.05, 0.5), ground="#efe9dc", threads=20),
    }
    yield Shot(loom, {"weaving-day": woven}, "sky", View(10, fill=0.8))
    bowls: Parts = ()
    look: dict[str, Material] = {}
    leaves = ("#5b3a2c", "#55663a", "#c7a24e")
    for k, (x, z) in enumerate(((-0.7, 0.2), (0.7, 0.3), (0.0, -0.6))):
        heap = Revolve(solid([(0.56, 0.2), (0.5, 0.27), (0.3, 0.33), (0.01, 0.36)]), (x, 0, z))
        bowls += ((turned(POTS["dip-bowl"], (x, 0, z)), f"b{k}"), (heap, f"t{k}"))
        look |= {
            f"b{k}": GLAZES[("ink", "ash", "moss")[k]].on(dip=0.04),
            f"t{k}": Plain(leaves[k], 0.05, grain=1.2, scale=26),
        }
    yield Shot(partial(Scene, *bowls), {"tea-blending-hour": look}, "oat", View(36, fill=0.82))


def shots() -> Iterator[Shot]:
    yield from teas()
    yield from boxes()
    yield from candles()
    yield from coloured()
    yield from workshops()
