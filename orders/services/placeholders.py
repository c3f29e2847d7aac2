"""What staff's own words in mails and text messages may name of an order."""

from django.conf import settings
from django.utils import translation

from orders.models import Order
from shop.templatetags.shop_text import dateline, money


def placeholders(order: Order, *, carrier: str = "", tracking_number: str = "") -> dict[str, str]:
    """{"number": "10482", …} in the buyer's language; of a parcel its carrier and number too."""
    with translation.override(order.language):
        return {
            "number": order.number,
            "name": order.name,
            "total": money(order.total, order.currency),
            "day": dateline(order.arrives_by),
            "shop": str(settings.SHOP["name"]),
            "carrier": carrier,
            "tracking_number": tracking_number,
            "place": str(order.pickup.get("name", "")),
        }
