"""What may be asked of an order: a small catalogue."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from orders.services.rules.known import Known

# How facts of a kind may be compared, in words: "Total" "is at least".
TESTS: dict[str, dict[str, Promise]] = {
    "number": {"at_least": _("is at least"), "at_most": _("is at most")},
    "one": {"is": _("is"), "is_not": _("is not")},
    "many": {"has": _("has"), "has_not": _("has not")},
    "text": {"contains": _("contains"), "starts_with": _("starts with")},
    "yes": {"is": _("is")},
}


@dataclass(frozen=True, slots=True)
class Fact:
    """kind: a key of TESTS. of: what it is for an order, codes in capitals or small as `fold` says.

    A value of kind "one" or "many" may be several codes with commas between: any of them.
    """

    code: str
    name: Promise
    kind: str
    of: Callable[[Known], Any]
    fold: Callable[[str], str] = str.lower
    help_text: Promise | str = ""


def _codes(*codes: str) -> frozenset[str]:
    return frozenset(codes)


FACTS = {
    fact.code: fact
    for fact in (
        Fact("total", _("Total in the shop's own currency"), "number", lambda it: it.value),
        Fact("units", _("Number of pieces"), "number", lambda it: Decimal(it.units)),
        Fact("risk", _("Points of the risk rules"), "number", lambda it: Decimal(it.risk)),
        Fact("payment", _("Way of paying"), "one", lambda it: _codes(it.order.payment_method)),
        Fact("delivery", _("Way of delivery"), "one", lambda it: _codes(it.order.shipping_method)),
        Fact("channel", _("Channel"), "one", lambda it: _codes(it.order.channel)),
        Fact("market", _("Market"), "one", lambda it: _codes(it.order.market.code)),
        Fact(
            "country",
            _("Country it is sent to"),
            "one",
            lambda it: _codes(it.order.country),
            str.upper,
            _("Country codes: GB, IE."),
        ),
        Fact("sku", _("Goods"), "many", lambda it: it.skus, str.upper, _("SKUs.")),
        Fact("category", _("Goods of a category"), "many", lambda it: it.categories),
        Fact("group", _("Customer group"), "many", lambda it: it.groups),
        Fact("tag", _("Tags"), "many", lambda it: frozenset(it.order.tags)),
        Fact("email", _("E-mail"), "text", lambda it: it.order.email.lower()),
        Fact("postcode", _("Postcode"), "text", lambda it: it.order.postcode.lower()),
        Fact("name", _("Name"), "text", lambda it: it.order.name.lower()),
        Fact("first", _("First order of this e-mail"), "yes", lambda it: it.is_first),
        Fact("account", _("Ordered with an account"), "yes", lambda it: bool(it.order.customer_id)),
        Fact("company", _("Ordered by a company"), "yes", lambda it: bool(it.order.company)),
    )
}
YES, NO = "yes", "no"
