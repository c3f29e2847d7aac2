"""The ledger under gift cards and store credit: entries are added, a balance is their sum.

Accounts are locked in key order, after the order and the payments they pay.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from accounts.models import Customer, User
from payments.models import ValueAccount, ValueEntry
from payments.services.books import value
from shop.lib.errors import Refused
from shop.lib.locks import locked
from shop.lib.workdays import shop_day

Kind = ValueAccount.Kind
Entry = ValueEntry.Kind
# Money that comes back to an account can be spent for so long, even when it had run out.
GRACE = dt.timedelta(days=90)


class NotEnough(Refused):
    """Raised when more would be taken than an account holds."""


class NoReason(Refused):
    """Raised when a balance is corrected without a word why."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a balance changes: `source` names it once per account and kind, "order-10482"."""

    source: str
    now: dt.datetime
    reason: str = ""
    actor: User | None = None


def lock(ids: Iterable[int]) -> dict[int, ValueAccount]:
    """Accounts by id, held for this transaction."""
    return {one.pk: one for one in locked(ValueAccount.objects.filter(pk__in=set(ids)))}


@transaction.atomic
def credit(*, account: ValueAccount, amount: Decimal, cause: Cause) -> bool:
    """Add money, once per source. False when this source was credited before."""
    account = lock([account.pk])[account.pk]
    known = ValueEntry.objects.filter(account=account, source=cause.source, kind=Entry.CREDIT)
    if known.exists():
        return False
    enter(account, Entry.CREDIT, amount, cause)
    return True


@transaction.atomic
def adjust(
    *,
    account: ValueAccount,
    amount: Decimal,
    reason: str,
    actor: User | None,
    now: dt.datetime,
) -> None:
    """Correct a balance by hand, up or down. Raises NoReason or NotEnough."""
    if not reason.strip():
        raise NoReason(_("Say why the balance is corrected."))
    account = lock([account.pk])[account.pk]
    source = f"correction-{_next(account, Entry.ADJUST)}"
    enter(account, Entry.ADJUST, amount, Cause(source, now, reason, actor))


def expire(*, now: dt.datetime) -> int:
    """Write off what has run out. Returns on how many accounts; safe to run twice at once."""
    gone = ValueAccount.objects.filter(expires_on__lt=shop_day(now), balance__gt=0)
    return sum(_expire(pk, now) for pk in list(gone.values_list("pk", flat=True)))


@transaction.atomic
def _expire(account_id: int, now: dt.datetime) -> bool:
    account = lock([account_id])[account_id]
    has_run_out = account.expires_on is not None and account.expires_on < shop_day(now)
    if not (has_run_out and account.balance):
        return False
    source = f"expiry-{_next(account, Entry.EXPIRE)}"
    enter(account, Entry.EXPIRE, -account.balance, Cause(source, now))
    return True


def _next(account: ValueAccount, kind: ValueEntry.Kind) -> int:
    return ValueEntry.objects.filter(account=account, kind=kind).count() + 1


def keep_usable(account: ValueAccount, now: dt.datetime) -> None:
    """Money that came back is not lost the same night because the card has run out."""
    until = shop_day(now) + GRACE
    if account.expires_on is not None and account.expires_on < until:
        account.expires_on = until
        account.save(update_fields=["expires_on"])


def enter(account: ValueAccount, kind: ValueEntry.Kind, amount: Decimal, cause: Cause) -> None:
    """Write an entry, move the balance with it, and book it. The account must be locked.

    One conditional UPDATE: should a caller forget the lock, nothing is spent twice.
    """
    rows = ValueAccount.objects.filter(pk=account.pk, balance=account.balance)
    if account.balance + amount < 0 or not rows.update(balance=F("balance") + amount):
        raise NotEnough(_("There is not enough on it."))
    account.balance += amount
    entry = ValueEntry.objects.create(
        account=account,
        kind=kind,
        amount=amount,
        balance_after=account.balance,
        source=cause.source,
        reason=cause.reason[:200],
        actor=cause.actor,
        at=cause.now,
    )
    value.post_entry(entry=entry)


@transaction.atomic
def switch(*, account: ValueAccount, is_active: bool) -> bool:
    """Let an account be used, or not. False when it was so already."""
    rows = ValueAccount.objects.filter(pk=account.pk).exclude(is_active=is_active)
    return bool(rows.update(is_active=is_active))


def owed() -> dict[str, Decimal]:
    """What the shop owes on cards and credit, by currency."""
    rows = ValueAccount.objects.filter(balance__gt=0).order_by("currency").values("currency")
    return dict(rows.annotate(total=Sum("balance")).values_list("currency", "total"))


# Store credit


def credit_account(*, customer: Customer, currency: str, now: dt.datetime) -> ValueAccount:
    """The customer's store credit without an end, made when it is first needed."""
    locked(Customer.objects.filter(pk=customer.pk))  # two at once would make two
    own = ValueAccount.objects.filter(
        kind=Kind.STORE_CREDIT, customer=customer, currency=currency, expires_on=None
    )
    return own.order_by("pk").first() or ValueAccount.objects.create(
        kind=Kind.STORE_CREDIT, customer=customer, currency=currency, created_at=now
    )


@transaction.atomic
def give_credit(
    *,
    customer: Customer,
    amount: Decimal,
    currency: str,
    cause: Cause,
    expires_on: dt.date | None = None,
) -> ValueAccount:
    """Add store credit: to the customer's balance, or as one of its own that runs out."""
    if expires_on is None:
        account = credit_account(customer=customer, currency=currency, now=cause.now)
    else:
        account = ValueAccount.objects.create(
            kind=Kind.STORE_CREDIT,
            customer=customer,
            currency=currency,
            expires_on=expires_on,
            created_at=cause.now,
        )
    credit(account=account, amount=amount, cause=cause)
    return account
