"""Gift cards and store credit on one ledger: entries are added, a balance is their sum.

Paying takes three steps. `hold` takes the amount off the balance when the order is placed,
`settle` makes it paid when the rest of the order is, `release` puts it back when that never
comes. Accounts are locked in key order, after the order and its payments.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Q, Sum
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Customer, User
from orders.models import Order
from payments.gateways.stored_value import CODES
from payments.models import Payment, PaymentEvent, Refund, ValueAccount, ValueEntry
from payments.services import card_codes, payments
from payments.services.payments import Fact
from shop.lib.errors import Refused
from shop.lib.locks import locked
from shop.lib.money import ZERO
from shop.lib.workdays import shop_zone

Kind = ValueAccount.Kind
Entry = ValueEntry.Kind
Event = PaymentEvent.Kind
Stage = PaymentEvent.Stage
# Money that comes back to an account can be spent for so long, even when it had run out.
GRACE = dt.timedelta(days=90)
BATCH = 200


class NotEnough(Refused):
    """Raised when more would be taken than an account holds."""


class NoReason(Refused):
    """Raised when a balance is corrected without a word why."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one account pays."""

    account: ValueAccount
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a balance changes: `source` names it once per account and kind, "order-10482"."""

    source: str
    now: dt.datetime
    reason: str = ""
    actor: User | None = None


# Finding


def find(code: str) -> ValueAccount | None:
    """The gift card with this code, however it was typed. The same work for any text."""
    cards = ValueAccount.objects.filter(kind=Kind.GIFT_CARD, is_active=True)
    return cards.filter(digest=card_codes.digest_of(code)).first()


def shown(account: ValueAccount) -> str:
    """What may be shown of a card: its last four characters."""
    return f"…{account.last4}"


def day_of(now: dt.datetime) -> dt.date:
    """The day in the shop: cards run out at its end."""
    return now.astimezone(shop_zone()).date()


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
    on = day_of(now)
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
    _enter(account, Entry.HOLD, -share.amount, Cause(f"order-{order.number}", now))
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
    accounts = lock_accounts(account_id(payment) for payment in held)
    for payment in held:
        amount, account = payment.authorized, accounts[account_id(payment)]
        _tell(payment, Event.VOID, amount, now)
        _enter(account, Entry.REVERT, amount, Cause(f"order-{order.number}", now))
        _keep_usable(account, now)


def _held(order: Order) -> list[Payment]:
    rows = Payment.objects.filter(order=order, provider__in=CODES, authorized__gt=0)
    return locked(rows)


def _tell(payment: Payment, kind: PaymentEvent.Kind, amount: Decimal, now: dt.datetime) -> None:
    fact = Fact(kind, Stage.SUCCESS, amount, payment.idempotency_key)
    payments.record(payment=payment, fact=fact, now=now)


def account_id(payment: Payment) -> int:
    """The account behind a payment by stored value."""
    return int(payment.provider_ref.partition("-")[0])


# Changing balances


def lock_accounts(ids: Iterable[int]) -> dict[int, ValueAccount]:
    """Accounts by id, held for this transaction."""
    return {one.pk: one for one in locked(ValueAccount.objects.filter(pk__in=set(ids)))}


@transaction.atomic
def credit(*, account: ValueAccount, amount: Decimal, cause: Cause) -> bool:
    """Add money, once per source. False when this source was credited before."""
    account = lock_accounts([account.pk])[account.pk]
    known = ValueEntry.objects.filter(account=account, source=cause.source, kind=Entry.CREDIT)
    if known.exists():
        return False
    _enter(account, Entry.CREDIT, amount, cause)
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
    account = lock_accounts([account.pk])[account.pk]
    source = f"correction-{_next(account, Entry.ADJUST)}"
    _enter(account, Entry.ADJUST, amount, Cause(source, now, reason, actor))


@transaction.atomic
def refund(*, refund: Refund, now: dt.datetime) -> None:
    """Put a refund on the account that paid, at once and once."""
    account = lock_accounts([account_id(refund.payment)])[account_id(refund.payment)]
    cause = Cause(refund.idempotency_key, now, refund.reason, refund.requested_by)
    if credit(account=account, amount=refund.amount, cause=cause):
        _keep_usable(account, now)


def expire(*, now: dt.datetime) -> int:
    """Write off what has run out. Returns on how many accounts; safe to run twice at once."""
    gone = ValueAccount.objects.filter(expires_on__lt=day_of(now), balance__gt=0)
    return sum(_expire(pk, now) for pk in list(gone.values_list("pk", flat=True)))


@transaction.atomic
def _expire(account_id: int, now: dt.datetime) -> bool:
    account = lock_accounts([account_id])[account_id]
    has_run_out = account.expires_on is not None and account.expires_on < day_of(now)
    if not (has_run_out and account.balance):
        return False
    source = f"expiry-{_next(account, Entry.EXPIRE)}"
    _enter(account, Entry.EXPIRE, -account.balance, Cause(source, now))
    return True


def _next(account: ValueAccount, kind: ValueEntry.Kind) -> int:
    return ValueEntry.objects.filter(account=account, kind=kind).count() + 1


def _keep_usable(account: ValueAccount, now: dt.datetime) -> None:
    """Money that came back is not lost the same night because the card has run out."""
    until = day_of(now) + GRACE
    if account.expires_on is not None and account.expires_on < until:
        account.expires_on = until
        account.save(update_fields=["expires_on"])


def _enter(account: ValueAccount, kind: ValueEntry.Kind, amount: Decimal, cause: Cause) -> None:
    """Write an entry and move the balance with it. The account must be locked.

    One conditional UPDATE: should a caller forget the lock, nothing is spent twice.
    """
    rows = ValueAccount.objects.filter(pk=account.pk, balance=account.balance)
    if account.balance + amount < 0 or not rows.update(balance=F("balance") + amount):
        raise NotEnough(_("There is not enough on it."))
    account.balance += amount
    ValueEntry.objects.create(
        account=account,
        kind=kind,
        amount=amount,
        balance_after=account.balance,
        source=cause.source,
        reason=cause.reason[:200],
        actor=cause.actor,
        at=cause.now,
    )


def owed() -> dict[str, Decimal]:
    """What the shop owes on cards and credit, by currency."""
    rows = ValueAccount.objects.filter(balance__gt=0).order_by("currency").values("currency")
    return dict(rows.annotate(total=Sum("balance")).values_list("currency", "total"))
