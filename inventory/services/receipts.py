"""Receipts: what came of a purchase order, counted once, onto the shelf at what it cost."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.queries.markets import main_market
from inventory.models import (
    PurchaseOrder,
    PurchaseOrderLine,
    Receipt,
    ReceiptLine,
    StockMovement,
)
from inventory.services import arrivals, landed, numbering, outstanding, stock, valuing
from inventory.services.arrivals import Came, NotOnOrder
from inventory.services.landed import Brought, Cost, Terms
from inventory.services.purchase_moves import By, move
from inventory.services.purchases import Status, locked_order
from inventory.services.terms import Filled, Why
from shop.lib.locks import locked
from shop.lib.money import ZERO

__all__ = ["Came", "Delivery", "Received", "receive"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What somebody counted at the door. key: of the form, so that one sent twice counts once.

    note: the supplier's delivery note. is_confirmed: more than was ordered is wanted.
    """

    key: UUID
    lines: Sequence[Came]
    note: str = ""
    is_confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Received:
    """A receipt, whether it is a new one, and what is worth saying about it."""

    receipt: Receipt
    is_new: bool = True
    told: list[str] = field(default_factory=list)
    movements: list[StockMovement] = field(default_factory=list)
    # Of which good units came, and of which units were refused.
    variant_ids: list[int] = field(default_factory=list)
    refused_ids: list[int] = field(default_factory=list)
    filled: Sequence[Filled] = ()


@transaction.atomic
def receive(*, order_id: int, delivery: Delivery, now: dt.datetime, actor: User | None) -> Received:
    """Take a delivery in. The same key again gives the same receipt and changes nothing.

    Raises NotOpen, NotOnOrder, NothingCame, ReasonMissing, OverDelivered, StockRefused.
    """
    order = locked_order(order_id)
    if known := Receipt.objects.filter(key=delivery.key).first():
        return _known(known, order)
    lines = {line.pk: line for line in locked(order.lines.select_related("variant"))}
    told = arrivals.check(
        order=order, lines=lines, came=delivery.lines, is_confirmed=delivery.is_confirmed
    )
    came = [one for one in delivery.lines if one.quantity or one.rejected]
    before = outstanding.of(lines.values())
    brought = _count(came, lines)
    _expect_less(order, lines, before)
    receipt = _receipt(order, delivery, By(now, actor))
    costs = _costs(order, lines, brought)
    movements = _shelve(receipt, came, brought, costs)
    _say_so(order, lines, By(now, actor, receipt.number))
    good = {one.line.variant_id for one in brought if one.quantity}
    refused = {lines[one.line_id].variant_id for one in came if one.rejected}
    return Received(
        receipt,
        is_new=True,
        told=told,
        movements=movements,
        variant_ids=sorted(good),
        refused_ids=sorted(refused),
    )


def _known(receipt: Receipt, order: PurchaseOrder) -> Received:
    if receipt.order_id != order.pk:
        raise NotOnOrder(_("This delivery was taken in for another order."))
    return Received(receipt, is_new=False)


def _receipt(order: PurchaseOrder, delivery: Delivery, by: By) -> Receipt:
    return Receipt.objects.create(
        order=order,
        number=numbering.receipt_number(),
        delivery_note=delivery.note[:60],
        key=delivery.key,
        received_by=by.actor,
        received_at=by.now,
    )


def _count(came: Sequence[Came], lines: dict[int, PurchaseOrderLine]) -> list[Brought]:
    """Add up what came on the order's lines."""
    brought = []
    for one in came:
        line = lines[one.line_id]
        counted = min(line.outstanding, one.quantity + one.rejected)
        brought.append(Brought(line, one.quantity, counted, line.received))
        line.received += one.quantity
        line.rejected += one.rejected
    PurchaseOrderLine.objects.bulk_update(lines.values(), ["received", "rejected"])
    return brought


def _expect_less(
    order: PurchaseOrder, lines: dict[int, PurchaseOrderLine], before: dict[int, int]
) -> None:
    """What came is not to come any more.

    Every stock item of these variants is locked first, wherever it is: units that came may go to
    whoever waits for them, from any place.
    """
    variants = {line.variant_id for line in lines.values()}
    stock.hold(variant_ids=sorted(variants), location=order.location)
    after = outstanding.of(lines.values())
    less = {pk: after.get(pk, 0) - units for pk, units in before.items()}
    outstanding.change(order=order, units={pk: units for pk, units in less.items() if units})
    valuing.lock(variants)


def _costs(
    order: PurchaseOrder, lines: dict[int, PurchaseOrderLine], brought: Sequence[Brought]
) -> list[Cost]:
    main = main_market()
    given = ReceiptLine.objects.filter(receipt__order=order).aggregate(
        freight=Sum("freight", default=ZERO), duty=Sum("duty", default=ZERO)
    )
    terms = Terms(
        order=order,
        currency=main.currency if main else order.currency,
        given=(given["freight"], given["duty"]),
        is_last=not any(line.outstanding for line in lines.values()),
    )
    return landed.costs(brought=brought, lines=list(lines.values()), terms=terms)


def _shelve(
    receipt: Receipt, came: Sequence[Came], brought: Sequence[Brought], costs: Sequence[Cost]
) -> list[StockMovement]:
    """Good units go onto the shelf at what they cost, with a line of the receipt each."""
    movements, rows = [], []
    for one, counted, cost in zip(came, brought, costs, strict=True):
        movement = _move(receipt, one, counted.line, cost) if one.quantity else None
        movements += [movement] if movement else []
        rows.append(
            ReceiptLine(
                receipt=receipt,
                line=counted.line,
                quantity=one.quantity,
                rejected=one.rejected,
                reason=one.reason[:200],
                batch=movement.batch if movement else None,
                goods=cost.goods,
                freight=cost.freight,
                duty=cost.duty,
                landed=cost.landed,
                movement=movement,
            )
        )
    ReceiptLine.objects.bulk_create(rows)
    return movements


def _move(receipt: Receipt, came: Came, line: PurchaseOrderLine, cost: Cost) -> StockMovement:
    order = receipt.order
    changed = stock.change_on_hand(
        variant_id=line.variant_id,
        change=came.quantity,
        why=Why(
            kind=StockMovement.Kind.RECEIPT,
            now=receipt.received_at,
            reference=receipt.number,
            reason=f"{order.number}, {order.supplier}"[:200],
            actor=receipt.received_by,
        ),
        location=order.location,
        batch=came.lot,
        value=cost.landed,
    )
    return changed.movements[0]


def _say_so(order: PurchaseOrder, lines: dict[int, PurchaseOrderLine], by: By) -> None:
    is_whole = not any(line.outstanding for line in lines.values())
    status = Status.RECEIVED if is_whole else Status.PARTIALLY_RECEIVED
    if is_whole:
        order.received_at = by.now
    if status != order.status:
        move(order=order, status=status, by=by)
    order.save(update_fields=["status", "received_at"])
