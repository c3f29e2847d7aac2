"""Which ways to pay a shopper may choose from, and why not the others."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.conf import settings
from django.db.models import F, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Customer
from catalog.models import Market
from catalog.queries.rates import exchange_rate
from orders.models import Order
from payments.gateways import ELSEWHERE, GATEWAYS, gateway
from payments.models import GrantedRefund, Payment, PaymentMethod
from payments.services import payments
from shop.lib import rulebook
from shop.lib.errors import Refused
from shop.lib.money import ZERO
from shop.lib.workdays import shop_day

CARD, TRANSFER, CASH, INVOICE = "card", "bank_transfer", "cash_on_delivery", "invoice"
# How a new shop offers them; staff change the rows.
DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    CARD: {"position": 0},
    TRANSFER: {"position": 1, "remind_after_hours": [24, 96]},
    CASH: {"position": 2, "most": {"GBP": "200.00", "EUR": "200.00"}},
    INVOICE: {"position": 3},
}
# For a buyer whose own terms are not known (any more).
USUAL_DAYS = 14
OPEN = (Order.Payment.PENDING, Order.Payment.PARTIALLY_PAID)


class NotOffered(Refused):
    """Raised when an order is to be paid in a way that is not open to it."""


@dataclass(frozen=True, slots=True)
class Sale:
    """What is known of a sale when its buyer chooses how to pay.

    total: what is left for the method to pay. customer: who is signed in.
    """

    market: Market
    total: Decimal
    country: str
    customer: Customer | None = None
    has_parcel: bool = True
    now: dt.datetime = field(default_factory=timezone.now)


@dataclass(frozen=True, slots=True)
class Offered:
    """A way to pay as the shopper reads it."""

    code: str
    name: str
    hint: str


def rows() -> list[PaymentMethod]:
    """Every method the shop knows, in its order; what has no row yet gets one."""
    return rulebook.kept("payment-methods", _rows)


def _rows() -> list[PaymentMethod]:
    known = {one.code: one for one in PaymentMethod.objects.all()}
    for code in GATEWAYS:
        if code not in known:
            known[code] = _made(code)
    found = [one for code, one in known.items() if code in GATEWAYS]
    return sorted(found, key=lambda one: (one.position, one.pk))


def of(code: str) -> PaymentMethod:
    """The row of one method."""
    return next((one for one in rows() if one.code == code), None) or _made(code)


def _made(code: str) -> PaymentMethod:
    hours = int(gateway(code).patience / dt.timedelta(hours=1))
    defaults = {"patience_hours": hours, **DEFAULTS.get(code, {})}
    return PaymentMethod.objects.get_or_create(code=code, defaults=defaults)[0]


def patience(code: str) -> dt.timedelta:
    """How long an order waits for money that comes this way."""
    if code not in GATEWAYS:
        return gateway(code).patience
    return dt.timedelta(hours=of(code).patience_hours)


def offered(sale: Sale) -> list[Offered]:
    """What this shopper may choose from, in the shop's order."""
    return [shown(row) for row in rows() if not _problem(row, sale)]


def shown(row: PaymentMethod) -> Offered:
    one = gateway(row.code)
    return Offered(row.code, one.name, row.words or one.hint)


def problem(code: str, sale: Sale) -> str:
    """Why a method is not open to this sale, in plain words; empty when it is."""
    if code not in GATEWAYS:
        return _("Choose how to pay.")
    return _problem(of(code), sale)


def check(code: str, sale: Sale) -> None:
    """Raises NotOffered when the method is not open to this sale. In the order's transaction.

    Of one customer's invoices one at a time is weighed, so that two can't both be the last.
    """
    if code == INVOICE and sale.customer is not None:
        Customer.objects.select_for_update().get(pk=sale.customer.pk)
    if words := problem(code, sale):
        raise NotOffered(words)


def _problem(row: PaymentMethod, sale: Sale) -> str:
    name = gateway(row.code).name
    if not row.is_active or (row.code == CARD and not settings.STRIPE_SECRET_KEY):
        return _("%(method)s is not offered at the moment.") % {"method": name}
    if row.countries and sale.country not in row.countries:
        return _("%(method)s is not offered for this country.") % {"method": name}
    most = limit(row, sale.market.currency)
    if most is not None and sale.total > most:
        figures = {"method": name, "most": most, "currency": sale.market.currency}
        return _("%(method)s is offered up to %(most)s %(currency)s.") % figures
    if row.code == CASH and not sale.has_parcel:
        return _("Nothing is delivered, so nobody can take the cash.")
    return _invoice_problem(sale) if row.code == INVOICE else ""


def limit(row: PaymentMethod, currency: str) -> Decimal | None:
    """The most it is offered for in this currency; None: any sum."""
    try:
        most = Decimal(str(row.most[currency]))
    except (KeyError, TypeError, InvalidOperation):
        return None
    return most if most.is_finite() else None


def _invoice_problem(sale: Sale) -> str:
    customer = sale.customer
    if customer is None or customer.user_id is None or customer.invoice_days is None:
        return _("Invoices are for approved customers who have signed in.")
    if customer.credit_limit is None:
        return ""
    rate = exchange_rate(sale.market.currency, sale.now) or Decimal(1)
    if owed(customer) + sale.total * rate > customer.credit_limit:
        return _("With this order you would owe more on invoices than was agreed.")
    return ""


def owed(customer: Customer) -> Decimal:
    """What a customer's invoices still ask for, in the main market's currency."""
    open_orders = Order.objects.filter(
        customer=customer, payment_method=INVOICE, payment_status__in=OPEN
    ).exclude(status__in=[Order.Status.CANCELED, Order.Status.EXPIRED])
    rates = dict(open_orders.values_list("pk", "exchange_rate"))
    asked = dict(open_orders.values_list("pk", "total"))
    for model, amount in (
        (Payment, Coalesce(Sum(F("charged") + F("authorized")), ZERO)),
        (GrantedRefund, Coalesce(Sum("unpaid"), ZERO)),
    ):
        sums = model.objects.filter(order__in=asked).values("order").annotate(less=amount)
        for order_id, less in sums.values_list("order", "less"):
            asked[order_id] -= less
    return sum((max(ZERO, left) * rates[pk] for pk, left in asked.items()), ZERO)


# What follows from the method of an order


def offline(order: Order) -> str:
    """How money that a person saw came: the order's own way without a provider, else a transfer."""
    one = (GATEWAYS | ELSEWHERE).get(order.payment_method)
    return order.payment_method if one is not None and not one.is_online else TRANSFER


def online(order: Order, *, left: Decimal | None = None) -> str:
    """How an order can be paid on a provider's page now: its own way, or by card; else empty.

    Not what the carrier is told to collect. left: to pay, for whoever knows it.
    """
    if not order.can_be_paid or order.payment_method == CASH:
        return ""
    one = GATEWAYS.get(order.payment_method)
    if one is not None and one.is_online:
        return order.payment_method
    total = payments.left_to_pay(order) if left is None else left
    sale = Sale(market=order.market, total=total, country=order.country)
    return "" if problem(CARD, sale) else CARD


def waits_for_transfer(order: Order) -> bool:
    """Whether its buyer is to transfer money to the shop's account."""
    return order.can_be_paid and order.payment_method in (TRANSFER, INVOICE)


def pay_until(order: Order) -> dt.date | None:
    """The last day to pay an order that waits for its money."""
    if order.due_on is not None or order.status != Order.Status.PENDING:
        return order.due_on
    return shop_day(order.expires_at) if order.expires_at else None


def set_due(*, order: Order, now: dt.datetime) -> None:
    """From the day an invoice order counts, its buyer has the days that were agreed."""
    is_owed = order.payment_method == INVOICE and order.payment_status != Order.Payment.PAID
    if not is_owed or order.due_on is not None:
        return
    days = order.customer.invoice_days if order.customer else None
    order.due_on = shop_day(now) + dt.timedelta(days=USUAL_DAYS if days is None else days)
    order.save(update_fields=["due_on"])
