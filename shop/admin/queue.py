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

from catalog.models import Image, Review
from inventory.admin import LOW, SOLD_OUT
from inventory.models import StockItem
from orders.admin.saved_views import SAVED_VIEWS
from orders.models import Order
from payments.models import Refund
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


def _orders(slug: str, hint: str | Promise, *, is_urgent: bool = False) -> Task:
    view = SAVED_VIEWS[slug]
    return Task(
        title=view.title,
        hint=hint,
        permission="orders.view_order",
        page="orders_order",
        query=f"view={slug}",
        count=lambda now: view.narrow(Order.objects.all(), now).count(),
        is_urgent=is_urgent,
    )


TASKS = [
    _orders("to-ship", _("Confirmed, and still in the house.")),
    _orders("late", _("Should have left by now."), is_urgent=True),
    _orders("to-confirm", _("The money is in; look it over.")),
    _orders("transfers", _("Look for them on the bank statement.")),
    _orders("on-hold", _("Somebody stopped these; decide."), is_urgent=True),
    Task(
        title=_("Refunds to settle"),
        hint=_("Asked of the provider, or failed."),
        permission="payments.view_refund",
        page="payments_refund",
        query="open=1",
        count=lambda _now: Refund.objects.exclude(status=Refund.Status.SUCCEEDED).count(),
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
    return [
        Waiting(
            title=str(task.title),
            hint=str(task.hint),
            count=(count := task.count(now)),
            link=f"{reverse(f'admin:{task.page}_changelist')}?{task.query}",
            tone=_tone(count, task),
        )
        for task in TASKS
        if request.user.has_perm(task.permission)
    ]


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
