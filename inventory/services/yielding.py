"""Promises yield to shelves: what is not there can't be kept for anybody."""

from dataclasses import replace

from django.utils.translation import gettext as _

from inventory.models import Allocation, Reservation, Shortage, StockItem, StockMovement
from inventory.services.shelves import Shelf
from inventory.services.terms import StockRefused, Why


def make_room(
    shelf: Shelf, item: StockItem, on_hand: int, why: Why, *, take_back: bool
) -> list[Shortage]:
    """Before only `on_hand` units are left: end promises that can't be kept, youngest first.

    Reservations go first. Units promised to orders are taken back where take_back says so, and
    each of their holders is short of them; else raises StockRefused.
    """
    if on_hand < item.allocated and not take_back:
        raise StockRefused(
            _("%(count)s units are promised to orders; there can't be fewer on hand.")
            % {"count": item.allocated}
        )
    _drop_reservations(shelf, item, item.allocated + item.reserved - on_hand)
    return _take_back(shelf, item, item.allocated - on_hand, why)


def _drop_reservations(shelf: Shelf, item: StockItem, units: int) -> None:
    if units <= 0 or not item.reserved:
        return
    gone = []
    for one in Reservation.objects.filter(stock_item=item).order_by("-created_at", "-pk"):
        if some := min(units, one.quantity):
            units -= some
            one.quantity -= some
            shelf.unreserve(item, some)
            gone.append(one)
    Reservation.objects.filter(pk__in=[one.pk for one in gone if not one.quantity]).delete()
    Reservation.objects.bulk_update([one for one in gone if one.quantity], ["quantity"])


def _take_back(shelf: Shelf, item: StockItem, units: int, why: Why) -> list[Shortage]:
    if units <= 0:
        return []
    lost = replace(why, kind=StockMovement.Kind.RELEASE)
    gone: dict[Allocation, int] = {}
    for one in Allocation.objects.filter(stock_item=item).order_by("-created_at", "-pk"):
        if some := min(units, one.quantity):
            units -= some
            one.quantity -= some
            shelf.move(item, lost, allocated=-some)
            gone[one] = some
    Allocation.objects.filter(pk__in=[one.pk for one in gone if not one.quantity]).delete()
    Allocation.objects.bulk_update([one for one in gone if one.quantity], ["quantity"])
    return _note(item, gone, why)


def _note(item: StockItem, gone: dict[Allocation, int], why: Why) -> list[Shortage]:
    """Write down who is short of how much; who was short before is short of more."""
    holders = [one.holder for one in gone]
    known = {
        one.holder: one for one in Shortage.objects.filter(holder__in=holders, settled_at=None)
    }
    rows = []
    for one, units in gone.items():
        row = known.get(one.holder) or Shortage(
            holder=one.holder,
            variant_id=item.variant_id,
            quantity=0,
            reason=why.reason,
            noticed_at=why.now,
        )
        row.quantity += units
        rows.append(row)
    Shortage.objects.bulk_update([row for row in rows if row.pk], ["quantity"])
    Shortage.objects.bulk_create(row for row in rows if not row.pk)
    return rows
