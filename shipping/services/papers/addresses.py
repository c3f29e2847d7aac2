"""Who sends and who gets it, as papers write it."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from inventory.models import Location
from orders.models import Order
from shop.templatetags.shop_text import current_locale


def country(code: str) -> str:
    return str(current_locale().territories.get(code, code))


def seller() -> dict[str, Any]:
    """The shop, at the head of its paper."""
    shop = settings.SHOP
    return {
        "name": shop["name"],
        "company": shop["company"],
        "address": [*shop["address"], country(shop["country"])],
        "contact": [shop["email"], shop["phone"]],
        "numbers": [],
    }


def sender(location: Location | None) -> list[str]:
    """Where a parcel comes from: its location, else the shop's own address."""
    shop = settings.SHOP
    if location is None or not location.line1:
        return [shop["company"], *shop["address"], country(shop["country"])]
    town = f"{location.city} {location.postcode}".strip()
    said = [shop["company"], location.line1, town, country(location.country or shop["country"])]
    return [words for words in said if words]


def sender_country(location: Location | None) -> str:
    return (location.country if location else "") or str(settings.SHOP["country"])


def receiver(order: Order) -> list[str]:
    """The buyer's address, or the place where the buyer fetches it."""
    if order.pickup:
        lines = [str(line) for line in order.pickup.get("lines", [])]
        name = str(order.pickup.get("name", ""))
        said = [order.name, _("c/o %(place)s") % {"place": name}, *lines, country(order.country)]
    else:
        said = [order.name, order.company, *order.address_lines[1:], country(order.country)]
    return [words for words in said if words]
