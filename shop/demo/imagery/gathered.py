"""Shots of teapots, jugs, jars, planters, sets and one-off pots."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from shop.demo.imagery import vessels
from shop.demo.imagery.camera import View
from shop.demo.imagery.glaze import CREAM, GLAZES, Glaze, Plain
from shop.demo.imagery.light import Material
from shop.demo.imagery.pots import POTS
from shop.demo.imagery.profile import Point
from shop.demo.imagery.sdf import Scene
from shop.demo.imagery.shot import Shot, glazes_on, turned

CORK = Plain("#c9a06c", 0.08, grain=0.35, scale=30)
GREENERY: Mapping[str, Material] = {
    "soil": Plain("#3a2c22", 0.0, grain=0.9, scale=18),
    "leaf": Plain("#5f7f4e", 0.35, grain=0.4, scale=4),
    "stem": Plain("#6d7a4a", 0.2),
    "rope": Plain("#cbb28a", 0.05, grain=0.5, scale=60),
}
TERRACOTTA = Plain("#b4734f", 0.06, grain=0.25, scale=9)
CUP = GLAZES["oat"].on(dip=0.09, rim=0.86)


@dataclass(frozen=True)
class Group:
    """A product of several pieces in one glaze per picture."""

    slug: str
    scene: Callable[[], Scene]
    glazes: str
    pot: str  # whose rim and foot the glaze follows
    backdrop: str
    view: View = field(default_factory=View)
    others: Mapping[str, Material] = field(default_factory=dict)

    def shot(self) -> Shot:
        looks: dict[str, dict[str, Material]] = {}
        for name, glaze in glazes_on(POTS[self.pot], self.glazes).items():
            whole = GLAZES[name].on(dip=-0.5)
            own: dict[str, Material] = {"pot": glaze, "lid": whole, "saucer": whole}
            looks[f"{self.slug}-{name}"] = own | dict(self.others)
        return Shot(self.scene, looks, self.backdrop, self.view)


def _group(slug: str, scene: Callable[[], Scene], glazes: str, backdrop: str, view: View) -> Group:
    return Group(slug, scene, glazes, slug, backdrop, view, {"cork": CORK, **GREENERY})


POT, JUG, JAR = View(15, fill=0.84), View(14, fill=0.70), View(16, fill=0.62)
GROWN = View(18, fill=0.76)

GROUPS = (
    _group("shallow-teapot", vessels.shallow_teapot, "ink ash moss rust", "celadon", POT),
    _group("round-teapot", vessels.round_teapot, "honey sea ash", "oat", POT),
    _group("tall-coffee-pot", vessels.coffee_pot, "ash ink", "sky", View(13, fill=0.76)),
    _group("milk-jug", partial(vessels.jug, "milk-jug"), "ash ink moss rose oat", "blush", JUG),
    _group("water-jug", partial(vessels.jug, "water-jug"), "sea oat ink", "sky", JUG),
    _group("small-pourer", partial(vessels.jug, "small-pourer"), "rust honey ash", "slate", JAR),
    _group("sugar-pot", partial(vessels.lidded, "sugar-pot", 0.38), "ash ink rose", "celadon", JAR),
    _group("oil-bottle", partial(vessels.corked, "oil-bottle"), "moss honey ink", "oat", JUG),
    _group("honey-pot", vessels.honey_pot, "honey oat", "blush", JAR),
    _group("storage-jar", vessels.storage_jar, "oat ash ink", "slate", View(15, fill=0.66)),
    Group(
        "espresso-cup-and-saucer",
        vessels.cup_and_saucer,
        "ash ink honey",
        "espresso-cup",
        "oat",
        View(24, fill=0.66),
    ),
    _group("lugged-soup-bowl", vessels.lugged_bowl, "rust oat ink", "sky", View(26, fill=0.78)),
    _group("batter-bowl", partial(vessels.jug, "batter-bowl"), "ash honey", "blush", POT),
    Group(
        "planter-with-saucer",
        partial(vessels.planted, "planter-with-saucer", saucer=True),
        "rose oat moss ash ink",
        "planter-with-saucer",
        "sky",
        GROWN,
        GREENERY,
    ),
    _group(
        "footed-planter", partial(vessels.planted, "footed-planter"), "oat moss ink", "blush", GROWN
    ),
    _group(
        "belly-planter", partial(vessels.planted, "belly-planter"), "sea honey rose", "oat", GROWN
    ),
    Group(
        "hanging-planter", vessels.hanging, "ash sea rust", "bud-vase", "celadon", GROWN, GREENERY
    ),
    Group(
        "herb-trough",
        vessels.trough,
        "rust oat ash",
        "bud-vase",
        "slate",
        View(24, fill=0.84),
        GREENERY,
    ),
    Group(
        "chamberstick",
        vessels.chamberstick,
        "moss rust oat",
        "bread-plate",
        "oat",
        View(24, fill=0.7),
    ),
    Group(
        "match-jar",
        vessels.match_jar,
        "ash ink",
        "match-jar",
        "blush",
        View(18, fill=0.6),
        {"wood": Plain("#d9bd8c", 0.1), "head": Plain("#9f3b2c", 0.1)},
    ),
)


def mixed(names: str, rim: float, *, dip: float, step: float = 0) -> dict[str, Glaze]:
    """One glaze per piece b0, b1, ...; each piece of a stack `step` higher than the last."""
    return {
        f"b{k}": GLAZES[name].on(rim=rim + k * step, dip=dip if k == 0 or not step else -0.5)
        for k, name in enumerate(names.split())
    }


def _nesting() -> Shot:
    sets = {"mixed": "moss oat rust", "oat": "oat oat oat", "ink": "ink ink ink"}
    looks = {f"nesting-bowls-{k}": mixed(v, 0.6, dip=0.1, step=0.135) for k, v in sets.items()}
    scene = partial(vessels.stack, "nesting-bowl", 0.135)
    return Shot(scene, looks, "celadon", View(20, fill=0.78))


def _trios() -> Iterator[Shot]:
    spots: tuple[Point, ...] = ((-0.52, 0, 0.25), (0.46, 0, 0.38), (0, 0, -0.52))
    sets = {"mixed": "rust ink ash", "ash": "ash ash ash"}
    looks = {f"tumbler-trio-{k}": mixed(v, 0.86, dip=0.1) for k, v in sets.items()}
    yield Shot(partial(vessels.trio, "straight-tumbler", spots), looks, "oat", View(20, fill=0.74))
    sets = {"warm": "rust honey rose", "cool": "ink sea moss"}
    looks = {f"bud-vase-trio-{k}": mixed(v, 1.02, dip=0.1) for k, v in sets.items()}
    spots, sizes = ((-0.5, 0, 0.3), (0.48, 0, 0.34), (0.02, 0, -0.4)), (0.9, 0.78, 1.2)
    vases = partial(vessels.trio, "bud-vase", spots, sizes)
    yield Shot(vases, looks, "slate", View(14, fill=0.74))
    pots = {"seedling-pot-mixed": mixed("rose moss ash", 0.62, dip=0.1)}
    seedlings = partial(
        vessels.trio, "seedling-pot", ((-0.52, 0, 0.2), (0.48, 0, 0.3), (0, 0, -0.5))
    )
    yield Shot(seedlings, pots, "sky", View(22, fill=0.74))
    lids = {"teapot-lid": mixed("ink ash moss", -9, dip=-0.5)}
    yield Shot(vessels.lids, lids, "sky", View(30, fill=0.76))
    saucers = {"spare-planter-saucer": mixed("ink oat rose", 0.14, dip=-0.5, step=0.12)}
    stack = partial(vessels.stack, "planter-saucer", 0.12)
    yield Shot(stack, saucers, "celadon", View(28, fill=0.74))


def _one_offs() -> Iterator[Shot]:
    """Pots of which there is only one: poured glazes, each its own."""
    ones = {
        "moon-jar-no-3": ("moon-vase", GLAZES["ash"].on(rim=1.3, dip=0.04), "", 0.0, "blush"),
        "poured-vase-no-7": (
            "shoulder-vase",
            GLAZES["honey"].on(rim=1.7),
            "#2c3b4d",
            0.85,
            "slate",
        ),
        "tall-bottle-no-11": (
            "tall-bottle",
            GLAZES["rust"].on(rim=2.3, dip=0.2),
            CREAM,
            1.3,
            "celadon",
        ),
        "run-jar-no-5": ("run-jar", GLAZES["moss"].on(rim=1.34, dip=0.14), "#d6cfc2", 0.8, "sky"),
        "split-vase-no-9": ("gourd-vase", GLAZES["sea"].on(rim=1.56), "#2c3b4d", 0.78, "oat"),
    }
    for slug, (pot, glaze, over, pour, backdrop) in ones.items():
        poured = glaze.over(over, pour=pour) if over else glaze
        scene = partial(_alone, pot)
        yield Shot(scene, {slug: {"pot": poured}}, backdrop, View(12, fill=0.76))


def _alone(pot: str) -> Scene:
    return Scene((turned(POTS[pot]), "pot"))


def _plates() -> Iterator[Shot]:
    """The dipped side plate: the glaze covers two thirds, cream the rest."""
    edge = POTS["dipped-side-plate"].radius
    names = tuple(GLAZES)
    looks = {
        f"dipped-side-plate-{name}": {
            "pot": GLAZES[name].on(dip=-0.5, edge=edge).over(over, pour=0.2, axis="x")
        }
        for name in names
        for over in ["#7d6a55" if name in ("ash", "oat") else CREAM]
    }
    yield Shot(partial(_alone, "dipped-side-plate"), looks, "oat", View(40, fill=0.8))
    sets = {
        f"plate-set-for-four-{name}": {"plate": GLAZES[name].on(dip=-0.5)}
        for name in ("ash", "ink")
    }
    yield Shot(vessels.plate_set, sets, "celadon", View(16, fill=0.8))
    spike: Mapping[str, Material] = {"pot": TERRACOTTA, "cork": CORK}
    yield Shot(vessels.spikes, {"watering-spike": spike}, "oat", View(20, fill=0.72))
    cord = {"hanging-cord": dict(GREENERY)}
    yield Shot(vessels.cord, cord, "slate", View(40, fill=0.7))


def _dripper() -> Shot:
    looks = {
        f"pour-over-dripper-{name}": {"pot": GLAZES[name].on(dip=-0.5, rim=1.62), "cup": CUP}
        for name in ("ash", "ink", "rust")
    }
    return Shot(vessels.dripper, looks, "celadon", View(18, fill=0.7))


def shots() -> Iterator[Shot]:
    yield from (group.shot() for group in GROUPS)
    yield _nesting()
    yield _dripper()
    yield from _trios()
    yield from _one_offs()
    yield from _plates()
