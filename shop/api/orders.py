"""Orders to be read, noted and tagged."""

from typing import Annotated, Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Body, Path, Query, Router
from ninja.responses import Response
from pydantic import Field, StringConstraints

from orders.models import Order, OrderLine
from orders.services import orders, tags
from orders.services.orders import Move
from shipping.models import Fulfilment
from shop.api.operations import changes, creates, once, reads
from shop.api.order_shapes import OrderPage, OrderShape, shape
from shop.api.pages import Cursor, Limit, cut
from shop.api.recording import said, seen
from shop.api.terms import IdempotencyKey, Line, Made, Moment, Sent

router = Router(tags=["Orders"])
NUMBER = r"^[A-Za-z0-9-]{1,20}$"
Number = Annotated[str, Path(pattern=NUMBER, description="Number of the order.")]
Tag = Annotated[
    str, StringConstraints(min_length=1, max_length=tags.LONGEST, pattern=r"^[^,\x00-\x1f\x7f]+$")
]


class NoteIn(Sent):
    """Something to remember about an order; customers don't see it."""

    text: Annotated[Line, Field(min_length=1, max_length=400)]


class TagsIn(Sent):
    """All tags the order is to have. Kept in lower case."""

    tags: list[Tag] = Field(max_length=tags.MOST)


@reads(router, "/orders", scope="orders:read", answer=OrderPage)
def list_orders(
    request: HttpRequest,
    status: Annotated[Order.Status | None, Query(description="Only in this state.")] = None,
    payment: Annotated[Order.Payment | None, Query(description="Only paid like this.")] = None,
    fulfillment: Annotated[
        Order.Fulfillment | None, Query(description="Only sent like this.")
    ] = None,
    placed_since: Annotated[Moment | None, Query(description="Only placed since.")] = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> dict[str, Any]:
    """All orders, the oldest first. Drafts and quotes are none yet."""
    asked = {
        "status": status,
        "payment_status": payment,
        "fulfillment_status": fulfillment,
        "placed_at__gte": placed_since,
    }
    rows = placed().filter(**{name: value for name, value in asked.items() if value is not None})
    page = cut(rows, cursor=cursor, limit=limit)
    seen(request, act="orders over the API", count=len(page["data"]))
    return {**page, "data": [shape(order) for order in page["data"]]}


@reads(router, "/orders/{number}", scope="orders:read", answer=OrderShape)
def read_order(request: HttpRequest, number: Number) -> OrderShape:  # noqa: ARG001
    """One order."""
    return shape(get_object_or_404(placed(), number=number))


@creates(router, "/orders/{number}/notes", scope="orders:write", answer=Made)
def add_note(
    request: HttpRequest, number: Number, key: IdempotencyKey, sent: Annotated[NoteIn, Body()]
) -> Response:
    """Write something into the order's history."""

    def write() -> Made:
        order = get_object_or_404(placed(), number=number)
        move = Move(timezone.now())
        return Made(id=orders.note(order=order, text=said(request, sent.text), move=move).pk)

    return once(request, key, write)


@changes(router, "/orders/{number}/tags", scope="orders:write", answer=OrderShape, method="PUT")
def set_tags(
    request: HttpRequest,  # noqa: ARG001
    number: Number,
    sent: Annotated[TagsIn, Body()],
) -> OrderShape:
    """Pin just these tags to the order."""
    order = get_object_or_404(placed(), number=number)
    wanted = tags.read(",".join(sent.tags))
    tags.replace(order_id=order.pk, tags=wanted, actor=None, now=timezone.now())
    return shape(get_object_or_404(placed(), number=number))


def placed() -> "QuerySet[Order]":
    """Orders that were placed, with all that is told of them."""
    lines = OrderLine.objects.order_by("position", "pk")
    parcels = Fulfilment.objects.exclude(status=Fulfilment.Status.CANCELED)
    return (
        Order.objects.exclude(status=Order.Status.DRAFT)
        .select_related("market")
        .prefetch_related(
            Prefetch("lines", queryset=lines),
            Prefetch("fulfilments", queryset=parcels.order_by("position", "pk")),
            "holds",
        )
    )
