"""Trial balance: every account's opening, movements and closing; what is owed on a day."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum

from analytics.queries.kept import AMOUNT, NOTHING
from payments.models import JournalLine, LedgerAccount
from payments.services.books.roles import Role
from shop.lib.money import ZERO

# What others owe the shop, and what it owes others, in the order of the page.
OWED = (
    *(Role.CUSTOMERS, Role.PROVIDER, Role.CARRIERS, Role.DISPUTED, Role.INPUT_TAX),
    *(Role.SUPPLIERS, Role.OUTPUT_TAX, Role.CARDS_TO_ISSUE, Role.GIFT_CARDS, Role.STORE_CREDIT),
    Role.VALUE_HELD,
)


@dataclass(frozen=True, slots=True)
class Balance:
    """An account between two days. debit and credit are both zero or more; a balance below
    zero is a credit."""

    account: LedgerAccount | None
    opening: Decimal
    debit: Decimal
    credit: Decimal

    @property
    def closing(self) -> Decimal:
        return self.opening + self.debit - self.credit


def trial_balance(first: dt.date | None, last: dt.date) -> list[Balance]:
    """The accounts in use, and all that were ever posted to. first None: from the beginning.

    Two queries.
    """
    found = {row["account"]: row for row in _sums(first, last)}
    accounts = LedgerAccount.objects.filter(Q(is_active=True) | Q(pk__in=found)).order_by("code")
    return [_balance(account, found.get(account.pk)) for account in accounts]


def _sums(first: dt.date | None, last: dt.date) -> "QuerySet[Any, Any]":
    now = Q(entry__on__gte=first) if first else Q()
    before = Q(entry__on__lt=first) if first else Q(pk__in=[])
    lines = JournalLine.objects.filter(entry__on__lte=last).order_by()
    return lines.values("account").annotate(
        opening=_sum(before),
        debit=_sum(now & Q(base__gt=0)),
        credit=_sum(now & Q(base__lt=0)),
    )


def _sum(which: Q) -> Sum:
    return Sum("base", filter=which, default=NOTHING, output_field=AMOUNT)


def _balance(account: LedgerAccount, row: dict[str, Any] | None) -> Balance:
    if row is None:
        return Balance(account, ZERO, ZERO, ZERO)
    return Balance(account, row["opening"], row["debit"], -row["credit"])


def together(rows: Iterable[Balance]) -> Balance:
    """The sums below a trial balance: opening and closing are zero, debit is credit."""
    known = list(rows)
    return Balance(
        account=None,
        opening=sum((row.opening for row in known), ZERO),
        debit=sum((row.debit for row in known), ZERO),
        credit=sum((row.credit for row in known), ZERO),
    )


@dataclass(frozen=True, slots=True)
class Owed:
    """An account whose balance somebody owes: the shop when it is below zero."""

    account: LedgerAccount
    amount: Decimal


def owed(last: dt.date) -> list[Owed]:
    """What others owe the shop, and it owes them, at the end of a day. Two queries."""
    accounts = {one.role: one for one in LedgerAccount.objects.filter(role__in=OWED)}
    lines = JournalLine.objects.filter(entry__on__lte=last, account__role__in=OWED).order_by()
    sums = dict(
        lines.values("account__role").annotate(sum=Sum("base")).values_list("account__role", "sum")
    )
    return [Owed(accounts[role], sums.get(role, ZERO)) for role in OWED if role in accounts]
