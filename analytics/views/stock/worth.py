"""What a variant's units are worth: at the moving average, and first in, first out."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from analytics.views.books.tables import Cell, Table, amount, day, numbers, words
from analytics.views.figures import count
from catalog.models import Variant
from inventory.queries.value_layers import Layer, fifo_of, layers
from payments.services.books.chart import books_currency
from shop.lib.money import ZERO


@dataclass(frozen=True, slots=True)
class Worth:
    facts: list[tuple[str, Cell]]
    layers: Table


def worth_facts(variant: Variant) -> Worth:
    """Two queries."""
    currency = books_currency()
    found = fifo_of([variant.pk]).get(variant.pk)
    units, value = (found.units, found.average_value) if found else (0, ZERO)
    facts = [
        (_("Units"), Cell(count(units))),
        (_("Average cost"), amount(value / units if units else None, currency)),
        (_("Value at the average"), amount(value, currency)),
        (_("Value first in, first out"), amount(found.value if found else ZERO, currency)),
    ]
    return Worth(facts, _layers(layers(variant.pk), currency))


def _layers(rows: list[Layer], currency: str) -> Table:
    return Table(
        label=_("The deliveries they are from"),
        columns=[
            *words(_("Received"), _("Reference")),
            *numbers(_("Units"), _("Cost"), _("Value")),
        ],
        rows=[
            [
                Cell(day(row.at.date())),
                Cell(row.reference),
                Cell(count(row.units), is_number=True),
                amount(row.unit_cost, currency),
                amount(row.value, currency),
            ]
            for row in rows
        ],
    )
