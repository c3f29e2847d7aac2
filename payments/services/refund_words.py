"""What a buyer is told of a refund: how much, when, where to."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from orders.models import Order
from payments.gateways import BALANCES, gateway
from payments.models import Document, GrantedLine, GrantedRefund, Payment, Refund, ValueAccount
from payments.services import grants, refunds, stored_value
from shop.templatetags.shop_text import money

Status = Refund.Status


@dataclass(frozen=True, slots=True)
class Way:
    """One way of the money. text: a whole sentence; arrived_at: None while it is under way."""

    text: str
    amount: Decimal
    arrived_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Told:
    """One granted refund. items: what it is for; ways: where its money goes; document: its credit note."""

    grant: GrantedRefund
    items: tuple[str, ...]
    ways: tuple[Way, ...]
    rows: tuple[GrantedLine, ...] = ()
    document: Document | None = None


def of_order(order: Order) -> list[Told]:
    """Every refund of an order, oldest first."""
    rows = GrantedRefund.objects.filter(order=order).select_related(
        "order", "document", "granted_by"
    )
    rows = rows.prefetch_related("lines__line", "refunds__payment")
    return [told(one) for one in rows.order_by("granted_at", "pk")]


def told(grant: GrantedRefund) -> Told:
    currency = grant.order.currency
    going = [one for one in grant.refunds.all() if one.status != Status.FAILED]
    ways = [_way(one, currency) for one in sorted(going, key=lambda one: one.pk)]
    if waiting := grants.open_amount(grant):
        words = _("%(amount)s is on its way to you.")
        ways.append(Way(words % {"amount": money(waiting, currency)}, waiting, None))
    if grant.unpaid:
        words = _("%(amount)s is taken off what was still to be paid.")
        text = words % {"amount": money(grant.unpaid, currency)}
        ways.append(Way(text, grant.unpaid, grant.granted_at))
    rows = sorted(grant.lines.all(), key=lambda row: (row.line is None, row.line_id or 0, row.pk))
    return Told(grant, items(rows), tuple(ways), tuple(rows), _credit_note(grant))


def _credit_note(grant: GrantedRefund) -> Document | None:
    found: Document | None = getattr(grant, "document", None)
    return found


def items(rows: Iterable[GrantedLine]) -> tuple[str, ...]:
    """What was given back: "2 × Bowl", "Delivery"."""
    return tuple(dict.fromkeys(_item(row) for row in rows))


def _item(row: GrantedLine) -> str:
    if row.line is None:
        return _("Delivery")
    if row.quantity:
        return f"{row.quantity} × {row.line.title}"
    return _("%(title)s, price lowered") % {"title": row.line.title}


def _way(refund: Refund, currency: str) -> Way:
    words = _words(refund) % {
        "amount": money(refund.amount, currency),
        "account": destination(refund),
    }
    arrived = refund.settled_at if refund.status == Status.SUCCEEDED else None
    return Way(words, refund.amount, arrived)


def _words(refund: Refund) -> str:
    if account := onto(refund):
        if account.kind == ValueAccount.Kind.STORE_CREDIT:
            return _("%(amount)s is store credit: it pays when you are signed in.")
        return _("%(amount)s comes as a gift card, in a mail of its own.")
    if refund.payment.provider in BALANCES:
        return _("%(amount)s is back on your balance: %(account)s.")
    if refunds.is_by_hand(refund):
        return _("%(amount)s goes to your bank account by transfer.")
    return _("%(amount)s goes back the way you paid: %(account)s. Banks take up to ten days.")


def onto(refund: Refund) -> ValueAccount | None:
    """The balance that a refund was put on instead of the way it was paid."""
    if not refund.provider_ref.startswith(refunds.CREDIT):
        return None
    account_id = refund.provider_ref.removeprefix(refunds.CREDIT).partition("-")[0]
    return ValueAccount.objects.get(pk=account_id)


def destination(refund: Refund) -> str:
    """Where the money goes, as a name: "Card •••• 4242", "Bank transfer", "Store credit"."""
    if account := onto(refund):
        return named(account)
    if refunds.is_by_hand(refund):
        return _("Bank transfer")
    return paid_with(refund.payment)


def paid_with(payment: Payment) -> str:
    """A payment as a name that staff and buyer know it by."""
    if payment.provider in BALANCES:
        return named(ValueAccount.objects.get(pk=stored_value.account_id(payment)))
    last4 = payment.card.get("last4", "")
    name = gateway(payment.provider).name
    return f"{name} •••• {last4}" if last4 else name


def named(account: ValueAccount) -> str:
    ending = f" …{account.last4}" if account.last4 else ""
    return f"{account.get_kind_display()}{ending}"
