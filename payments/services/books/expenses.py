"""Money spent on running the shop, in the books."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.models import User
from payments.models import JournalEntry, LedgerAccount
from payments.services.books import chart, posting
from payments.services.books.drafts import Draft, Line
from payments.services.books.roles import Role
from shop.lib.errors import Refused


class KnownExpense(Refused):
    """Raised when an expense is in the books already."""


@dataclass(frozen=True, slots=True)
class Bill:
    """What was bought, and from which account it was or will be paid."""

    account: LedgerAccount
    paid_from: LedgerAccount
    on: dt.date
    net: Decimal
    tax: Decimal
    currency: str
    memo: str = ""


def bill_draft(bill: Bill, *, source: str, at: dt.datetime, rate: Decimal) -> Draft:
    """The net is spent, its tax may be got back, all of it was paid."""
    return Draft(
        kind=JournalEntry.Kind.EXPENSE,
        source=source,
        on=bill.on,
        at=at,
        currency=bill.currency,
        rate=rate,
        lines=[
            Line(bill.account.pk, bill.net),
            Line(Role.INPUT_TAX, bill.tax),
            Line(bill.paid_from.pk, -bill.net - bill.tax),
        ],
        memo=bill.memo,
    )


def post_expense(*, bill: Bill, digest: str, actor: User | None, now: dt.datetime) -> JournalEntry:
    """Book an expense, once a digest. Raises KnownExpense or MonthIsClosed."""
    rate = chart.rate_of(bill.currency, now)
    draft = bill_draft(bill, source=f"expense-{digest}", at=now, rate=rate)
    entry = posting.post_as(draft, actor)
    if entry is None:
        raise KnownExpense(_("This expense is in the books already."))
    return entry
