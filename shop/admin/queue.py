"""The start page: what waits for somebody, each count one query and one link to the rows."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from analytics.queries.books.checks import broken_count, latest
from analytics.queries.books.payouts import unmatched
from catalog.models import Image, Review
from inventory.admin import LOW, SOLD_OUT, SUGGESTED, late
from inventory.models import PurchaseOrder, StockItem
from inventory.services import feeds
from orders.admin import open_shortages, waiting_orders
from orders.admin.saved_views import SAVED_VIEWS
from orders.models import CallTask, Order
from payments.admin.disputes import TO_ANSWER, due_soon
from payments.models import Dispute, Refund
from payments.services import refunds
from shipping.models import HandOff
from shipping.services.tracking import with_problem
from shop.outbox.models import Message

Count = Callable[[dt.datetime], int]


@dataclass(frozen=True, slots=True)
class Task:
    """A kind of work: who may see it, how much there is, where it is."""

    title: str | Promise
    hint: str | Promise
    permission: str
    page: str
    query: str
    count: Count
    is_urgent: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of the queue as the page shows it."""

    title: str
    hint: str
    count: int
    link: str
    tone: str


def _orders(
    slug: str, hint: str | Promise, right: str = "view_order", *, is_urgent: bool = False
) -> Task:
    view = SAVED_VIEWS[slug]
    return Task(
        title=view.title,
        hint=hint,
        permission=f"orders.{right}",
        page="orders_order",
        query=f"view={slug}",
        count=lambda now: view.narrow(Order.objects.all(), now).count(),
        is_urgent=is_urgent,
    )


TASKS = [
    _orders("to-verify", _("Not accepted yet: look them over."), "confirm_order"),
    _orders("to-ship", _("Confirmed, and still in the house.")),
    _orders("to-pick", _("Nobody has begun with these."), "pick_order"),
    _orders("to-pack", _("Fetched, and not in a box yet."), "pick_order"),
    _orders("to-send", _("In a box, and still here."), "ship_order"),
    _orders("late", _("Should have left by now."), is_urgent=True),
    Task(
        title=_("Calls to make"),
        hint=_("Customers to ring before their orders go on."),
        permission="orders.call_order",
        page="orders_calltask",
        query="state=due",
        count=lambda now: CallTask.objects.filter(closed_at=None, due_at__lte=now).count(),
        is_urgent=True,
    ),
    Task(
        title=_("Parcels in trouble"),
        hint=_("Held up, or on their way back to us: help, or send again."),
        permission="shipping.view_fulfilment",
        page="shipping_fulfilment",
        query="status__in=shipped,failed_delivery&tracking_status__in=exception,returned",
        count=lambda _now: with_problem().count(),
        is_urgent=True,
    ),
    _orders("returns-to-approve", _("Customers wait for an answer."), "approve_return"),
    _orders("returns-to-check", _("Came back; look what is in the parcel."), "receive_return"),
    _orders("claims-to-answer", _("Broken, wrong or lost."), "settle_claim", is_urgent=True),
    _orders("quotes-waiting", _("Offered, and not paid yet."), "enter_order"),
    _orders("changed-unpaid", _("Something was added and is not paid."), "edit_order"),
    _orders("transfers", _("Look for them on the bank statement.")),
    Task(
        title=_("On hold"),
        hint=_("Somebody or a rule stopped these; decide."),
        permission="orders.view_hold",
        page="orders_hold",
        query="o=2",
        count=lambda _now: waiting_orders().count(),
        is_urgent=True,
    ),
    Task(
        title=_("Short"),
        hint=_("Promised to customers, and not there."),
        permission="inventory.view_shortage",
        page="inventory_shortage",
        query="state=open",
        count=lambda _now: open_shortages().count(),
        is_urgent=True,
    ),
    Task(
        title=_("Refused by partners"),
        hint=_("Partners who do not send what they were asked to."),
        permission="shipping.view_handoff",
        page="shipping_handoff",
        query="status__exact=refused",
        count=lambda _now: HandOff.objects.filter(status=HandOff.Status.REFUSED).count(),
        is_urgent=True,
    ),
    Task(
        title=_("Refunds to pay"),
        hint=_("Approved and not paid: on the way, to be sent by hand, or failed."),
        permission="payments.view_refund",
        page="payments_refund",
        query="open=1",
        count=lambda _now: Refund.objects.filter(refunds.unpaid()).count(),
    ),
    Task(
        title=_("Promises broken"),
        hint=_("Numbers that should agree did not last night."),
        permission="payments.view_books",
        page="analytics:books_checks",
        query="",
        count=lambda _now: broken_count(latest()),
        is_urgent=True,
    ),
    Task(
        title=_("Payout lines to match"),
        hint=_("The card provider moved money that is about nothing of ours."),
        permission="payments.view_books",
        page="analytics:books_payouts",
        query="",
        count=lambda _now: unmatched().count(),
    ),
    Task(
        title=_("Disputes to answer"),
        hint=_("A buyer's bank wants money back."),
        permission="payments.view_dispute",
        page="payments_dispute",
        query="case=answer",
        count=lambda _now: Dispute.objects.filter(TO_ANSWER).count(),
    ),
    Task(
        title=_("Disputes due"),
        hint=_("Lost without an answer within three days."),
        permission="payments.view_dispute",
        page="payments_dispute",
        query="case=soon",
        count=lambda now: Dispute.objects.filter(due_soon(now)).count(),
        is_urgent=True,
    ),
    Task(
        title=_("Sold out"),
        hint=_("Nothing left to promise."),
        permission="inventory.view_stockitem",
        page="inventory_stockitem",
        query="level=out",
        count=lambda _now: StockItem.objects.filter(SOLD_OUT, variant__is_active=True).count(),
    ),
    Task(
        title=_("Running low"),
        hint=_("At or under their low mark."),
        permission="inventory.view_stockitem",
        page="inventory_stockitem",
        query="level=low",
        count=lambda _now: StockItem.objects.filter(LOW, variant__is_active=True).count(),
    ),
    Task(
        title=_("Purchases to approve"),
        hint=_("Suggested by the shop, with the reasons."),
        permission="inventory.order_purchaseorder",
        page="inventory_purchaseorder",
        query="queue=suggested",
        count=lambda _now: PurchaseOrder.objects.filter(SUGGESTED).count(),
    ),
    Task(
        title=_("Late deliveries"),
        hint=_("Should have come from suppliers by now."),
        permission="inventory.order_purchaseorder",
        page="inventory_purchaseorder",
        query="queue=late",
        count=lambda now: PurchaseOrder.objects.filter(late(now)).count(),
        is_urgent=True,
    ),
    Task(
        title=_("Told by suppliers"),
        hint=_("Costs and stock in their lists that differ from our offers."),
        permission="inventory.change_feedchange",
        page="inventory_feedchange",
        query="",
        count=lambda _now: feeds.waiting().count(),
    ),
    Task(
        title=_("Reviews to read"),
        hint=_("Written by buyers, not shown yet."),
        permission="catalog.view_review",
        page="catalog_review",
        query="status__exact=waiting",
        count=lambda _now: Review.objects.filter(status=Review.Status.WAITING).count(),
    ),
    Task(
        title=_("Pictures that failed"),
        hint=_("Could not be fetched or made smaller."),
        permission="catalog.view_image",
        page="catalog_product",
        query="pictures=failed",
        count=lambda _now: (
            Image.objects.filter(status=Image.Status.FAILED).values("product").distinct().count()
        ),
        is_urgent=True,
    ),
    Task(
        title=_("Messages not delivered"),
        hint=_("Mail and other messages we gave up on."),
        permission="outbox.view_message",
        page="outbox_message",
        query="state=failed",
        count=lambda _now: Message.objects.filter(done_at=None, failed_at__isnull=False).count(),
        is_urgent=True,
    ),
]


def waiting(request: HttpRequest, *, now: dt.datetime) -> list[Waiting]:
    """What waits for this person, in the order of the day."""
    return _own(request) + [
        Waiting(
            title=str(task.title),
            hint=str(task.hint),
            count=(count := task.count(now)),
            link=_link(task),
            tone=_tone(count, task),
        )
        for task in TASKS
        if request.user.has_perm(task.permission)
    ]


def _own(request: HttpRequest) -> list[Waiting]:
    """Open orders that this person was given; no line without any."""
    count = 0
    if request.user.has_perm("orders.view_order"):
        count = Order.objects.open().filter(assigned_to=request.user.pk).count()
    link = f"{reverse('admin:orders_order_changelist')}?assigned=me&view=open"
    words = (str(_("Given to me")), str(_("Orders that I look after.")))
    return [Waiting(*words, count, link, "open")] if count else []


def _link(task: Task) -> str:
    """A list of the admin as it is narrowed, or a page of its own."""
    if ":" in task.page:
        return reverse(task.page)
    return f"{reverse(f'admin:{task.page}_changelist')}?{task.query}"


def _tone(count: int, task: Task) -> str:
    if count == 0:
        return "done"
    return "urgent" if task.is_urgent else "open"


def add_work_queue(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Put the queue on the start page."""
    rows = waiting(request, now=timezone.now())
    return context | {
        "title": _("Work queue"),
        "queue": rows,
        "nothing_waits": bool(rows) and not any(row.count for row in rows),
    }
