"""Tax by country and rate as it was booked; the tax report says the same from the orders."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from analytics.queries.kept import AMOUNT, NOTHING
from payments.models import JournalEntry, JournalLine
from payments.services.books.roles import Role
from shop.lib.money import ZERO

SALES_SIDE = (Role.SALES, Role.DELIVERY_CHARGED, Role.DISCOUNTS, Role.CREDITS)
# A sale of gift cards is taxed when they are spent, or with them where their tax is known.
BASES = (*SALES_SIDE, Role.CARDS_TO_ISSUE)
KEYS = ("country", "region", "tax_rate", "entry__currency")
SOLD = (JournalEntry.Kind.SALE,)
CREDITED = (JournalEntry.Kind.CREDIT,)


@dataclass(frozen=True, slots=True)
class Vat:
    """Net and tax of a place and rate, above zero when the shop owes the tax."""

    country: str
    region: str
    rate: Decimal | None
    currency: str
    net: Decimal
    tax: Decimal
    base_net: Decimal
    base_tax: Decimal


def vat(first: dt.date, last: dt.date, *, credited: bool | None = None) -> list[Vat]:
    """credited: only credits (True), all but credits (False). One query.

    Lines of no rate are not about tax and stay out.
    """
    tax, base = Q(account__role=Role.OUTPUT_TAX), Q(account__role__in=BASES)
    lines = _lines(first, last, credited=credited).filter(tax | base, tax_rate__isnull=False)
    rows = (
        lines.order_by()
        .values(*KEYS)
        .annotate(
            net=_sum("amount", base),
            tax=_sum("amount", tax),
            base_net=_sum("base", base),
            base_tax=_sum("base", tax),
        )
    )
    return [_vat(row) for row in rows.order_by(*KEYS)]


def untold(first: dt.date, last: dt.date) -> Decimal:
    """What was posted to the account of tax without a rate: by hand, or by a tax office."""
    lines = _lines(first, last).filter(account__role=Role.OUTPUT_TAX, tax_rate=None)
    return -(lines.aggregate(sum=Sum("base"))["sum"] or ZERO)


def input_tax(first: dt.date, last: dt.date) -> Decimal:
    """Tax on what the shop bought."""
    lines = _lines(first, last).filter(account__role=Role.INPUT_TAX)
    return lines.aggregate(sum=Sum("base"))["sum"] or ZERO


def total(rows: Iterable[Vat]) -> tuple[Decimal, Decimal]:
    known = list(rows)
    return sum((row.base_net for row in known), ZERO), sum((row.base_tax for row in known), ZERO)


def _lines(first: dt.date, last: dt.date, *, credited: bool | None = None) -> QuerySet[JournalLine]:
    lines = JournalLine.objects.filter(entry__on__gte=first, entry__on__lte=last)
    if credited is None:
        return lines
    return (
        lines.filter(entry__kind__in=CREDITED)
        if credited
        else lines.exclude(entry__kind__in=CREDITED)
    )


def _sum(column: str, which: Q) -> Sum:
    return Sum(column, filter=which, default=NOTHING, output_field=AMOUNT)


def _vat(row: dict[str, Decimal]) -> Vat:
    return Vat(
        country=str(row["country"]),
        region=str(row["region"]),
        rate=row["tax_rate"],
        currency=str(row["entry__currency"]),
        net=-row["net"],
        tax=-row["tax"],
        base_net=-row["base_net"],
        base_tax=-row["base_tax"],
    )
