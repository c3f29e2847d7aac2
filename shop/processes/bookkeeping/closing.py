"""Closing a month: its books stay as they are from then on, until a person opens them again.

Who closes holds an advisory lock alone, and whoever books shares it: a sale that is being booked
is in the month before its figures are frozen, or is refused.
"""

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db import connection, transaction
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from accounts.models import User
from payments.models import BankLine, JournalEntry, JournalLine, MonthClose, PayoutLine
from shop.lib.errors import Refused
from shop.lib.locks import locked
from shop.lib.workdays import shop_day, shop_zone
from shop.processes.bookkeeping.promises import Finding
from shop.processes.bookkeeping.reconcile import reconcile

LOCK = "payments.month_close"


class State(StrEnum):
    OK = "ok"
    # To be looked at; the month can be closed with it.
    WARNING = "warning"
    BAD = "bad"


class NotClosable(Refused):
    """Raised when a month can't be closed. problems: what stands in the way, in words."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = list(problems)


class NotClosed(Refused):
    """Raised when a month is to be opened that is not closed."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to look at before a month is closed. name: a page's, for the link."""

    name: str
    words: str
    state: State
    count: int = 0


@dataclass(frozen=True, slots=True)
class Checklist:
    month: dt.date
    steps: list[Step]

    @property
    def can_close(self) -> bool:
        return not self.problems

    @property
    def problems(self) -> list[str]:
        return [step.words for step in self.steps if step.state == State.BAD]


def checklist(*, month: dt.date, now: dt.datetime) -> Checklist:
    """What stands in the way of closing a month, and what should be looked at first.

    Checks every promise, which takes a while in a large shop.
    """
    broken = [one for one in reconcile(now=now) if one.is_broken]
    return Checklist(month, [*_steps(month, now), _kept(broken), *_unmatched(month)])


def _steps(month: dt.date, now: dt.datetime) -> list[Step]:
    return [_over(month, now), _open(month), _balanced(month)]


def _unmatched(month: dt.date) -> list[Step]:
    """What may stay open, but should not."""
    bank = BankLine.objects.filter(status=BankLine.Status.OPEN, booked_on__lte=last_of(month))
    payouts = PayoutLine.objects.filter(matched_at=None, happened_at__lt=_end(month))
    return [
        _warning("bank", bank.count(), _("Lines of the bank that are not matched: %(count)s.")),
        _warning(
            "payouts", payouts.count(), _("Lines of payouts that are not matched: %(count)s.")
        ),
    ]


def _over(month: dt.date, now: dt.datetime) -> Step:
    if last_of(month) < shop_day(now):
        return Step("months", _("The month is over."), State.OK)
    return Step("months", _("The month is not over yet."), State.BAD)


def _open(month: dt.date) -> Step:
    if MonthClose.objects.filter(month=month, opened_at=None).exists():
        return Step("months", _("The month is closed already."), State.BAD)
    return Step("months", _("The month is open."), State.OK)


def _balanced(month: dt.date) -> Step:
    lines = JournalLine.objects.filter(entry__on__lte=last_of(month))
    difference = lines.aggregate(sum=Sum("base"))["sum"] or 0
    if not difference:
        return Step("balance", _("Debits and credits are the same."), State.OK)
    words = _("Debits and credits differ by %(difference)s.") % {"difference": difference}
    return Step("balance", words, State.BAD)


def _kept(broken: Sequence[Finding]) -> Step:
    if not broken:
        return Step("checks", _("All promises hold."), State.OK)
    names = ", ".join(one.name for one in broken)
    words = _("Promises are broken: %(names)s.") % {"names": names}
    return Step("checks", words, State.BAD, len(broken))


def _warning(name: str, count: int, words: str) -> Step:
    state = State.WARNING if count else State.OK
    return Step(name, words % {"count": count}, state, count)


def last_of(month: dt.date) -> dt.date:
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def _end(month: dt.date) -> dt.datetime:
    return dt.datetime.combine(last_of(month) + dt.timedelta(days=1), dt.time(), shop_zone())


def close_month(*, month: dt.date, actor: User | None, now: dt.datetime) -> MonthClose:
    """Close a month and freeze its figures. Raises NotClosable.

    Promises are checked before the books are held: while they are, nobody can sell.
    """
    month = month.replace(day=1)
    found = checklist(month=month, now=now)
    if not found.can_close:
        raise NotClosable(found.problems)
    return _close(month, actor, now)


@transaction.atomic(durable=True)
def _close(month: dt.date, actor: User | None, now: dt.datetime) -> MonthClose:
    _hold_the_books()
    found = Checklist(month, _steps(month, now))
    if not found.can_close:
        raise NotClosable(found.problems)
    return MonthClose.objects.create(
        month=month, figures=figures(month), closed_by=actor, closed_at=now
    )


def _hold_the_books() -> None:
    """Wait until nobody is booking; nobody can until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [LOCK])


def figures(month: dt.date) -> dict[str, object]:
    """What a month came to, by account: movements in it and balances at its end."""
    until = JournalLine.objects.filter(entry__on__lte=last_of(month)).order_by()
    within = until.filter(entry__on__gte=month)
    return {
        "entries": JournalEntry.objects.filter(on__gte=month, on__lte=last_of(month)).count(),
        "moved": _by_account(within),
        "closing": _by_account(until),
    }


def _by_account(lines: QuerySet[JournalLine]) -> dict[str, str]:
    rows = lines.values("account__code").annotate(sum=Sum("base")).order_by("account__code")
    return {code: str(amount) for code, amount in rows.values_list("account__code", "sum")}


@transaction.atomic(durable=True)
def reopen(*, month: dt.date, reason: str, actor: User | None, now: dt.datetime) -> MonthClose:
    """Open a closed month again. Raises NotClosed; a reason is needed."""
    if not reason.strip():
        raise NotClosed(_("Say why the month is opened again."))
    _hold_the_books()
    found = locked(MonthClose.objects.filter(month=month.replace(day=1), opened_at=None))
    if not found:
        raise NotClosed(_("This month is not closed."))
    closed = found[0]
    closed.opened_by, closed.opened_at, closed.reason = actor, now, reason.strip()[:200]
    closed.save(update_fields=["opened_by", "opened_at", "reason"])
    return closed
