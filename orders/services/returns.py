"""Returns written down and moved, each move with its event."""

from django.db import connection

from orders.models import Order, Return, ReturnEvent, ReturnLine
from orders.services import orders
from orders.services.orders import Move
from shop.lib.events import InvalidTransition
from shop.lib.locks import locked

Status = Return.Status
# Where goods are under way or looked at; before that somebody only asked.
UNDER_WAY = (Status.APPROVED, Status.IN_TRANSIT, Status.RECEIVED, Status.INSPECTED)


def next_number() -> str:
    with connection.cursor() as cursor:
        cursor.execute("select nextval('orders_return_number')")
        return f"RMA-{cursor.fetchone()[0]}"


def lock(*, rma_id: int) -> tuple[Order, Return]:
    """The order and then the return, both held. Raises Return.DoesNotExist."""
    order_id = Return.objects.values_list("order_id", flat=True).get(pk=rma_id)
    order = orders.lock(order_id=order_id)
    rma = locked(Return.objects.filter(pk=rma_id))[0]
    rma.order = order
    return order, rma


def can(rma: Return, status: str) -> bool:
    return status in Return.MOVES[rma.status]


def move_to(*, rma: Return, status: str, move: Move) -> None:
    """Move a locked return and, with it, what its order says of returns. Raises InvalidTransition."""
    if not can(rma, status):
        raise InvalidTransition(rma.number, rma.status, status)
    was, rma.status = rma.status, status
    if status == Status.APPROVED:
        rma.approved_at = move.now
    if status == Status.RECEIVED:
        rma.received_at = move.now
    if status in (Status.CLOSED, Status.DECLINED, Status.CANCELED):
        rma.closed_at = move.now
    rma.save()
    event(rma, from_state=was, to_state=status, move=move)
    follow(order=rma.order, move=Move(move.now, move.actor))


def event(rma: Return, *, to_state: str, move: Move, from_state: str = "") -> ReturnEvent:
    return ReturnEvent.objects.create(
        rma=rma,
        axis="status",
        from_state=from_state,
        to_state=to_state,
        at=move.now,
        actor=move.actor,
        note=move.note[:500],
    )


def follow(*, order: Order, move: Move) -> None:
    """Store what the order's returns add up to. The order must be locked."""
    status = _status_of(order)
    if order.return_status == status:
        return
    was, order.return_status = order.return_status, status
    order.save(update_fields=["return_status"])
    orders.event(order, axis="return", from_state=was, to_state=status, move=move)


def _status_of(order: Order) -> str:
    states = set(Return.objects.filter(order=order).values_list("status", flat=True))
    if states.intersection(UNDER_WAY):
        return Order.Return.IN_PROGRESS
    if Status.REQUESTED in states:
        return Order.Return.REQUESTED
    return Order.Return.RETURNED if Status.CLOSED in states else Order.Return.NONE


def lines_of(rma: Return) -> list[ReturnLine]:
    """Locked, with the order lines they bring back."""
    rows = ReturnLine.objects.filter(rma=rma).select_related("order_line", "reason")
    return locked(rows)
