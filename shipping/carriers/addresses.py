"""Addresses of orders and of our own places, as carriers take them."""

from django.conf import settings

from inventory.models import Location
from orders.models import Order
from shipping.carriers.base import Address
from shipping.models import PickupPoint

LONGEST_STATE = 3


def of_order(order: Order) -> Address:
    """Where an order goes; a pickup point instead of the door, where one was chosen."""
    point = _point(order)
    return Address(
        name=order.name,
        company=point.name if point else order.company,
        line1=point.line1 if point else order.line1,
        line2="" if point else order.line2,
        city=point.city if point else order.city,
        postcode=point.postcode if point else order.postcode,
        country=point.country if point else order.country,
        # Codes of states; where provinces go by their names, carriers want none.
        state=order.region if point is None and len(order.region) <= LONGEST_STATE else "",
        phone=order.phone,
        email=order.email,
    )


def _point(order: Order) -> PickupPoint | None:
    if order.pickup.get("kind") != "point":
        return None
    return PickupPoint.objects.filter(code=order.pickup["code"]).order_by("pk").first()


def of_location(location: Location | None) -> Address:
    """Where parcels leave from: that place, the first one with an address, or the shop's."""
    if location is None or not location.line1:
        ours = Location.objects.exclude(kind=Location.Kind.PARTNER).exclude(line1="")
        location = ours.filter(is_active=True).order_by("position", "pk").first()
    shop = settings.SHOP
    if location is not None:
        return Address(
            name=shop["name"],
            company=shop["company"],
            line1=location.line1,
            city=location.city,
            postcode=location.postcode,
            country=location.country or shop["country"],
            phone=shop["phone"],
            email=shop["email"],
        )
    return _of_shop()


def _of_shop() -> Address:
    """The address on its invoices, whose last line is a town with its postcode."""
    shop = settings.SHOP
    first, *more, last = [*shop["address"], "", ""][: max(3, len(shop["address"]))]
    town, postcode = _parted(last or first)
    return Address(
        name=shop["name"],
        company=shop["company"],
        line1=first,
        line2=", ".join(filter(None, more)),
        city=town,
        postcode=postcode,
        country=shop["country"],
        phone=shop["phone"],
        email=shop["email"],
    )


def _parted(line: str) -> tuple[str, str]:
    """A town and its postcode: the words with figures at the end of a line."""
    words = line.split()
    cut = len(words)
    while cut > 1 and any(one.isdigit() for one in words[cut - 1]):
        cut -= 1
    return " ".join(words[:cut]), " ".join(words[cut:])
