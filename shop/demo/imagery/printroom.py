"""Shots of prints, notebooks, cards, wrapping and boxes."""

from collections.abc import Iterator, Mapping
from functools import partial

from shop.demo.imagery import labels
from shop.demo.imagery.art import DESIGNS, design
from shop.demo.imagery.camera import View
from shop.demo.imagery.cloth import DYES, Cloth, check
from shop.demo.imagery.glaze import GLAZES, Plain
from shop.demo.imagery.light import Material
from shop.demo.imagery.paper import Pages, Sheet, Texture, Wrap
from shop.demo.imagery.profile import Point, cylinder
from shop.demo.imagery.sdf import Box, Pose, Revolve, Scene
from shop.demo.imagery.shot import Parts, Shot

INK, RUST, MOSS, HONEY, CREAM = "#2f4156", "#b4532f", "#33493f", "#c9a24a", "#e9dcc3"
BACKDROPS = ("slate", "sky", "celadon", "blush", "oat", "slate")


def framed() -> Scene:
    pose = Pose(turn=-0.28, tilt=0.06)
    return Scene((Box((0.74, 1.0, 0.035), (0, 1.0, 0), edge=0.008, pose=pose), "p"))


def unframed() -> Scene:
    """The sheet alone, held upright in an oak block."""
    pose = Pose(turn=-0.28)
    sheet = Box((0.68, 0.95, 0.006), (0, 1.02, 0), edge=0.004, pose=pose)
    block = Box((0.34, 0.06, 0.09), (0, 0.06, 0), edge=0.015, pose=pose)
    return Scene((sheet, "p"), (block, "block"))


def prints() -> Iterator[Shot]:
    oak, bare, black = "#c8a77a", "#f7f2e6", "#262523"
    view, block = View(6, fill=0.66), Plain("#c8a77a", 0.15, grain=0.3, scale=30, tall=1 / 6)
    for name, backdrop in zip(DESIGNS, BACKDROPS * 2, strict=True):
        art = Texture(design(name))
        looks: dict[str, Mapping[str, Material]] = {
            f"{name}-print-{wood}": {
                "p": Sheet(art, (0.50, 0.70), side, outer=(0.74, 1.0), frame=0.06, grain=grain)
            }
            for wood, side, grain in (("oak", oak, 0.22), ("black", black, 0.1))
        }
        yield Shot(framed, looks, backdrop, view)
        sheet = Sheet(art, (0.62, 0.868), bare, outer=(0.68, 0.95), border=bare)
        yield Shot(unframed, {f"{name}-print-none": {"p": sheet, "block": block}}, backdrop, view)


def two_books() -> Scene:
    lower = Box((0.56, 0.075, 0.76), (0.06, 0.075, 0), edge=0.012, pose=Pose(turn=0.38))
    upper = Box((0.56, 0.065, 0.76), (-0.02, 0.215, 0.02), edge=0.012, pose=Pose(turn=0.62))
    return Scene((lower, "a"), (upper, "b"))


def one_book(half: tuple[float, float], thick: float) -> Scene:
    box = Box((half[0], thick, half[1]), (0, thick, 0), edge=0.012, pose=Pose(turn=0.5))
    return Scene((box, "a"))


def _book(base: str, ink: str, art: str, spine: str = "#2b2622", *, thick: float = 0.055) -> Pages:
    return Pages(labels.cover(base, ink, art), (0.56, 0.76), spine, thick)


def books() -> Iterator[Shot]:
    pairs = {
        "meadow": (MOSS, CREAM, HONEY),
        "kiln": (RUST, CREAM, INK),
        "sky": (INK, CREAM, "#9fb7b3"),
    }
    looks: dict[str, Mapping[str, Material]] = {
        f"ring-notebooks-{name}": {"a": _book(third, base, "rings"), "b": _book(base, ink, "rings")}
        for name, (base, ink, third) in pairs.items()
    }
    yield Shot(two_books, looks, "blush", View(42, fill=0.8))
    shades = {"rust": RUST, "ink": INK, "moss": "#5d7a5c", "honey": HONEY}
    looks = {
        f"pocket-notebook-{k}": {"a": _book(v, CREAM, "dots", thick=0.05)}
        for k, v in shades.items()
    }
    yield Shot(partial(one_book, (0.56, 0.76), 0.055), looks, "sky", View(44, fill=0.68))
    looks = {
        "week-planner": {"a": _book("#dcd3c2", INK, "lines", RUST, thick=0.09)},
        "recipe-book": {"a": _book("#a9583a", CREAM, "leaf", thick=0.09)},
        "kiln-log": {"a": _book("#3d4a44", "#cbb28a", "wave", thick=0.09)},
    }
    for name, backdrop in zip(looks, ("celadon", "oat", "slate"), strict=True):
        yield Shot(
            partial(one_book, (0.56, 0.76), 0.10),
            {name: looks[name]},
            backdrop,
            View(40, fill=0.74),
        )
    pad = {
        "desk-notepad": {
            "a": Sheet(
                labels.cover("#f4efe3", "#c9d3d6", "lines"), (0.56, 0.76), "#efe7d6", face="xz"
            )
        }
    }
    yield Shot(partial(one_book, (0.56, 0.76), 0.12), pad, "blush", View(46, fill=0.72))


def spread(places: tuple[Point, ...], half: tuple[float, float], thick: float = 0.012) -> Scene:
    """Flat cards: (x, z, turn) each, later ones on top."""
    parts: Parts = ()
    for k, (x, z, turn) in enumerate(places):
        at = (x, thick + 2.2 * thick * k, z)
        parts += ((Box((half[0], thick, half[1]), at, edge=0.004, pose=Pose(turn=turn)), f"c{k}"),)
    return Scene(*parts)


FOUR = ((-0.5, -0.28, 0.2), (0.42, -0.34, -0.12), (-0.28, 0.42, -0.18), (0.5, 0.36, 0.14))


def _cards(half: tuple[float, float], *textures: Texture) -> dict[str, Material]:
    return {f"c{k}": Sheet(texture, half, face="xz") for k, texture in enumerate(textures)}


TOP = View(58, fill=0.82)


def _card_fronts() -> Iterator[tuple[str, str, list[Texture]]]:
    """Sets of four cards: picture, backdrop and what is printed on them."""
    shades = {"ash": "#a89b86", "moss": "#6b7a52", "ink": INK, "rust": "#a4532f"}
    tiles = [labels.card(words, base, CREAM, "wave") for words, base in shades.items()]
    yield "glaze-tile-cards", "oat", tiles
    plants = (
        ((MOSS, HONEY), "leaf"),
        ((RUST, INK), "berry"),
        (("#d9a79b", MOSS), "flower"),
        ((MOSS, "#86a06b"), "pine"),
    )
    hedgerow = [labels.pattern("#f1ead9", inks, motif) for inks, motif in plants]
    yield "hedgerow-cards", "sky", hedgerow
    thanks = (
        ("thank\nyou", "#d9a79b", INK),
        ("thanks", CREAM, RUST),
        ("thank\nyou", "#b8cfc6", INK),
        ("many\nthanks", HONEY, "#2b2622"),
    )
    words = [labels.card(text, base, ink, "flower") for text, base, ink in thanks]
    yield "thank-you-cards", "celadon", words
    posts = [Texture(design(name)) for name in ("low-tide", "tide-chart", "hill-lines", "orchard")]
    yield "print-postcards", "slate", posts


def cards() -> Iterator[Shot]:
    half = (0.44, 0.6)
    for name, backdrop, textures in _card_fronts():
        yield Shot(partial(spread, FOUR, half), {name: _cards(half, *textures)}, backdrop, TOP)
    small = (0.28, 0.42)
    inks = (("#d8c7a2", INK), (INK, CREAM), ("#b4532f", CREAM), ("#8a9b7a", CREAM))
    tags = [labels.card("for", base, ink, "leaf", size=(600, 900)) for base, ink in inks]
    yield Shot(partial(spread, FOUR, small), {"gift-tags": _cards(small, *tags)}, "oat", TOP)
    large = (0.92, 0.58)
    for name, words, base in (
        ("digital-gift-card", "Marl & Weft\na gift for you", "#23399b"),
        ("posted-gift-card", "Marl & Weft\ngift card", "#6b7a52"),
    ):
        texture = labels.card(words, base, CREAM, "leaf", size=(1260, 800))
        look = {name: _cards(large, texture)}
        one = partial(spread, ((0, 0, 0.3),), large, 0.02)
        yield Shot(one, look, "celadon", View(48, fill=0.8))


def letters() -> Iterator[Shot]:
    sheet = labels.cover("#f4efe3", "#c9d3d6", "lines")
    envelope = labels.card("", "#b8cfc6", INK, "leaf", size=(1260, 900))
    letter = {
        "c0": Sheet(sheet, (0.62, 0.8), face="xz"),
        "c1": Sheet(envelope, (0.62, 0.44), "#b8cfc6", face="xz", border="#b8cfc6"),
    }
    two = partial(spread, ((-0.2, -0.1, 0.1), (0.24, 0.44, -0.12)), (0.62, 0.62))
    yield Shot(two, {"letter-set": letter}, "blush", View(56, fill=0.76))
    wall = {
        "p": Sheet(labels.calendar(), (0.68, 0.95), outer=(0.7, 0.97)),
        "block": Plain("#c8a77a", 0.15, grain=0.3),
    }
    yield Shot(unframed, {"wall-calendar": wall}, "sky", View(6, fill=0.66))


def rolls() -> Iterator[Shot]:
    designs = {
        "leaf": ("#e9e2d0", (MOSS, HONEY), "leaf"),
        "berry": ("#2f4156", ("#d9a79b", CREAM), "berry"),
        "wave": ("#b8cfc6", (INK, "#f4efe3"), "wave"),
    }
    looks = {
        f"wrapping-paper-{k}": {"p": Wrap(labels.pattern(*v), -0.9, 0.9, "#efe7d6", turns=0.5)}
        for k, v in designs.items()
    }
    yield Shot(two_rolls, looks, "blush", View(34, fill=0.84, round=24))


def two_rolls() -> Scene:
    body = cylinder(0.16, -0.9, 0.9, edge=0.012)
    spots = ((0, 0.16, -0.22), (0.06, 0.16, 0.14), (0.02, 0.43, -0.04))
    return Scene(*[(Revolve(body, at, lying=True), "p") for at in spots])


def box_with_bow() -> Scene:
    pose = Pose(turn=0.5)
    box = Box((0.7, 0.34, 0.6), (0, 0.34, 0), edge=0.02, pose=pose)
    top = Box((0.73, 0.10, 0.63), (0, 0.66, 0), edge=0.02, pose=pose)
    return Scene((box, "box"), (top, "top"), *ribbon(0.745, 0.77, 0.645, pose))


def ribbon(x: float, y: float, z: float, pose: Pose) -> Parts:
    across = Box((x, y / 2 + 0.01, 0.06), (0, y / 2, 0), edge=0.01, pose=pose)
    along = Box((0.06, y / 2 + 0.01, z), (0, y / 2, 0), edge=0.01, pose=pose)
    knot = Revolve(cylinder(0.09, y, y + 0.07, edge=0.03))
    return (across, "tie"), (along, "tie"), (knot, "tie")


def wrapped() -> Scene:
    """A parcel in cloth, tied crosswise."""
    pose = Pose(turn=0.5)
    parcel = Box((0.72, 0.3, 0.6), (0, 0.3, 0), edge=0.12, pose=pose, wave=0.012)
    return Scene((parcel, "box"), *ribbon(0.73, 0.6, 0.61, pose))


def parcels() -> Iterator[Shot]:
    tie, kraft = Plain("#9f573a", 0.2), Plain("#c4a680", 0.08, grain=0.16, scale=30)
    looks = {"gift-box": {"box": kraft, "top": kraft, "tie": Plain("#23399b", 0.25)}}
    yield Shot(box_with_bow, looks, "sky", View(26, fill=0.74))
    cloth = Cloth(DYES["rust"], check(0.16), threads=30)
    wraps: dict[str, Mapping[str, Material]] = {
        "gift-wrapping-cloth": {"box": cloth, "tie": cloth},
        "gift-wrapping-paper": {"box": kraft, "tie": tie},
    }
    yield Shot(wrapped, wraps, "oat", View(28, fill=0.74))
    glazed = {
        f"c{k}": GLAZES[name].on(dip=-0.5) for k, name in enumerate(("ash", "sea", "rust", "ink"))
    }
    tiles = partial(spread, FOUR, (0.4, 0.4), 0.05)
    yield Shot(tiles, {"glaze-a-tile-morning": glazed}, "blush", View(46, fill=0.82))


def shots() -> Iterator[Shot]:
    yield from prints()
    yield from books()
    yield from cards()
    yield from letters()
    yield from rolls()
    yield from parcels()
