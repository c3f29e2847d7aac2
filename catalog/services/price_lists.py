"""Filling price lists from a table, and making another of one."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.db.models.functions import Upper
from django.utils.translation import gettext as _

from catalog.models import PriceList, PriceListEntry, Variant
from shop.lib.errors import Refused
from shop.lib.locks import locked
from shop.lib.money import exponent

MOST_ROWS = 20_000
DELIMITERS = "\t;,|"
HEADER = "sku"
MOST = Decimal(1_000_000)
MOST_UNITS = 999


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a line of the table."""

    line: int
    typed: str
    words: str


class BadRows(Refused):
    """Raised when a table can't be taken as it is. Nothing of it has been."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(
            _("Nothing was changed. %(count)s lines need a look.") % {"count": len(problems)}
        )
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Row:
    """A rung as it was typed. amount None: the rung goes away."""

    line: int
    typed: str
    sku: str
    least: int
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Change:
    """A rung of a variant as it is and as it will be; None for one that is not there."""

    variant: Variant
    least: int
    was: Decimal | None
    amount: Decimal | None


def read(text: str, *, currency: str) -> list[Row]:
    """Lines of "SKU, from units, price". Raises BadRows with every line that says something else.

    Any usual delimiter; a heading is passed over; without units it is from the first. Without a
    price the rung goes away.
    """
    lines = text.removeprefix("\ufeff").splitlines()
    delimiter = next((one for one in DELIMITERS if one in text), ",")
    rows, problems = [], []
    for number, found in enumerate(csv.reader(lines, delimiter=delimiter), 1):
        cells = [cell.strip() for cell in found]
        if not any(cells) or (number == 1 and cells[0].casefold() == HEADER):
            continue
        typed = lines[number - 1] if number <= len(lines) else ""
        try:
            rows.append(_row(number, typed, cells, currency))
        except ValueError as error:
            problems.append(Problem(number, typed, str(error)))
    if len(rows) > MOST_ROWS:
        words = _("A table has at most %(count)s lines.") % {"count": MOST_ROWS}
        raise BadRows([Problem(MOST_ROWS + 1, "", words)])
    if problems:
        raise BadRows(problems)
    return rows


def _row(number: int, typed: str, cells: Sequence[str], currency: str) -> Row:
    if len(cells) not in (2, 3) or not cells[0]:
        raise ValueError(_("Write SKU, from units, price."))
    units = cells[1] if len(cells) == 3 else ""
    if units and not (units.isascii() and units.isdigit() and 1 <= int(units[:6]) <= MOST_UNITS):
        raise ValueError(_("“%(units)s” is no number of units.") % {"units": units})
    return Row(number, typed, cells[0], int(units or 1), _amount(cells[-1], currency))


def _amount(text: str, currency: str) -> Decimal | None:
    if not text:
        return None
    try:
        amount = Decimal(text.replace(",", "."))
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or not 0 <= amount <= MOST:
        raise ValueError(_("“%(price)s” is no price.") % {"price": text})
    if -int(amount.normalize().as_tuple().exponent) > exponent(currency):
        raise ValueError(
            _("“%(price)s” is finer than %(currency)s can be paid.")
            % {"price": text, "currency": currency}
        )
    return amount


def changes(price_list: PriceList, rows: Sequence[Row]) -> list[Change]:
    """What the rows would do to the list. Three queries.

    Raises BadRows for SKUs that nobody knows, rungs that are named twice, and ladders that rise.
    """
    known = _variants(row.sku for row in rows)
    problems, wanted = [], {}
    for row in rows:
        variant = known.get(row.sku.upper())
        if variant is None:
            problems.append(Problem(row.line, row.typed, _("No piece has this SKU.")))
        elif (variant.pk, row.least) in wanted:
            problems.append(Problem(row.line, row.typed, _("An earlier line says this already.")))
        else:
            wanted[variant.pk, row.least] = row
    ids = {variant.pk: variant for variant in known.values()}
    had = _rungs(price_list, ids)
    problems += _rising(wanted, had)
    if problems:
        raise BadRows(sorted(problems, key=lambda one: one.line))
    return [
        Change(ids[variant], least, had[variant].get(least), row.amount)
        for (variant, least), row in wanted.items()
        if had[variant].get(least) != row.amount
    ]


def _variants(skus: Iterable[str]) -> dict[str, Variant]:
    keys = {sku.upper() for sku in skus}
    rows = Variant.objects.annotate(key=Upper("sku")).filter(key__in=keys)
    return {one.sku.upper(): one for one in rows.select_related("product")}


def _rungs(price_list: PriceList, variants: Iterable[int]) -> dict[int, dict[int, Decimal]]:
    found: dict[int, dict[int, Decimal]] = defaultdict(dict)
    rows = PriceListEntry.objects.filter(price_list=price_list, variant__in=list(variants))
    for variant, least, amount in rows.values_list("variant_id", "min_quantity", "amount"):
        found[variant][least] = amount
    return found


def _rising(
    wanted: Mapping[tuple[int, int], Row], had: Mapping[int, Mapping[int, Decimal]]
) -> list[Problem]:
    """Rows that would make more units dearer."""
    ladders: dict[int, dict[int, Decimal | None]] = defaultdict(dict)
    for (variant, least), row in wanted.items():
        ladders[variant] = ladders[variant] or dict(had.get(variant, {}))
        ladders[variant][least] = row.amount
    problems = []
    for (variant, least), row in wanted.items():
        before = [
            amount
            for units, amount in ladders[variant].items()
            if units < least and amount is not None
        ]
        if row.amount is not None and before and row.amount > min(before):
            words = _("Fewer units cost %(price)s already.") % {"price": min(before)}
            problems.append(Problem(row.line, row.typed, words))
    return problems


@transaction.atomic
def apply(*, price_list: PriceList, text: str) -> int:
    """Put a table on a list, all of it or nothing. Returns how many rungs changed. Raises BadRows."""
    price_list = locked(PriceList.objects.filter(pk=price_list.pk))[0]
    currency = price_list.market.currency
    found = changes(price_list, read(text, currency=currency))
    PriceListEntry.objects.bulk_create(
        [
            PriceListEntry(
                price_list=price_list,
                variant=one.variant,
                min_quantity=one.least,
                amount=one.amount,
            )
            for one in found
            if one.amount is not None
        ],
        update_conflicts=True,
        unique_fields=["price_list", "variant", "min_quantity"],
        update_fields=["amount"],
        batch_size=2_000,
    )
    gone = [(one.variant.pk, one.least) for one in found if one.amount is None]
    for variant, least in gone:
        PriceListEntry.objects.filter(
            price_list=price_list, variant=variant, min_quantity=least
        ).delete()
    return len(found)


@transaction.atomic
def duplicate(*, price_list: PriceList) -> PriceList:
    """The same list once more, switched off, to be changed and then switched on."""
    entries = PriceListEntry.objects.filter(price_list=price_list)
    copy = PriceList.objects.get(pk=price_list.pk)
    copy.pk = None
    copy._state.adding = True  # noqa: SLF001
    copy.name = _("%(name)s (copy)") % {"name": price_list.name[:70]}
    copy.is_active = False
    copy.save()
    PriceListEntry.objects.bulk_create(
        [
            PriceListEntry(
                price_list=copy,
                variant_id=entry.variant_id,
                min_quantity=entry.min_quantity,
                amount=entry.amount,
            )
            for entry in entries.order_by("pk")
        ],
        batch_size=2_000,
    )
    return copy
