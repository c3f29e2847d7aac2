"""Entries and lines: the journal as it is searched, an account's page, the export."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum

from analytics.queries.kept import AMOUNT
from payments.models import JournalEntry, JournalLine, LedgerAccount


@dataclass(frozen=True, slots=True)
class Which:
    """What of the journal is meant; everything left empty is everything."""

    first: dt.date | None = None
    last: dt.date | None = None
    words: str = ""
    order: str = ""
    kind: str = ""
    account: str = ""
    amount: Decimal | None = None

    @property
    def is_narrow(self) -> bool:
        """Whether lines of the days are left out, so that they don't add up to a balance."""
        return bool(self.words or self.order or self.kind or self.amount is not None)


def entries(which: Which) -> QuerySet[JournalEntry]:
    """Newest first, each with what it moves (the sum of its debits, in its own currency)."""
    debits = JournalLine.objects.filter(entry=OuterRef("pk"), amount__gt=0).order_by()
    total = debits.values("entry").annotate(sum=Sum("amount")).values("sum")
    found = JournalEntry.objects.filter(_days(which, ""), _about(which, ""))
    if which.account or which.amount is not None:
        found = found.filter(Exists(_lines_like(which).filter(entry=OuterRef("pk"))))
    return (
        found.select_related("order")
        .annotate(moved=Subquery(total, output_field=AMOUNT))
        .order_by("-on", "-pk")
    )


def _lines_like(which: Which) -> QuerySet[JournalLine]:
    lines = JournalLine.objects.filter(_amount(which))
    return lines.filter(account__code=which.account) if which.account else lines


def account_lines(account: LedgerAccount, which: Which) -> QuerySet[JournalLine]:
    """Newest first."""
    lines = JournalLine.objects.filter(
        _days(which, "entry__"), _about(which, "entry__"), _amount(which), account=account
    )
    return lines.select_related("entry__order").order_by("-entry__on", "-entry_id", "-pk")


def balances_after(rows: Sequence[JournalLine]) -> list[Decimal]:
    """An account's balance after each of some lines that follow each other, newest first.

    One query: the balance after the newest; the others follow from it.
    """
    if not rows:
        return []
    top = rows[0]
    until = (
        Q(entry__on__lt=top.entry.on)
        | Q(entry__on=top.entry.on, entry_id__lt=top.entry_id)
        | Q(entry_id=top.entry_id, pk__lte=top.pk)
    )
    lines = JournalLine.objects.filter(until, account=top.account_id)
    newest: Decimal = lines.aggregate(sum=Sum("base"))["sum"]
    later = accumulate((line.base for line in rows[:-1]), initial=Decimal(0))
    return [newest - taken for taken in later]


def lines_in_order(first: dt.date, last: dt.date) -> QuerySet[JournalLine]:
    """Every line of some days in an order that never changes: day, entry, line."""
    lines = JournalLine.objects.filter(entry__on__gte=first, entry__on__lte=last)
    return lines.order_by("entry__on", "entry_id", "pk")


def _days(which: Which, path: str) -> Q:
    wanted = Q()
    if which.first:
        wanted &= Q(**{f"{path}on__gte": which.first})
    if which.last:
        wanted &= Q(**{f"{path}on__lte": which.last})
    return wanted


def _about(which: Which, path: str) -> Q:
    wanted = Q()
    if which.words:
        said = {f"{path}source__icontains": which.words}, {f"{path}memo__icontains": which.words}
        wanted &= Q(**said[0]) | Q(**said[1])
    if which.order:
        wanted &= Q(**{f"{path}order__number": which.order})
    if which.kind:
        wanted &= Q(**{f"{path}kind": which.kind})
    return wanted


def _amount(which: Which) -> Q:
    """Debit or credit, in the entry's currency or the books'."""
    if which.amount is None:
        return Q()
    both = (which.amount, -which.amount)
    return Q(amount__in=both) | Q(base__in=both)
