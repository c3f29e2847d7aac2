"""Paying with gift cards and store credit, beside at most one other way to pay.

It takes three steps. `hold` takes the amount off the balance when the order is placed,
`settle` makes it paid when the rest of the order is, `release` puts it back when that never
comes. Accounts are locked in key order, after the order and its payments.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Customer
from orders.models import Order
from payments.gateways.stored_value import CODES
from payments.models import Payment, PaymentEvent, ValueAccount, ValueEntry
from payments.services import balances, card_codes, payments
from payments.services.balances import Cause
from payments.services.payments import Fact
from shop.lib.locks import locked
from shop.lib.money import ZERO
from shop.lib.workdays import shop_day

Kind = ValueAccount.Kind
Entry = ValueEntry.Kind
Event = PaymentEvent.Kind
Stage = PaymentEvent.Stage


@dataclass(frozen=True, slots=True)
class Share:
    """What one account pays."""

    account: ValueAccount
    amount: Decimal


# Finding


def find(code: str, *, switched_off: bool = False) -> ValueAccount | None:
    """The gift card with this code, however it was typed. The same work for any text.

    switched_off: find those as well; to shoppers they do not exist.
    """
    cards = ValueAccount.objects.filter(kind=Kind.GIFT_CARD)
    cards = cards if switched_off else cards.filter(is_active=True)
    return cards.filter(digest=card_codes.digest_of(code)).first()


def shown(account: ValueAccount) -> str:
    """What may be shown of a card: its last four characters."""
    return f"…{account.last4}"


def problem(account: ValueAccount, *, currency: str, on: dt.date) -> str:
    """Why an account can't pay in this currency today, in plain words; empty when it can."""
    if not account.is_active:
        return _("This gift card can't be used.")
    if account.currency != currency:
        return _("This gift card is in %(currency)s and can't pay here.") % {
            "currency": account.currency
        }
    if account.expires_on and account.expires_on < on:
        return _("This gift card ran out on %(day)s.") % {"day": date_format(account.expires_on)}
    return "" if account.balance else _("Nothing is left on this gift card.")


def usable(
    *, digests: Iterable[str], customer: Customer | None, currency: str, on: dt.date
) -> list[ValueAccount]:
    """What can pay today, in the order it does: soonest to run out, cards before credit."""
    owned = Q(kind=Kind.GIFT_CARD, digest__in=list(digests))
    if customer is not None:
        owned |= Q(kind=Kind.STORE_CREDIT, customer=customer)
    rows = ValueAccount.objects.filter(owned, currency=currency, is_active=True, balance__gt=0)
    rows = rows.filter(Q(expires_on=None) | Q(expires_on__gte=on))
    return sorted(rows, key=_turn)


def _turn(account: ValueAccount) -> tuple[dt.date, bool, int]:
    return (account.expires_on or dt.date.max, account.kind != Kind.GIFT_CARD, account.pk)


def shares(accounts: Sequence[ValueAccount], total: Decimal) -> list[Share]:
    """Who pays how much of a total, each account all it can before the next one starts."""
    found = []
    for account in accounts:
        if (amount := min(account.balance, total)) > ZERO:
            found.append(Share(account, amount))
            total -= amount
    return found


# Paying


@transaction.atomic
def hold(
    *, order: Order, digests: Iterable[str], customer: Customer | None, now: dt.datetime
) -> Decimal:
    """Take what these accounts can pay of an order off their balances; returns what is left.

    An order holds once: asking again gives the same answer. The order must be locked or new.
    """
    left = payments.left_to_pay(order)
    if Payment.objects.filter(order=order, provider__in=CODES).exists():
        return left
    on = shop_day(now)
    named = usable(digests=digests, customer=customer, currency=order.currency, on=on)
    # Locked in key order, then read again: others may have spent from them meanwhile.
    fresh = locked(ValueAccount.objects.filter(pk__in=[one.pk for one in named]))
    able = [one for one in fresh if not problem(one, currency=order.currency, on=on)]
    for share in shares(sorted(able, key=_turn), left):
        _hold_share(order, share, now)
        left -= share.amount
    return left


def _hold_share(order: Order, share: Share, now: dt.datetime) -> None:
    account = share.account
    held_before = Payment.objects.filter(order=order, provider=account.kind).count()
    payment = Payment.objects.create(
        order=order,
        provider=account.kind,
        attempt=held_before + 1,
        provider_ref=f"{account.pk}-{order.number}",
        amount=share.amount,
        currency=order.currency,
        created_at=now,
    )
    balances.enter(account, Entry.HOLD, -share.amount, Cause(f"order-{order.number}", now))
    _tell(payment, Event.AUTHORIZE, share.amount, now)


@transaction.atomic
def settle(*, order: Order, now: dt.datetime) -> None:
    """What the order holds is paid now; no balance changes. The order must be locked."""
    for payment in _held(order):
        _tell(payment, Event.CHARGE, payment.authorized, now)


@transaction.atomic
def release(*, order: Order, now: dt.datetime) -> None:
    """Put back what the order holds and has not spent. The order must be locked."""
    held = _held(order)
    accounts = balances.lock([account_id(payment) for payment in held])
    for payment in held:
        amount, account = payment.authorized, accounts[account_id(payment)]
        _tell(payment, Event.VOID, amount, now)
        balances.enter(account, Entry.REVERT, amount, Cause(f"order-{order.number}", now))
        balances.keep_usable(account, now)


def _held(order: Order) -> list[Payment]:
    rows = Payment.objects.filter(order=order, provider__in=CODES, authorized__gt=0)
    return locked(rows)


def _tell(payment: Payment, kind: PaymentEvent.Kind, amount: Decimal, now: dt.datetime) -> None:
    fact = Fact(kind, Stage.SUCCESS, amount, payment.idempotency_key)
    payments.record(payment=payment, fact=fact, now=now)


def account_id(payment: Payment) -> int:
    """The account behind a payment by stored value."""
    return int(payment.provider_ref.partition("-")[0])
