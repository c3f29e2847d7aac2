"""What may be asked of the customers of a segment, as form fields."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from catalog.models import Market, Product
from marketing.admin.rule_offers import Offers
from marketing.admin.rule_parts import Count, Fields, Params, Simple, Ticks, amount_field
from marketing.admin.rule_scope import FindSelect, products_field, written_field

MOST_DAYS = 3650
# Where the names of what is listed come from.
LISTS = {"bought_category": "categories", "country": "countries", "group": "groups"}


class Spent(Simple):
    def fields(self, offers: Offers) -> Fields:  # noqa: ARG002
        main = Market.objects.in_order().values_list("currency", flat=True).first() or "GBP"
        field = amount_field(main, self.label)
        field.help_text = _("In %(currency)s: paid, less what went back.") % {"currency": main}
        return {self.name: field}

    def read(self, params: Params) -> dict[str, Any]:
        return {self.name: params.get(self.key)}

    def write(self, cleaned: Params) -> dict[str, Any]:
        value = cleaned.get(self.name)
        return {} if value is None else {self.key: f"{value:f}"}


class Found(Simple):
    """A list to search."""

    def fields(self, offers: Offers) -> Fields:
        return {
            self.name: forms.TypedMultipleChoiceField(
                label=self.label,
                help_text=self.help_text,
                choices=offers.of("categories"),
                coerce=int,
                required=False,
                widget=FindSelect(),
            )
        }

    def read(self, params: Params) -> dict[str, Any]:
        return {self.name: params.get(self.key) or []}

    def write(self, cleaned: Params) -> dict[str, Any]:
        chosen = cleaned.get(self.name)
        return {self.key: list(chosen)} if chosen else {}


class Bought(Simple):
    """Products, found with script or written without."""

    def fields(self, offers: Offers) -> Fields:  # noqa: ARG002
        return {self.name: products_field(self.label), f"{self.name}_written": written_field()}

    def read(self, params: Params) -> dict[str, Any]:
        return {self.name: params.get(self.key) or []}

    def write(self, cleaned: Params) -> dict[str, Any]:
        found = [one.pk for one in cleaned.get(self.name) or ()]
        found += cleaned.get(f"{self.name}_written") or []
        return {self.key: list(dict.fromkeys(found))} if found else {}


PARTS: Sequence[Any] = (
    Count("orders_at_least", "orders_at_least", lazy("At least so many orders")),
    Count("orders_at_most", "orders_at_most", lazy("At most so many orders"), least=0),
    Spent("spent_at_least", "spent_at_least", lazy("Spent at least")),
    Count(
        "last_order_within_days",
        "last_order_within_days",
        lazy("Ordered within so many days"),
        most=MOST_DAYS,
    ),
    Count(
        "last_order_before_days",
        "last_order_before_days",
        lazy("Has not ordered for so many days"),
        most=MOST_DAYS,
    ),
    Found(
        "bought_category",
        "bought_category",
        lazy("Bought from one of these categories"),
        help_text=lazy("With everything below them."),
    ),
    Bought("bought_product", "bought_product", lazy("Bought one of these products")),
    Ticks("country", "country", lazy("Had something sent to"), offered="countries"),
    Ticks("group", "group", lazy("Is in one of these groups"), offered="groups", coerce=int),
)


def words(rules: Any, offers: Offers) -> str:
    """ "At least so many orders: 3 · Had something sent to: Germany"."""
    listed = rules if isinstance(rules, list) else []
    labels = {part.key: part.label for part in PARTS}
    return " · ".join(
        f"{labels[one['field']]}: {_told(one['field'], one['value'], offers)}"
        for one in listed
        if one.get("field") in labels
    )


def _told(field: str, value: Any, offers: Offers) -> str:
    if not isinstance(value, list):
        return str(value)
    if field == "bought_product":
        named: dict[Any, Any] = dict(
            Product.objects.filter(pk__in=value).values_list("pk", "title")
        )
    else:
        named = dict(offers.of(LISTS[field]))
    return ", ".join(str(named.get(one, one)).strip("— ") for one in value)
