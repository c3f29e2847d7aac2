"""What the rules of promotions and segments choose from, read once for a whole page."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import CustomerGroup
from catalog.models import AttributeChoice, Category, Collection, Market
from marketing.models import Segment
from orders.models import Order
from shipping.models import Method, Zone
from shop.templatetags.shop_text import current_locale

Choices = Sequence[tuple[Any, Any]]
WEB = "web"


@dataclass(frozen=True, slots=True)
class Offers:
    """Currencies that are sold in, and (value, words) of everything that can be ticked."""

    currencies: tuple[str, ...]
    lists: dict[str, Choices]

    def of(self, name: str) -> Choices:
        return self.lists[name]


def offers() -> Offers:
    markets = list(Market.objects.in_order())
    return Offers(
        currencies=tuple(dict.fromkeys(market.currency for market in markets)),
        lists={
            "markets": [(one.pk, one.name) for one in markets],
            "groups": list(CustomerGroup.objects.order_by("name").values_list("pk", "name")),
            "segments": list(Segment.objects.order_by("name").values_list("pk", "name")),
            "methods": list(Method.objects.order_by("position").values_list("code", "name")),
            "countries": countries(),
            "channels": _channels(),
            "categories": _categories(),
            "collections": list(Collection.objects.order_by("title").values_list("pk", "title")),
            "choices": _answers(),
        },
    )


def countries() -> Choices:
    """Where the shop delivers to, by name."""
    codes = {code for zone in Zone.objects.all() for code in zone.countries}
    named = current_locale().territories
    return sorted(((code, str(named.get(code, code))) for code in codes), key=lambda one: one[1])


def _channels() -> Choices:
    named: dict[str, str | Promise] = {WEB: _("Website")}
    found = Order.objects.order_by().values_list("channel", flat=True).distinct()
    return [(code, named.get(code, code)) for code in sorted({WEB, *found})]


def _categories() -> Choices:
    """The tree, by indentation."""
    rows = Category.objects.order_by("path").values_list("pk", "name", "depth")
    return [(pk, f"{'— ' * (depth - 1)}{name}") for pk, name, depth in rows]


def _answers() -> Choices:
    """Choices of attributes, under the name of what is asked."""
    rows = AttributeChoice.objects.order_by(
        "attribute__name", "attribute_id", "position", "pk"
    ).values_list("attribute__name", "pk", "name")
    return [
        (asked, [(pk, name) for _asked, pk, name in group])
        for asked, group in groupby(rows, key=lambda row: row[0])
    ]
