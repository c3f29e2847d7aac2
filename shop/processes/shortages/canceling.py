"""Cancelling units of an order: their goods are free for others, what they cost is given back."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from inventory.services import giving_up
from orders.models import Order, OrderLine
from orders.queries import holders_of
from orders.services import orders
from orders.services.orders import Move
from shop.lib.errors import Refused
from shop.lib.locks import locked
from shop.processes import (
    assigning,
    browsing,
    capturing,
    filling,
    fulfilment,
    handing_off,
    refunding,
)
from shop.processes.checkout import settling
from shop.processes.fulfilment import NotNow
from shop.processes.shortages import lines

Chosen = list[tuple[OrderLine, int]]


class NothingToCancel(Refused):
    """Raised when no units were named, or more than are left to send."""


@transaction.atomic(durable=True)
def cancel_units(
    *,
    order_id: int,
    units: Mapping[int, int],
    reason: str,
    key: str,
    actor: User | None,
    now: dt.datetime,
) -> Order:
    """Take units of lines ({line id: units}) off an order, once per key. The buyer is told.

    Raises NotNow, NothingToCancel, PickingStarted, and TooMuch when the money can't go back.
    """
    order = lines.lock_open(order_id)
    drop(order=order, units=units, key=key, move=Move(now, actor, reason))
    return order


def drop(*, order: Order, units: Mapping[int, int], key: str, move: Move) -> None:
    """The same within a transaction that holds the order. All of an order is called off."""
    if refunding.is_granted(order=order, key=key):
        return
    everything = locked(OrderLine.objects.filter(order=order))
    chosen = _chosen(everything, units)
    if _is_all(order, everything, chosen):
        fulfilment.call_off(order=order, move=move)
        return
    if order.confirmed_at is None:
        raise NotNow(_("This order is not confirmed yet: confirm it first, or cancel all of it."))
    assigning.make_room(order=order, units={line.pk: n for line, n in chosen}, move=move)
    capturing.held(order=order)
    freed = giving_up.give_up(
        quantities={
            holder: count * each
            for line, count in chosen
            for holder, (_variant, each) in holders_of(line).items()
        },
        reference=order.number,
        now=move.now,
    )
    _take_off(order, chosen, move)
    assigning.fit(order=order, move=move)
    _give_back(order, everything, chosen, key, move)
    close(order=order, move=move)
    filling.fill(variant_ids=freed, now=move.now)
    browsing.stock_came_back(variant_ids=freed, now=move.now)


def _chosen(everything: list[OrderLine], units: Mapping[int, int]) -> Chosen:
    chosen = [(line, units.get(line.pk, 0)) for line in everything if units.get(line.pk)]
    if not chosen:
        raise NothingToCancel(_("Say how many units are to be cancelled."))
    for line, count in chosen:
        if not line.is_shipped:
            raise NothingToCancel(
                _("%(sku)s is not sent: give the money back instead.") % {"sku": line.sku}
            )
        if not 0 < count <= line.unfulfilled:
            raise NothingToCancel(
                _("%(sku)s: %(left)s left to send.") % {"sku": line.sku, "left": line.unfulfilled}
            )
    return chosen


def _is_all(order: Order, everything: list[OrderLine], chosen: Chosen) -> bool:
    """Whether nothing would stay of an order of which nothing has left."""
    gone = {line.pk: count for line, count in chosen}
    stays = any(one.unfulfilled > gone.get(one.pk, 0) for one in everything)
    return order.can_cancel and not stays


def _take_off(order: Order, chosen: Chosen, move: Move) -> None:
    for line, count in chosen:
        line.canceled += count
        words = _("%(count)s × %(piece)s cancelled.") % {
            "count": count,
            "piece": lines.named(line),
        }
        lines.tell(order, "canceled", words, move)
    OrderLine.objects.bulk_update([line for line, _count in chosen], ["canceled"])


def _give_back(
    order: Order, everything: list[OrderLine], chosen: Chosen, key: str, move: Move
) -> None:
    """What the units cost; delivery as well when no parcel ever leaves."""
    sent = [line for line in everything if line.is_shipped]
    refunding.grant_units(
        order=order,
        units={line.pk: count for line, count in chosen},
        with_delivery=not any(line.fulfilled or line.unfulfilled for line in sent),
        key=key,
        move=move,
    )


def close(*, order: Order, move: Move) -> None:
    """What it makes of the order that fewer units are to be sent: it may be complete."""
    onwards = Move(move.now, move.actor)
    orders.set_fulfillment(order=order, move=onwards)
    to_send = order.lines.filter(is_shipped=True)
    if not any(line.unfulfilled for line in to_send):
        capturing.for_rest(order=order, now=move.now)
    settling.moved(order=order, now=move.now)
    is_whole = order.fulfillment_status == Order.Fulfillment.FULFILLED
    if is_whole and order.status == Order.Status.CONFIRMED and order.paid_at is not None:
        orders.move_to(order=order, status=Order.Status.COMPLETED, move=onwards)
    handing_off.refresh(order=order, move=onwards)
