"""Prices of single pieces in a sale, as they are pasted from a sheet."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.db.models.functions import Upper
from django.utils.translation import gettext as _

from catalog.models import Market, Sale, SaleEntry, Variant
from shop.lib.errors import Refused
from shop.lib.money import round_money

MOST_LINES, LARGEST = 5_000, Decimal(10_000_000)
BETWEEN = re.compile(r"[\s;]+")


class BadLines(Refused):
    """Raised when lines can't be read. `problems`: a sentence for each, with its number."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(" ".join(problems[:5]))
        self.problems = list(problems)


@dataclass(frozen=True, slots=True)
class Written:
    """A line that was understood."""

    variant: int
    market: Market
    amount: Decimal


def read(text: str, *, market: Market | None) -> list[Written]:
    """Lines of "SKU price" or "SKU price market"; without one they mean this market.

    Raises BadLines. Of two lines about the same piece the last one counts.
    """
    lines = [(n, BETWEEN.split(line.strip())) for n, line in enumerate(text.splitlines(), 1)]
    lines = [(number, parts) for number, parts in lines if parts != [""]]
    if len(lines) > MOST_LINES:
        raise BadLines([_("At most %(count)s lines at a time.") % {"count": MOST_LINES}])
    known = _variants(parts[0] for _number, parts in lines)
    markets = {one.code.lower(): one for one in Market.objects.all()}
    found: dict[tuple[int, int], Written] = {}
    problems = []
    for number, parts in lines:
        one = _written(parts, known, markets, market)
        if isinstance(one, Written):
            found[one.variant, one.market.pk] = one
        else:
            told = {"number": number, "problem": one}
            problems.append(_("Line %(number)s: %(problem)s") % told)
    if problems:
        raise BadLines(problems)
    return list(found.values())


@transaction.atomic
def put(*, sale: Sale, lines: Iterable[Written]) -> int:
    """Write these prices into the sale; what it says of other pieces stays. Returns how many."""
    entries = [
        SaleEntry(sale=sale, variant_id=one.variant, market=one.market, amount=one.amount)
        for one in lines
    ]
    SaleEntry.objects.bulk_create(
        entries,
        update_conflicts=True,
        unique_fields=["sale", "variant", "market"],
        update_fields=["amount"],
    )
    return len(entries)


def _variants(skus: Iterable[str]) -> Mapping[str, int]:
    rows = Variant.objects.annotate(code=Upper("sku")).filter(code__in={s.upper() for s in skus})
    return dict(rows.values_list("code", "pk"))


def _written(
    parts: Sequence[str],
    known: Mapping[str, int],
    markets: Mapping[str, Market],
    market: Market | None,
) -> Written | str:
    """The line, or what is wrong with it."""
    sku, price, *rest = [*parts, ""]
    where = markets.get(rest[0].lower()) if rest and rest[0] else market
    variant, amount = known.get(sku.upper()), _amount(price)
    if variant is None:
        return _("there is no piece with the SKU “%(sku)s”.") % {"sku": sku[:60]}
    if amount is None:
        return _("“%(price)s” is no price.") % {"price": price[:20]}
    if where is None:
        return _("say for which market.")
    if round_money(amount, where.currency) != amount:
        return _("finer than %(currency)s can be paid.") % {"currency": where.currency}
    return Written(variant, where, amount)


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text.replace(",", ".") if "." not in text else text)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 <= amount < LARGEST else None
