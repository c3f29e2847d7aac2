"""Where an order may be fetched, as the checkout shows it."""

from dataclasses import dataclass

from shipping.models import Method
from shipping.queries import Spot
from shop.processes.quoting import Priced

Kind = Method.Kind


@dataclass(frozen=True, slots=True)
class Place:
    """A place to fetch it at. value: what the form sends."""

    value: str
    name: str
    address: str
    hours: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Fetched:
    """The places of a way of delivery. is_searched: they depend on a postcode, which may be typed."""

    places: tuple[Place, ...]
    is_searched: bool


def fetched(priced: Priced, code: str, kind: str) -> Fetched | None:
    """None where it is brought to the door."""
    if kind == Kind.HOME:
        return None
    offered = list(priced.spots.get(code, []))
    delivery, spot = priced.quote.delivery, priced.spot
    is_mine = delivery is not None and delivery.code == code
    if is_mine and spot is not None and spot not in offered:
        # It was found around another postcode.
        offered.insert(0, spot)
    chosen = spot if is_mine else None
    places = tuple(_place(one, is_chosen=one == chosen) for one in offered)
    return Fetched(places, is_searched=kind == Kind.POINT)


def _place(spot: Spot, *, is_chosen: bool) -> Place:
    return Place(spot.value, spot.name, ", ".join(spot.lines), spot.hours, is_chosen)
