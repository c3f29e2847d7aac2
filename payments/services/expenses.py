"""Bills of the shop: booked at once, undone by a reversal."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from payments.models import Expense, JournalEntry, LedgerAccount
from payments.services.books import chart, posting
from payments.services.books.expenses import Bill, post_expense
from payments.services.books.roles import Role
from shop.lib.errors import Refused
from shop.lib.money import ZERO
from shop.lib.workdays import shop_day

# Where money is spent from: the bank, or owed to suppliers until it is paid.
PAID_FROM = (Role.BANK, Role.SUPPLIERS)


class WrongBill(Refused):
    """Raised when a bill can't be booked as it is written."""


@dataclass(frozen=True, slots=True)
class Facts:
    """A bill. net + tax = gross, in its own currency."""

    account: LedgerAccount
    paid_from: LedgerAccount
    on: dt.date
    supplier: str
    currency: str
    net: Decimal
    tax: Decimal = ZERO
    reference: str = ""
    note: str = ""

    @property
    def gross(self) -> Decimal:
        return self.net + self.tax

    @property
    def digest(self) -> str:
        """The same for the same bill, so that it is booked once."""
        what = (
            *(self.supplier.casefold(), self.reference.casefold(), self.on.isoformat()),
            *(f"{self.gross:.3f}", self.currency, self.account.code),
            # Without a number two bills of a day are told apart by what they say.
            *(() if self.reference else (self.note.casefold(),)),
        )
        return hashlib.sha256("\n".join(what).encode()).hexdigest()


def categories() -> "list[LedgerAccount]":
    """What a bill may be for: accounts of expenses that the shop doesn't post to itself."""
    chart.ensure()
    accounts = LedgerAccount.objects.filter(kind=LedgerAccount.Kind.EXPENSE, is_active=True)
    return list(accounts.filter(role=None).order_by("code"))


def sources() -> "list[LedgerAccount]":
    """What a bill may be paid from."""
    return [chart.account(role) for role in PAID_FROM]


@transaction.atomic
def enter(*, facts: Facts, actor: User | None, now: dt.datetime) -> Expense:
    """Keep a bill and book it. Raises WrongBill, KnownExpense or MonthIsClosed."""
    check(facts, now)
    bill = Bill(
        account=facts.account,
        paid_from=facts.paid_from,
        on=facts.on,
        net=facts.net,
        tax=facts.tax,
        currency=facts.currency,
        memo=" ".join(filter(None, (facts.supplier, facts.reference, facts.note)))[:200],
    )
    entry = post_expense(bill=bill, digest=facts.digest, actor=actor, now=now)
    return Expense.objects.create(
        account=facts.account,
        paid_from=facts.paid_from,
        on=facts.on,
        supplier=facts.supplier,
        reference=facts.reference,
        note=facts.note,
        currency=facts.currency,
        net=facts.net,
        tax=facts.tax,
        gross=facts.gross,
        digest=facts.digest,
        entry=entry,
        created_by=actor,
        created_at=now,
    )


def check(facts: Facts, now: dt.datetime) -> None:
    """Raises WrongBill for one that can't be booked."""
    if facts.net < 0 or facts.tax < 0 or facts.gross <= 0:
        raise WrongBill(_("Net and tax are zero or more, and not both zero."))
    if facts.on > shop_day(now):
        raise WrongBill(_("The date is in the future."))
    if facts.account.kind != LedgerAccount.Kind.EXPENSE:
        raise WrongBill(_("%(account)s is no account of expenses.") % {"account": facts.account})


@transaction.atomic
def undo(*, expense_id: int, reason: str, actor: User | None, now: dt.datetime) -> JournalEntry:
    """Take a bill out of the books again, by its opposite. Raises ReversedBefore."""
    expense = Expense.objects.select_related("entry").get(pk=expense_id)
    return posting.reverse(entry=expense.entry, reason=reason, actor=actor, now=now)
