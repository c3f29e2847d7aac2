"""Everything about one order on one page."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import User
from orders.admin import badges, desk_steps, doors, refund_page
from orders.admin.decisions import open_holds
from orders.admin.step_pages import address
from orders.admin.steps import DECISIONS, STEPS
from orders.models import Adjustment, Hold, Order, OrderEvent, OrderLine, TaxLine
from orders.services import receipts
from orders.services.receipts import Sums
from payments.gateways import GATEWAYS
from payments.models import Document, Payment, PaymentEvent, RiskAssessment
from payments.services import documents, payments, refund_words
from payments.services.refund_words import Told
from shipping.models import Fulfilment, FulfilmentLine
from shop.outbox.models import Mail

# Steps that are offered in panels of their own.
ELSEWHERE = (*DECISIONS, *desk_steps.SLUGS)


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
    return orders.select_related(
        "market", "customer", "terms", "risk__decided_by", "assigned_to"
    ).prefetch_related(
        Prefetch("lines", OrderLine.objects.order_by("position", "pk")),
        "lines__parts",
        Prefetch("lines__adjustments", Adjustment.objects.order_by("pk")),
        Prefetch("adjustments", Adjustment.objects.select_related("line").order_by("pk")),
        Prefetch("tax_lines", TaxLine.objects.select_related("line").order_by("pk")),
        Prefetch("holds", _holds()),
        Prefetch("events", OrderEvent.objects.select_related("actor").order_by("-at", "-pk")),
        Prefetch("payments", Payment.objects.order_by("created_at", "pk")),
        Prefetch("payments__events", PaymentEvent.objects.order_by("at", "pk")),
        "payments__refunds",
        "payments__disputes",
        Prefetch("fulfilments", Fulfilment.objects.order_by("position", "pk")),
        Prefetch("fulfilments__lines", FulfilmentLine.objects.select_related("order_line")),
        "fulfilments__lines__order_line__parts",
    )


def documents_of(order: Order, request: HttpRequest) -> list[Document]:
    """Its invoice and credit notes, for those who may see them."""
    may_see = request.user.has_perm("payments.view_document")
    return documents.of_order(order) if may_see else []


def mails_about(order: Order) -> QuerySet[Mail]:
    rows = Mail.objects.filter(reference=order.number).defer("html", "text")
    return rows.order_by("sent_at", "pk")


def buttons(request: HttpRequest, order: Order) -> list[Button]:
    """The steps that are possible now and allowed to this person; decisions have their panel."""
    own = _possible(request, order, [slug for slug in STEPS if slug not in ELSEWHERE])
    ways = doors.open_to(request, order)
    return own + [Button(str(way.words), way.address(order), way.is_destructive) for way in ways]


def _possible(request: HttpRequest, order: Order, slugs: Iterable[str]) -> list[Button]:
    return [
        Button(str(step.verb), address(step, [order.pk]), step.is_destructive)
        for step in (STEPS[slug] for slug in slugs)
        if step.is_possible(order) and request.user.has_perm(step.right)
    ]


def states(order: Order) -> list[Badge]:
    """One for each axis; the fourth once something comes back."""
    axes = [
        Badge(order.get_status_display(), badges.STATUS[Order.Status(order.status)]),
        Badge(
            order.get_payment_status_display(),
            badges.PAYMENT[Order.Payment(order.payment_status)],
        ),
    ]
    on_its_way, words = badges.delivery(order)
    if on_its_way:
        axes.append(Badge(words, badges.FULFILLMENT[Order.Fulfillment(on_its_way)]))
    if order.return_status == Order.Return.NONE:
        return axes
    tone = badges.RETURN[Order.Return(order.return_status)]
    words = _("Return: %(state)s") % {"state": order.get_return_status_display()}
    return [*axes, Badge(words, tone)]


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


@dataclass(frozen=True, slots=True)
class Verification:
    """Why an order waits or waited, and what a person may do about it."""

    weighed: RiskAssessment | None
    tone: str
    ip: str
    open: list[Hold]
    over: list[Hold]
    buttons: list[Button]


def verification(request: HttpRequest, order: Order) -> Verification | None:
    """None for an order that was never weighed nor held."""
    weighed: RiskAssessment | None = getattr(order, "risk", None)
    holds = list(order.holds.all())
    if weighed is None and not holds:
        return None
    return Verification(
        weighed=weighed,
        ip=order.ip or "",
        tone=badges.VERDICT[RiskAssessment.Verdict(weighed.verdict)] if weighed else "default",
        open=open_holds(order),
        over=[hold for hold in holds if hold.released_at is not None],
        buttons=_possible(request, order, DECISIONS),
    )


@dataclass(frozen=True, slots=True)
class Refunds:
    """What was given back. link: where more is, for whoever may."""

    told: list[Told]
    link: str


def refunds(request: HttpRequest, order: Order) -> Refunds:
    may_see = request.user.has_perm("payments.view_grantedrefund")
    told = refund_words.of_order(order) if may_see else []
    return Refunds(told, refund_page.link(request, order))


def _holds() -> QuerySet[Hold]:
    rows = Hold.objects.select_related("placed_by", "released_by")
    return rows.order_by("-placed_at", "-pk")
