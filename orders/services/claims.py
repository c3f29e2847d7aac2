"""Claims written down and moved, each move with its event."""

from django.db import connection

from orders.models import Claim, ClaimEvent, Order
from orders.services import orders
from orders.services.orders import Move
from shop.lib.events import InvalidTransition
from shop.lib.locks import locked

Status = Claim.Status
DONE = (Status.DECLINED, Status.SETTLED, Status.CANCELED)


def next_number() -> str:
    with connection.cursor() as cursor:
        cursor.execute("select nextval('orders_claim_number')")
        return f"CL-{cursor.fetchone()[0]}"


def lock(*, claim_id: int) -> tuple[Order, Claim]:
    """The order and then the claim, both held. Raises Claim.DoesNotExist."""
    order_id = Claim.objects.values_list("order_id", flat=True).get(pk=claim_id)
    order = orders.lock(order_id=order_id)
    claim = locked(Claim.objects.filter(pk=claim_id))[0]
    claim.order = order
    return order, claim


def can(claim: Claim, status: str) -> bool:
    return status in Claim.MOVES[claim.status]


def move_to(*, claim: Claim, status: str, move: Move) -> None:
    """Raises InvalidTransition."""
    if not can(claim, status):
        raise InvalidTransition(claim.number, claim.status, status)
    was, claim.status = claim.status, status
    claim.closed_at = move.now if status in DONE else None
    claim.save()
    event(claim, from_state=was, to_state=status, move=move)


def event(claim: Claim, *, to_state: str, move: Move, from_state: str = "") -> ClaimEvent:
    return ClaimEvent.objects.create(
        claim=claim,
        axis="status",
        from_state=from_state,
        to_state=to_state,
        at=move.now,
        actor=move.actor,
        note=move.note[:500],
    )
