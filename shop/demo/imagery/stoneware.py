"""Shots of single pots: mugs, bowls, plates, vases in each glaze they are offered in."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from shop.demo.imagery.camera import View
from shop.demo.imagery.pots import POTS
from shop.demo.imagery.sdf import Scene
from shop.demo.imagery.shot import Parts, Shot, glazes_on, handle, turned


@dataclass(frozen=True)
class Ware:
    """A product that is one pot; `above` adds a view from above in the first glaze."""

    slug: str
    glazes: str
    backdrop: str
    view: View = field(default_factory=View)
    above: bool = False
    flat: bool = False
    stretch: float = 1.0

    def scene(self) -> Scene:
        pot = POTS[self.slug]
        parts: Parts = ((turned(pot, stretch=self.stretch), "pot"),)
        if pot.handle:
            thick = 0.058 if pot.radius > 0.42 else 0.045
            parts += ((handle(pot.handle, thick=thick), "pot"),)
        return Scene(*parts, blend=0.05 if pot.handle else 0.004)

    def shots(self) -> Iterator[Shot]:
        glazes = glazes_on(POTS[self.slug], self.glazes, flat=self.flat)
        looks = {f"{self.slug}-{name}": {"pot": glaze} for name, glaze in glazes.items()}
        yield Shot(self.scene, looks, self.backdrop, self.view)
        if self.above:
            first = next(iter(glazes.values()))
            over = View(up=62, fill=0.74, round=14)
            look = {f"{self.slug}-above": {"pot": first}}
            yield Shot(self.scene, look, self.backdrop, over, first=False)


MUG, CUP, TALL = View(17, fill=0.66), View(20, fill=0.56), View(14, fill=0.70)
BOWL, PLATE, VASE = View(26, fill=0.76), View(38, fill=0.80), View(12, fill=0.74)
SMALL = View(24, fill=0.5)

WARES = (
    Ware("foot-ring-mug", "ash moss ink rust oat sea honey rose", "sky", MUG, above=True),
    Ware("barrel-mug", "ash ink moss honey", "oat", MUG),
    Ware("camp-mug", "rust ink oat", "celadon", MUG, above=True),
    Ware("soup-mug", "oat moss sea", "blush", View(21, fill=0.72), above=True),
    Ware("chimney-mug", "sea rose ash ink", "slate", TALL),
    Ware("half-pint-mug", "honey rust moss", "sky", MUG),
    Ware("flat-white-cup", "rose ash ink oat", "celadon", View(24, fill=0.6), above=True),
    Ware("latte-bowl", "oat sea rose", "sky", View(24, fill=0.66)),
    Ware("straight-tumbler", "ash moss ink rust oat sea honey rose", "oat", View(18, fill=0.56)),
    Ware("tall-beaker", "ink oat sea", "blush", View(15, fill=0.66)),
    Ware("waisted-tumbler", "rust moss rose", "slate", View(18, fill=0.58)),
    Ware("steeping-cup", "moss ash honey", "celadon", CUP, above=True),
    Ware("espresso-cup", "ash ink rust sea oat rose", "blush", CUP),
    Ware("cortado-cup", "moss rust sea ash", "sky", CUP),
    Ware("breakfast-bowl", "ash moss ink rust oat sea", "celadon", BOWL, above=True),
    Ware("ramen-bowl", "ink ash rust moss", "oat", BOWL, above=True),
    Ware("pasta-bowl", "ash sea oat ink", "slate", View(30, fill=0.8), above=True),
    Ware("rice-bowl", "ash moss rose honey", "sky", View(24, fill=0.6)),
    Ware("dip-bowl", "ash moss ink rust honey sea", "blush", SMALL),
    Ware("serving-bowl", "oat ink sea", "sky", View(28, fill=0.8), above=True),
    Ware("salad-bowl", "moss ash honey", "blush", View(26, fill=0.78)),
    Ware("footed-fruit-bowl", "sea oat rust", "oat", View(20, fill=0.78)),
    Ware("dog-bowl", "ink rose", "celadon", View(28, fill=0.7)),
    Ware("salt-pinch-pot", "ash ink rust oat", "slate", SMALL),
    Ware("coupe-dinner-plate", "ash ink moss oat", "sky", PLATE, flat=True),
    Ware("rimmed-dinner-plate", "sea ash rust", "blush", PLATE, above=True, flat=True),
    Ware("breakfast-plate", "rose oat moss ink", "celadon", PLATE, flat=True),
    Ware("bread-plate", "ash honey sea", "slate", View(38, fill=0.66), flat=True),
    Ware("oval-platter", "ink oat rust", "oat", PLATE, flat=True, stretch=1.55),
    Ware("round-platter", "honey sea ash", "sky", View(40, fill=0.84), flat=True),
    Ware("cake-stand", "rose ash moss", "celadon", View(20, fill=0.8), flat=True),
    Ware("spoon-rest", "ash ink rust moss", "oat", View(36, fill=0.6), flat=True, stretch=1.5),
    Ware("olive-dish", "moss oat ink", "blush", View(40, fill=0.8), flat=True, stretch=2.3),
    Ware("spare-saucer", "ash ink honey", "slate", View(38, fill=0.6), flat=True),
    Ware("shoulder-vase", "honey sea moss rust", "slate", VASE),
    Ware("bud-vase", "ash rose ink moss honey sea", "celadon", View(13, fill=0.6)),
    Ware("moon-vase", "ash oat rose", "sky", VASE),
    Ware("bottle-vase", "ink rust sea", "blush", VASE),
    Ware("cylinder-vase", "oat moss ash honey", "sky", VASE),
    Ware("gourd-vase", "rust honey moss", "celadon", VASE),
    Ware("flared-vase", "rose sea ink", "oat", VASE),
    Ware("low-flower-bowl", "ink ash moss", "blush", View(26, fill=0.78)),
    Ware("seedling-pot", "oat", "sky", View(20, fill=0.5)),
    Ware("bonsai-tray", "ink moss", "oat", View(26, fill=0.8), stretch=1.35),
    Ware("candle-holder", "ash ink rust sea", "slate", View(18, fill=0.58)),
    Ware("tealight-cup", "ash rose honey", "sky", View(24, fill=0.52)),
)


def shots() -> Iterator[Shot]:
    for ware in WARES:
        yield from ware.shots()
