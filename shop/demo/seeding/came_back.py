"""What buyers of the past sent back: a closed return behind every refund of goods that had left."""

import datetime as dt
import random
from collections.abc import Sequence

from django.db import transaction

from orders.models import (
    Order,
    OrderLine,
    Return,
    ReturnCheck,
    ReturnEvent,
    ReturnLine,
    ReturnReason,
)
from payments.models import GrantedLine, GrantedRefund
from shop.demo.seeding.copying import reserve_returns
from shop.lib.batches import in_batches

BATCH = 1_000
Status = Return.Status
# Days before its money went back.
STEPS = (
    (Status.REQUESTED, 7),
    (Status.APPROVED, 7),
    (Status.IN_TRANSIT, 5),
    (Status.RECEIVED, 1),
    (Status.INSPECTED, 1),
    (Status.CLOSED, 0),
)
WORDS = "Put aside for the sale of seconds."


def fill(*, seed: int) -> int:
    """Write the returns that are missing; how many."""
    rng = random.Random(seed)
    sent_back = Order.objects.filter(return_status=Order.Return.RETURNED, returns=None)
    reasons = list(ReturnReason.objects.filter(is_active=True).order_by("position", "pk"))
    grants = GrantedRefund.objects.filter(order__in=sent_back).order_by("pk")
    count = 0
    for batch in in_batches(list(grants), BATCH):
        count += _write(batch, reasons, rng)
    return count


@transaction.atomic
def _write(
    grants: Sequence[GrantedRefund], reasons: Sequence[ReturnReason], rng: random.Random
) -> int:
    numbers = reserve_returns(len(grants))
    returns = Return.objects.bulk_create(map(_return, grants, numbers))
    by_grant = {grant.pk: one for grant, one in zip(grants, returns, strict=True)}
    rows = GrantedLine.objects.filter(grant__in=grants, line__isnull=False, quantity__gt=0)
    granted = list(rows.select_related("line").order_by("pk"))
    lines = ReturnLine.objects.bulk_create(
        ReturnLine(
            rma=by_grant[row.grant_id],
            order_line=row.line,
            quantity=row.quantity,
            received=row.quantity,
            reason=rng.choice(reasons) if reasons else None,
        )
        for row in granted
    )
    ReturnCheck.objects.bulk_create(
        ReturnCheck(
            line=line,
            disposition=ReturnCheck.Disposition.NOT_RESTOCKED,
            quantity=line.quantity,
            note=WORDS,
            checked_at=line.rma.received_at or line.rma.requested_at,
        )
        for line in lines
    )
    for line in lines:
        line.order_line.returned = line.quantity
    OrderLine.objects.bulk_update([line.order_line for line in lines], ["returned"])
    ReturnEvent.objects.bulk_create(event for one in returns for event in _events(one))
    return len(returns)


def _return(grant: GrantedRefund, number: str) -> Return:
    back = grant.settled_at or grant.granted_at
    return Return(
        number=number,
        order_id=grant.order_id,
        status=Status.CLOSED,
        expected=grant.total,
        requested_at=back - dt.timedelta(days=7),
        approved_at=back - dt.timedelta(days=7),
        received_at=back - dt.timedelta(days=1),
        closed_at=back,
        key=f"demo-return-{grant.pk}",
    )


def _events(one: Return) -> list[ReturnEvent]:
    closed = one.closed_at or one.requested_at
    states = ["", *(state for state, _days in STEPS)]
    return [
        ReturnEvent(
            rma=one,
            axis="status",
            from_state=states[place],
            to_state=state,
            at=closed - dt.timedelta(days=days, seconds=-place),
        )
        for place, (state, days) in enumerate(STEPS)
    ]
