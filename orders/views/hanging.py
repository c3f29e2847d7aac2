"""What hangs on an order: asked for at once, since of most orders it is little."""

from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from inventory.models import Backorder, Shortage
from orders.models import Adjustment, Claim, Order, OrderEdit, OrderLine, OrderLinePart, Return
from payments.models import Document, GrantedRefund, Payment, PaymentEvent, ValueAccount
from shipping.models import Fulfilment
from shop.lib.prepared import Prepared


class Hanging(NamedTuple):
    """Whether there is any of it."""

    parcels: bool
    adjustments: bool
    documents: bool
    cards: bool
    refunds: bool
    edits: bool
    cases: bool
    refusals: bool
    # Parts of bundles; units that are to come, that are missing; money that is there or held.
    parts: bool
    waiting: bool
    missing: bool
    money: bool


def hanging_on(order: Order) -> Hanging:
    """One query."""
    return Hanging(*ROWS.first(order=order.pk))


def _rows(order: int) -> "QuerySet[Order, Any]":
    this = OuterRef("pk")
    cases: Any = Exists(Return.objects.filter(order=this)) | Exists(
        Claim.objects.filter(order=this)
    )
    failures = PaymentEvent.objects.filter(stage=PaymentEvent.Stage.FAILURE)
    return Order.objects.filter(pk=order).values_list(
        Exists(Fulfilment.objects.filter(order=this)),
        Exists(Adjustment.objects.filter(order=this)),
        Exists(Document.objects.filter(order=this)),
        Exists(ValueAccount.objects.filter(line__order=this)),
        Exists(GrantedRefund.objects.filter(order=this)),
        Exists(OrderEdit.objects.filter(order=this)),
        cases,
        Exists(failures.filter(payment__order=this)),
        Exists(OrderLinePart.objects.filter(line__order=this)),
        _is_holding(Backorder.objects.all()),
        _is_holding(Shortage.objects.filter(settled_at=None)),
        Exists(Payment.objects.filter(Q(charged__gt=0) | Q(authorized__gt=0), order=this)),
    )


def _is_holding(rows: "QuerySet[Any]") -> Any:
    """Whether a line of the order, or a part of one, holds any of these rows."""
    this, held = OuterRef("pk"), Exists(rows.filter(holder=OuterRef("holder")))
    lines = OrderLine.objects.filter(held, order=this)
    return Exists(lines) | Exists(OrderLinePart.objects.filter(held, line__order=this))


ROWS = Prepared(_rows)
