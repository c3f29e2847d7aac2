"""Why somebody can't be forgotten yet: something is still under way, or money is owed."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from orders.models import Claim, Order, Return
from payments.models import Dispute, Payment, ValueAccount
from shop.processes.privacy.person import Person
from shop.templatetags.shop_text import money

OVER = {
    Return: ("closed", "declined", "canceled", "expired"),
    Claim: ("declined", "settled", "canceled"),
    Dispute: ("won", "lost", "closed"),
}


def reasons(person: Person) -> list[str]:
    """In words, to the person; none when nothing stands against it."""
    orders = Order.objects.filter(pk__in=person.orders)
    returns = Return.objects.filter(order__in=person.orders)
    claims = Claim.objects.filter(order__in=person.orders)
    found = [
        *_each(_("Order %(number)s is still open."), orders.open()),
        *_each(_("Order %(number)s is not paid yet."), _unpaid(orders)),
        *_each(_("Return %(number)s is still open."), returns.exclude(status__in=OVER[Return])),
        *_each(_("Claim %(number)s is still open."), claims.exclude(status__in=OVER[Claim])),
        *_each(_("Money for order %(number)s is on its way back."), _refunding(orders)),
        *_each(_("Your bank asks about order %(number)s."), _disputed(orders)),
    ]
    return [*found, *_credit(person)]


def _each(words: str, rows: "QuerySet[Order] | QuerySet[Return] | QuerySet[Claim]") -> list[str]:
    numbers = rows.order_by("pk").values_list("number", flat=True)
    return [words % {"number": number} for number in numbers]


def _unpaid(orders: "QuerySet[Order]") -> "QuerySet[Order]":
    """Sent and owed for: an invoice."""
    return orders.filter(
        status=Order.Status.COMPLETED,
        payment_status__in=[Order.Payment.PENDING, Order.Payment.PARTIALLY_PAID],
    )


def _refunding(orders: "QuerySet[Order]") -> "QuerySet[Order]":
    busy = Payment.objects.filter(Q(refund_pending__gt=0) | Q(charge_pending__gt=0))
    return orders.filter(pk__in=busy.values("order"))


def _disputed(orders: "QuerySet[Order]") -> "QuerySet[Order]":
    asked = Dispute.objects.exclude(status__in=OVER[Dispute])
    return orders.filter(pk__in=asked.values("payment__order"))


def _credit(person: Person) -> list[str]:
    rows = ValueAccount.objects.filter(
        customer__in=person.customers, kind=ValueAccount.Kind.STORE_CREDIT, balance__gt=0
    )
    words = _("We still owe you %(amount)s of credit. Use it first, or write to us.")
    return [words % {"amount": money(row.balance, row.currency)} for row in rows.order_by("pk")]
