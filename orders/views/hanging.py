"""What hangs on an order: asked for at once, since of most orders it is little."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from inventory.models import Backorder, Shortage
from orders.models import Adjustment, Claim, Order, OrderEdit, OrderLine, OrderLinePart, Return
from payments.models import Document, GrantedRefund, Payment, PaymentEvent, ValueAccount
from shipping.models import Fulfilment
from shipping.queries.parcels import is_begun
from shop.lib import rulebook
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
    # Whether the house has begun with it.
    begun: bool
    # The rulebook's version.
    rules_at: Sequence[int]


def order_with(number: str) -> "QuerySet[Order]":
    """The order of this number, read with what hangs on it."""
    told = dict(zip(TOLD, _told(), strict=True))
    return Order.objects.filter(number=number).select_related("market").annotate(**told)


def hanging_on(order: Order) -> Hanging:
    """One query; none for an order that was just read with it. The rulebook learns its version."""
    known = vars(order)
    found = [known[name] for name in TOLD] if TOLD[0] in known else ROWS.first(order=order.pk)
    there = Hanging(*found)
    rulebook.told(there.rules_at)
    return there


def _told() -> tuple[Any, ...]:
    this = OuterRef("pk")
    cases: Any = Exists(Return.objects.filter(order=this)) | Exists(
        Claim.objects.filter(order=this)
    )
    failures = PaymentEvent.objects.filter(stage=PaymentEvent.Stage.FAILURE)
    return (
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
        is_begun(this),
        rulebook.VersionNow(),
    )


def _is_holding(rows: "QuerySet[Any]") -> Any:
    """Whether a line of the order, or a part of one, holds any of these rows."""
    this, held = OuterRef("pk"), Exists(rows.filter(holder=OuterRef("holder")))
    lines = OrderLine.objects.filter(held, order=this)
    return Exists(lines) | Exists(OrderLinePart.objects.filter(held, line__order=this))


TOLD = tuple([f"has_{name}" for name in Hanging._fields])
ROWS = Prepared(lambda order: Order.objects.filter(pk=order).values_list(*_told()))
