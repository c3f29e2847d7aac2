"""What hangs on an order: asked for at once, since of most orders it is little."""

from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, QuerySet

from orders.models import Adjustment, Claim, Order, OrderEdit, Return
from payments.models import Document, GrantedRefund, PaymentEvent, ValueAccount
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
    )


ROWS = Prepared(_rows)
