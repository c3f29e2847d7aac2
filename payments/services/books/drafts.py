"""A journal entry before it is written: pure, and refusing to exist out of balance."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from payments.models import JournalEntry
from payments.services.books.roles import Role
from shop.lib.errors import Refused
from shop.lib.money import ZERO, round_money

Kind = JournalEntry.Kind


class NotBalanced(Refused):
    """Raised when the debits of an entry are not its credits. difference: debits less credits."""

    def __init__(self, source: str, difference: Decimal) -> None:
        super().__init__(
            _("Debits and credits differ by %(difference)s (%(source)s).")
            % {"difference": difference, "source": source}
        )
        self.source, self.difference = source, difference


@dataclass(frozen=True, slots=True)
class Line:
    """An amount on an account, a role's or one by its id: above zero a debit, below a credit.

    base: in the books' currency; None is worked out from the entry's rate.
    """

    account: Role | int
    amount: Decimal
    country: str = ""
    region: str = ""
    tax_rate: Decimal | None = None
    base: Decimal | None = None

    @property
    def is_something(self) -> bool:
        return bool(self.amount or self.base)


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be booked. Lines of nothing are left out. Raises NotBalanced.

    source: names the event once. rate: units of the books' currency for one of the entry's.
    """

    kind: JournalEntry.Kind
    source: str
    on: dt.date
    at: dt.datetime
    currency: str
    rate: Decimal
    lines: Sequence[Line]
    order_id: int | None = None
    memo: str = ""
    actor_id: int | None = None
    reverses_id: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "lines", tuple(one for one in self.lines if one.is_something))
        if difference := sum((one.amount for one in self.lines), ZERO):
            raise NotBalanced(self.source, difference)


def in_books(draft: Draft, currency: str) -> list[Decimal]:
    """What its lines are in the books' currency, summing to zero there as well.

    Each line is rounded by itself; the largest takes what that leaves over.
    """
    values = [_value(line, draft, currency) for line in draft.lines]
    if rest := sum(values, ZERO):
        sizes = [abs(line.amount) for line in draft.lines]
        values[sizes.index(max(sizes))] -= rest
    return values


def _value(line: Line, draft: Draft, currency: str) -> Decimal:
    if line.base is not None:
        return line.base
    if draft.currency == currency:
        return line.amount
    return round_money(line.amount * draft.rate, currency)


def against(role: Role, amount: Decimal, other: Role) -> tuple[Line, Line]:
    """The plainest entry: debit one account, credit another."""
    return Line(role, amount), Line(other, -amount)


def opposite(lines: Iterable[Line]) -> list[Line]:
    """The same accounts, the other way round."""
    return [
        replace(line, amount=-line.amount, base=None if line.base is None else -line.base)
        for line in lines
    ]
