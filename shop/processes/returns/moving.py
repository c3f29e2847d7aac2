"""Returns on their way, and those that never were."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from orders.models import Exchange, OrderLine, Return
from orders.services import exchanges, returns
from orders.services.orders import Move
from shop.lib.locks import locked
from shop.lib.workdays import shop_day
from shop.processes.returns import approving, at_once, exchanging, telling

Status = Return.Status
# A parcel that somebody sent has so long to arrive.
LOST_AFTER = dt.timedelta(days=30)


@transaction.atomic(durable=True)
def on_its_way(
    *,
    rma_id: int,
    actor: User | None,
    now: dt.datetime,
    tracking_number: str = "",
    carrier: str = "",
) -> Return:
    """It was posted, says its sender or its carrier. Heard twice, nothing changes. Raises NotNow."""
    _order, rma = returns.lock(rma_id=rma_id)
    rma.tracking_number = tracking_number.strip()[:60] or rma.tracking_number
    rma.carrier = carrier.strip()[:40] or rma.carrier
    if rma.status == Status.IN_TRANSIT:
        rma.save(update_fields=["tracking_number", "carrier"])
        return rma
    approving.check(rma, Status.IN_TRANSIT)
    returns.move_to(rma=rma, status=Status.IN_TRANSIT, move=Move(now, actor))
    return rma


def expire(*, now: dt.datetime) -> int:
    """End what was approved and never sent. Returns how many were."""
    today = shop_day(now)
    late = Return.objects.filter(status=Status.APPROVED, send_by__lt=today).exclude(
        way=Return.Way.KEEP
    )
    lost = Return.objects.filter(status=Status.IN_TRANSIT, send_by__lt=today - LOST_AFTER)
    found = sorted({*late.values_list("pk", flat=True), *lost.values_list("pk", flat=True)})
    return sum(_expire(rma_id=pk, now=now) for pk in found)


@transaction.atomic(durable=True)
def _expire(*, rma_id: int, now: dt.datetime) -> bool:
    _order, rma = returns.lock(rma_id=rma_id)
    if not returns.can(rma, Status.EXPIRED) or not rma.send_by or rma.send_by >= shop_day(now):
        return False
    move = Move(now, None, _("Nothing came."))
    returns.move_to(rma=rma, status=Status.EXPIRED, move=move)
    at_once.make_up(rma=rma, taken={}, move=move)
    exchanging.give_up(rma=rma, move=move)
    telling.owe(rma, "return_expired", now)
    return True


def follow_exchanges(*, now: dt.datetime) -> int:
    """Close exchanges whose pieces were all sent. Returns how many were."""
    found = Exchange.objects.filter(status=Exchange.Status.RELEASED, edit__isnull=False)
    return sum(_close(rma_id=pk, now=now) for pk in found.values_list("rma_id", flat=True))


@transaction.atomic(durable=True)
def _close(*, rma_id: int, now: dt.datetime) -> bool:
    _order, rma = returns.lock(rma_id=rma_id)
    exchange = exchanges.of(rma)
    if exchange is None or exchange.status != Exchange.Status.RELEASED:
        return False
    lines = locked(OrderLine.objects.filter(edit=exchange.edit_id, is_shipped=True))
    if any(line.unfulfilled for line in lines):
        return False
    is_sent = any(line.fulfilled for line in lines)
    status = Exchange.Status.CLOSED if is_sent else Exchange.Status.CANCELED
    exchanges.move_to(exchange=exchange, status=status, move=Move(now))
    return True
