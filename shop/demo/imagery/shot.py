"""A shot: one scene from one view, with every picture that is painted from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from shop.demo.imagery.camera import View
from shop.demo.imagery.glaze import GLAZES, Glaze
from shop.demo.imagery.light import Material
from shop.demo.imagery.profile import Point, Pot
from shop.demo.imagery.sdf import Revolve, Scene, Shape, Tube

Parts = tuple[tuple[Shape, str], ...]
Looks = Mapping[str, Mapping[str, Material]]


@dataclass(frozen=True)
class Shot:
    """`looks` names the pictures (file stems) and gives each part's material."""

    scene: Callable[[], Scene]
    looks: Looks
    backdrop: str
    view: View = field(default_factory=View)
    first: bool = True  # a product's main picture: drawn before second views
    size: tuple[int, int] = (800, 1000)


def turned(pot: Pot, at: Point = (0, 0, 0), *, scale: float = 1.0, stretch: float = 1.0) -> Revolve:
    return Revolve(pot.polygon, at, rings=0.02, scale=scale, stretch=stretch)


def handle(points: tuple[Point, ...], *, thick: float = 0.058, turn: float = 0.45) -> Tube:
    """A pulled handle: thick where it joins, thinner in the middle."""
    thin = thick * 0.85
    return Tube(points, [thick, thick * 0.92, thin, thin, thick * 0.92, thick], turn=turn)


def glazes_on(pot: Pot, names: str, *, flat: bool = False) -> dict[str, Glaze]:
    """The named glazes as they sit on that pot: bare foot and broken rim (flat ware: edge only)."""
    if flat:
        return {name: GLAZES[name].on(dip=-0.5, edge=pot.radius) for name in names.split()}
    rim, dip = pot.height, 0.11 * pot.height
    return {name: GLAZES[name].on(rim=rim, dip=dip) for name in names.split()}
