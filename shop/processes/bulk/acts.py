"""What is done with an order of a run in one transaction: picked, packed, sent; or confirmed."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from orders.models import Order
from orders.services import orders
from orders.services.orders import Move
from shipping.models import Box, BulkRow, Fulfilment
from shipping.services import parcels
from shipping.services.parcels import Status, WrongState
from shop.lib.errors import Refused
from shop.processes import fulfilment, picking
from shop.processes.bulk.terms import Options
from shop.processes.fulfilment import Parcel


class NothingThere(Refused):
    """Raised when an order has no parcel for what was asked."""


def confirm(row: BulkRow, _options: Options, actor: User | None, now: dt.datetime) -> str:
    """Accept an order; one that is accepted already was so by this run, or by somebody faster."""
    if Order.objects.filter(pk=row.order_id, status=Order.Status.CONFIRMED).exists():
        return _("Confirmed already.")
    fulfilment.verify(order_id=row.order_id, actor=actor, now=now)
    return _("Confirmed.")


def pick(row: BulkRow, _options: Options, actor: User | None, now: dt.datetime) -> str:
    """Begin with an order's parcels without a walk."""
    begun = picking.fetch(order=orders.lock(order_id=row.order_id), move=Move(now, actor))
    if not begun:
        raise NothingThere(_("Nothing of it waits to be picked."))
    return _told(begun)


def pack(row: BulkRow, _options: Options, actor: User | None, now: dt.datetime) -> str:
    """Close an order's parcels in the boxes that are proposed for them."""
    order, move = orders.lock(order_id=row.order_id), Move(now, actor)
    picking.prepare(order=order, move=move)
    found = _of(row, order, picking.TO_PACK)
    if not found:
        raise NothingThere(_("Nothing of it waits to be packed."))
    for one in found:
        box, grams = _box(one)
        picking.pack_within(order=order, fulfilment=one, box=box, grams=grams, move=move)
    return _told(found)


def _box(fulfilment: Fulfilment) -> tuple[Box | None, int]:
    proposed = picking.proposal(fulfilment)
    if len(proposed.parcels) > 1:
        words = _("It needs %(count)s boxes: pack it by hand.")
        raise NothingThere(words % {"count": len(proposed.parcels)})
    return (proposed.parcels[0].box if proposed.parcels else None), proposed.grams


def send(row: BulkRow, options: Options, actor: User | None, now: dt.datetime) -> str:
    """Send an order's packed parcels. carrier: who takes those without a label."""
    order, move = orders.lock(order_id=row.order_id), Move(now, actor)
    if order.pickup.get("kind") == "collect":
        raise NothingThere(_("The buyer fetches it: hand it over against the code."))
    found = _of(row, order, (Status.PACKED,))
    if not found:
        raise NothingThere(_("Nothing of it stands packed."))
    carrier = str(options.get("carrier", ""))
    for one in found:
        parcel = Parcel("" if one.carrier else carrier)
        fulfilment.send_parcel(order=order, fulfilment=one, parcel=parcel, move=move)
    return _told(found)


def _of(row: BulkRow, order: Order, statuses: tuple[Status, ...]) -> list[Fulfilment]:
    """The row's parcel, or all of the order that are so far. Raises WrongState for the one."""
    found = parcels.held(order=order, statuses=statuses)
    if row.parcel is None:
        return found
    chosen = [one for one in found if one.pk == row.parcel]
    if not chosen:
        raise WrongState(order.fulfilments.get(pk=row.parcel))
    return chosen


def _told(found: list[Fulfilment]) -> str:
    names = ", ".join(f"{one.order.number}-{one.position}" for one in found)
    words = ngettext("Parcel %(names)s", "Parcels %(names)s", len(found))
    return words % {"names": names}
