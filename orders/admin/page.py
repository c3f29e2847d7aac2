"""Everything about one order on one page."""

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest

from accounts.models import User
from orders.admin import badges
from orders.admin.step_pages import address
from orders.admin.steps import STEPS
from orders.models import Adjustment, Hold, Order, OrderEvent, OrderLine, TaxLine
from orders.services import receipts
from orders.services.receipts import Sums
from payments.gateways import GATEWAYS
from payments.models import Payment, PaymentEvent
from payments.services import payments
from shipping.models import Fulfilment, FulfilmentLine
from shop.outbox.models import Mail


@dataclass(frozen=True, slots=True)
class Button:
    verb: str
    link: str
    is_destructive: bool


@dataclass(frozen=True, slots=True)
class Badge:
    words: str
    tone: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline."""

    headline: str
    note: str
    actor: User | None
    event: OrderEvent


def whole_order(orders: QuerySet[Order]) -> QuerySet[Order]:
    """The order with all that its page shows: a fixed number of queries."""
    return orders.select_related("market", "customer", "terms").prefetch_related(
        Prefetch("lines", OrderLine.objects.order_by("position", "pk")),
        "lines__parts",
        Prefetch("lines__adjustments", Adjustment.objects.order_by("pk")),
        Prefetch("adjustments", Adjustment.objects.select_related("line").order_by("pk")),
        Prefetch("tax_lines", TaxLine.objects.select_related("line").order_by("pk")),
        Prefetch("holds", Hold.objects.select_related("placed_by").order_by("-placed_at", "-pk")),
        Prefetch("events", OrderEvent.objects.select_related("actor").order_by("-at", "-pk")),
        Prefetch("payments", Payment.objects.order_by("created_at", "pk")),
        Prefetch("payments__events", PaymentEvent.objects.order_by("at", "pk")),
        "payments__refunds",
        Prefetch("fulfilments", Fulfilment.objects.order_by("position", "pk")),
        Prefetch("fulfilments__lines", FulfilmentLine.objects.select_related("order_line")),
        "fulfilments__lines__order_line__parts",
    )


def mails_about(order: Order) -> QuerySet[Mail]:
    rows = Mail.objects.filter(reference=order.number).defer("html", "text")
    return rows.order_by("sent_at", "pk")


def buttons(request: HttpRequest, order: Order) -> list[Button]:
    """The steps that are possible now and allowed to this person."""
    return [
        Button(str(step.verb), address(step, [order.pk]), step.is_destructive)
        for step in STEPS.values()
        if step.is_possible(order) and request.user.has_perm(step.right)
    ]


def states(order: Order) -> list[Badge]:
    return [
        Badge(order.get_status_display(), badges.STATUS[Order.Status(order.status)]),
        Badge(
            order.get_payment_status_display(),
            badges.PAYMENT[Order.Payment(order.payment_status)],
        ),
        Badge(
            order.get_fulfillment_status_display(),
            badges.FULFILLMENT[Order.Fulfillment(order.fulfillment_status)],
        ),
    ]


def timeline(order: Order) -> list[Entry]:
    return [
        Entry(badges.headline(event), event.note, event.actor, event)
        for event in order.events.all()
    ]


def paid_by(order: Order) -> str:
    gateway = GATEWAYS.get(order.payment_method)
    return gateway.name if gateway else order.payment_method


def sums(order: Order) -> Sums:
    """What the order came to, as its page has it."""
    paid = payments.paid_with(order)
    return receipts.sums_of(
        order,
        list(order.lines.all()),
        list(order.adjustments.all()),
        paid=[receipts.Row(one.name, one.amount) for one in paid],
    )


def open_holds(order: Order) -> list[Hold]:
    return [hold for hold in order.holds.all() if hold.released_at is None]
