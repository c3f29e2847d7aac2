"""Sending orders and calling them off: the shop's own processes, asked by a machine."""

from typing import Annotated

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Body, Router
from ninja.responses import Response
from pydantic import Field

from inventory.models import Location
from orders.models import Order
from orders.services import orders
from orders.services.orders import Move
from shop.api.operations import creates, once
from shop.api.orders import Number, placed
from shop.api.problems import Problem
from shop.api.recording import said
from shop.api.stock import Code
from shop.api.terms import LARGEST_COUNT, Id, IdempotencyKey, Line, Made, Sent
from shop.processes import fulfilment
from shop.processes.fulfilment import Parcel

router = Router(tags=["Orders"])


class CancellationIn(Sent):
    """Why an order is called off."""

    reason: Annotated[Line, Field(max_length=120, description="Kept in the order's history.")] = ""


class PackedIn(Sent):
    """Units of one line in the parcel."""

    line: Id = Field(description="Id of the order's line.")
    units: int = Field(ge=1, le=LARGEST_COUNT)


class ShipmentIn(Sent):
    """A parcel that has left."""

    lines: list[PackedIn] | None = Field(
        default=None,
        min_length=1,
        max_length=200,
        description="What is in it; nothing said: all that is set aside for the order.",
    )
    carrier: Annotated[Line, Field(max_length=40)] = ""
    tracking_number: Annotated[Line, Field(max_length=60)] = ""
    location: Annotated[Code | None, Field(description="Where it left from.")] = None


class OrderMade(Made):
    """Where the order is after it."""

    number: str
    status: Order.Status
    payment_status: Order.Payment
    fulfillment_status: Order.Fulfillment


@creates(router, "/orders/{number}/cancellation", scope="orders:write", answer=OrderMade)
def cancel_order(
    request: HttpRequest,
    number: Number,
    key: IdempotencyKey,
    sent: Annotated[CancellationIn, Body()],
) -> Response:
    """Call an order off before anything has left: goods and money go back. The buyer is told."""

    def cancel() -> OrderMade:
        order = _locked(number)
        move = Move(timezone.now(), note=said(request, sent.reason))
        fulfilment.call_off(order=order, move=move)
        return _told(order, order.pk)

    return once(request, key, cancel)


@creates(router, "/orders/{number}/shipments", scope="orders:write", answer=OrderMade)
def ship_order(
    request: HttpRequest, number: Number, key: IdempotencyKey, sent: Annotated[ShipmentIn, Body()]
) -> Response:
    """Send goods of an order as one parcel. The buyer is told; `id` is the parcel's."""

    def ship() -> OrderMade:
        order = _locked(number)
        parcel = fulfilment.send(
            order=order,
            quantities=_quantities(sent, order),
            parcel=Parcel(sent.carrier, sent.tracking_number, _location(sent.location)),
            move=Move(timezone.now(), note=said(request, "")),
        )
        return _told(order, parcel.pk)

    return once(request, key, ship)


def _locked(number: str) -> Order:
    return orders.lock(order_id=get_object_or_404(placed(), number=number).pk)


def _quantities(sent: ShipmentIn, order: Order) -> dict[int, int] | None:
    """Units by line. Raises Problem for lines of other orders."""
    if sent.lines is None:
        return None
    units: dict[int, int] = {}
    for one in sent.lines:
        units[one.line] = units.get(one.line, 0) + one.units
    if units.keys() - set(order.lines.values_list("pk", flat=True)):
        raise Problem("not-found", "The order has no such line.")
    return units


def _location(code: str | None) -> Location | None:
    return get_object_or_404(Location, code=code, is_active=True) if code is not None else None


def _told(order: Order, pk: int) -> OrderMade:
    return OrderMade(
        id=pk,
        number=order.number,
        status=Order.Status(order.status),
        payment_status=Order.Payment(order.payment_status),
        fulfillment_status=Order.Fulfillment(order.fulfillment_status),
    )
