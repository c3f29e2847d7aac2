"""Month by month: profit and loss, and the money that came and went."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet, Sum
from django.db.models.functions import TruncMonth

from analytics.queries.periods import DAY, shift_months
from payments.models import JournalLine, LedgerAccount
from payments.services.books.roles import Role
from shop.lib.money import ZERO

Kind = LedgerAccount.Kind
RESULT = (Kind.INCOME, Kind.EXPENSE)
# Where the shop's money is: at its bank, with carriers, with the card provider.
MONEY = (Role.BANK, Role.CARRIERS, Role.PROVIDER)
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Row:
    """An account or a cause over the months of a year, and over the year before."""

    account: LedgerAccount
    cause: str
    months: list[Decimal]
    before: Decimal

    @property
    def total(self) -> Decimal:
        return sum(self.months, ZERO)


def months_of(first: dt.date) -> list[dt.date]:
    """The twelve months from one on, by their first days."""
    return [shift_months(first, number) for number in range(MONTHS)]


def results(first: dt.date) -> list[Row]:
    """Income (above zero earned) and expenses (above zero spent less) by account. Two queries."""
    sums = _by_month(_between(first).filter(account__kind__in=RESULT), [])
    accounts = LedgerAccount.objects.filter(kind__in=RESULT).order_by("code")
    rows = [_row(one, "", sums, first, sign=-1) for one in accounts]
    return [row for row in rows if any(row.months) or row.before]


def flows(first: dt.date) -> list[Row]:
    """What came to (above zero) and left bank, carriers and provider, by cause. Two queries."""
    sums = _by_month(_between(first).filter(account__role__in=MONEY), ["entry__kind"])
    accounts = LedgerAccount.objects.filter(role__in=MONEY).order_by("code")
    return [
        _row(account, cause, sums, first, sign=1)
        for account in accounts
        for cause in sorted({key[1] for key in sums if key[0] == account.pk})
    ]


def balances_of_money(days: Iterable[dt.date]) -> dict[dt.date, Decimal]:
    """All the shop's money before each of these days. One query."""
    wanted = sorted(days)
    lines = JournalLine.objects.filter(account__role__in=MONEY, entry__on__lt=wanted[-1])
    rows = lines.order_by().values("entry__on").annotate(sum=Sum("base"))
    moved = sorted(rows.values_list("entry__on", "sum"))
    return {day: sum((amount for on, amount in moved if on < day), ZERO) for day in wanted}


def _between(first: dt.date) -> QuerySet[JournalLine]:
    """The lines of a year and of the one before it."""
    return JournalLine.objects.filter(
        entry__on__gte=shift_months(first, -MONTHS), entry__on__lt=shift_months(first, MONTHS)
    )


Sums = dict[tuple[int, str], dict[dt.date, Decimal]]


def _by_month(lines: QuerySet[JournalLine], more: list[str]) -> Sums:
    rows = lines.order_by().annotate(month=TruncMonth("entry__on"))
    grouped = rows.values("account", *more, "month").annotate(sum=Sum("base"))
    found: Sums = defaultdict(dict)
    for row in grouped:
        key = (row["account"], row.get("entry__kind", ""))
        found[key][row["month"]] = row["sum"]
    return found


def _row(account: LedgerAccount, cause: str, sums: Sums, first: dt.date, *, sign: int) -> Row:
    mine = sums.get((account.pk, cause), {})
    before = sum((amount for month, amount in mine.items() if month < first), ZERO)
    return Row(
        account=account,
        cause=cause,
        months=[sign * mine.get(month, ZERO) for month in months_of(first)],
        before=sign * before,
    )


def last_day(month: dt.date) -> dt.date:
    return shift_months(month, 1) - DAY
