"""Exchanging: other pieces are set aside, become lines of the order, and are paid by what came back."""

import datetime as dt
from collections.abc import Mapping

from inventory.services import reservations
from orders.models import Exchange, ExchangeLine, Return, ReturnLine
from orders.services import exchanges
from orders.services.orders import Move
from shop.processes import browsing
from shop.processes.editing import Added
from shop.processes.returns.wanted import Estimate

Status, Ships = Exchange.Status, Exchange.Ships
# What is wanted instead is kept for as long as the parcel may take after the last day to send it.
KEPT_FOR = dt.timedelta(days=30)
OPEN = (Status.REQUESTED, Status.WAITING)


def write(*, rma: Return, estimate: Estimate, move: Move) -> Exchange:
    """What is wanted instead, at the prices that were shown. The return has its lines."""
    exchange = Exchange.objects.create(
        rma=rma, order=rma.order, difference=estimate.difference, created_at=move.now
    )
    lines = {one.order_line_id: one for one in ReturnLine.objects.filter(rma=rma)}
    ExchangeLine.objects.bulk_create(
        ExchangeLine(
            exchange=exchange,
            return_line=lines[line_id],
            variant=swap.variant,
            quantity=swap.units,
            unit_price=swap.unit_price,
        )
        for line_id, swap in estimate.swaps.items()
    )
    exchanges.event(exchange, to_state=exchange.status, move=move)
    return exchange


def agree(*, rma: Return, move: Move, at_once: bool) -> None:
    """Set aside what is wanted, where there is any; or mark it to be sent before the goods come."""
    exchange = exchanges.of(rma)
    if exchange is None:
        return
    exchange.ships = Ships.AT_ONCE if at_once else Ships.ON_RECEIPT
    exchanges.move_to(exchange=exchange, status=Status.WAITING, move=move)
    wanted: dict[int, int] = {}
    for one in exchange.lines.all():
        wanted[one.variant_id] = wanted.get(one.variant_id, 0) + one.quantity
    reservations.reserve(
        holder=exchanges.holder_of(exchange),
        wanted=wanted,
        now=move.now,
        until=move.now + KEPT_FOR,
    )
    browsing.stock_moved(variant_ids=wanted, now=move.now)


def give_up(*, rma: Return, move: Move) -> None:
    """Nothing is wanted any more: what was kept is free."""
    exchange = exchanges.of(rma)
    if exchange is not None and exchange.status in OPEN:
        let_go(exchange, move)
        exchanges.move_to(exchange=exchange, status=Status.CANCELED, move=move)


def let_go(exchange: Exchange, move: Move) -> None:
    freed = reservations.free(holder=exchanges.holder_of(exchange))
    if freed:
        browsing.stock_came_back(variant_ids=freed, now=move.now)


def was_sent(rma: Return) -> bool:
    """Whether the other pieces are lines of the order by now."""
    return Exchange.objects.filter(rma=rma, edit__isnull=False).exists()


def pieces(exchange: Exchange, accepted: Mapping[int, int]) -> list[Added]:
    """What is added to the order for units that were taken back, by order line."""
    found = []
    lines = exchange.lines.select_related("variant__product", "return_line").order_by("pk")
    for one in lines:
        line_id = one.return_line.order_line_id if one.return_line else 0
        units = min(one.quantity, accepted.get(line_id, 0))
        if units:
            found.append(Added(one.variant, units, one.unit_price))
    return found
