"""Entries by hand, for what the shop can't know: an accountant's lines and why."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.models import User
from payments.models import JournalEntry, LedgerAccount
from payments.services.books import chart, posting
from payments.services.books.drafts import Draft, Line
from shop.lib.errors import Refused


class NoMemo(Refused):
    """Raised when an entry is made by hand without a word what for."""


class NoLines(Refused):
    """Raised when an entry is made by hand with fewer than two amounts."""


class KnownEntry(Refused):
    """Raised when the same form was booked before."""


@dataclass(frozen=True, slots=True)
class ByHand:
    """An account and an amount: above zero a debit, below zero a credit."""

    account: LedgerAccount
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Note:
    """What an entry is for, its day and money. key: its form's, so that a second click adds nothing."""

    memo: str
    on: dt.date
    currency: str
    key: str


def enter(
    *, lines: Sequence[ByHand], note: Note, actor: User | None, now: dt.datetime
) -> JournalEntry:
    """Book by hand. Raises NoMemo, NoLines, NotBalanced, KnownEntry or MonthIsClosed."""
    if not note.memo.strip():
        raise NoMemo(_("Say what the entry is for."))
    draft = Draft(
        kind=JournalEntry.Kind.MANUAL,
        source=f"manual-{note.key}"[:80],
        on=note.on,
        at=now,
        currency=note.currency,
        rate=chart.rate_of(note.currency, now),
        lines=[Line(one.account.pk, one.amount) for one in lines],
        memo=note.memo,
    )
    if not draft.lines:
        raise NoLines(_("Enter at least two amounts."))
    entry = posting.post_as(draft, actor)
    if entry is None:
        raise KnownEntry(_("This entry is in the books already."))
    return entry
