"""Every change of stock, each with its movement. Rows are locked in primary-key order."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from inventory.models import Allocation, Location, StockItem, StockMovement
from shop.lib.errors import Refused
from shop.lib.locks import locked

Kind = StockMovement.Kind


class OutOfStock(Refused):
    """Raised by allocate() when lines run short; nothing was taken."""

    def __init__(self, short: Mapping[int, int]) -> None:
        super().__init__(_("Some of this has sold out in the meantime."))
        # variant id -> units that are left
        self.short = dict(short)


class StockRefused(Refused):
    """Raised when a change would promise or remove more than there is."""


@dataclass(frozen=True, slots=True)
class Why:
    """The reason that goes with a change."""

    kind: StockMovement.Kind
    now: dt.datetime
    reference: str = ""
    reason: str = ""
    actor: User | None = None


@transaction.atomic
def allocate(
    *, lines: Mapping[UUID, tuple[int, int]], reference: str, now: dt.datetime
) -> list[Allocation]:
    """Promise units to holders: {holder: (variant id, quantity)}. All of it or none.

    Raises OutOfStock with what is left of each variant that ran short.
    """
    wanted: dict[int, int] = defaultdict(int)
    for variant_id, quantity in lines.values():
        wanted[variant_id] += quantity
    # Locked in pk order, so two checkouts of the same goods queue up and never deadlock.
    items = locked(StockItem.objects.filter(variant_id__in=wanted))
    by_variant: dict[int, list[StockItem]] = defaultdict(list)
    for item in items:
        by_variant[item.variant_id].append(item)
    left = {variant: sum(i.available for i in by_variant[variant]) for variant in wanted}
    if short := {variant: left[variant] for variant in wanted if left[variant] < wanted[variant]}:
        raise OutOfStock(short)
    allocations = [
        Allocation(holder=holder, stock_item=item, quantity=taken, created_at=now)
        for holder, (variant_id, quantity) in lines.items()
        for item, taken in _take(by_variant[variant_id], quantity)
    ]
    _write(items, allocations, Why(kind=Kind.ALLOCATION, now=now, reference=reference))
    return Allocation.objects.bulk_create(allocations)


def _take(items: list[StockItem], quantity: int) -> list[tuple[StockItem, int]]:
    """Fill a quantity from the fullest location first, so that parcels stay few."""
    taken = []
    for item in sorted(items, key=lambda item: (-item.available, item.pk)):
        units = min(quantity, item.available)
        if units:
            item.allocated += units
            quantity -= units
            taken.append((item, units))
    return taken


def _write(items: list[StockItem], allocations: list[Allocation], why: Why) -> None:
    StockItem.objects.bulk_update(items, ["allocated"])
    StockMovement.objects.bulk_create(
        _movement(allocation.stock_item, why, allocated=allocation.quantity)
        for allocation in allocations
    )


def _movement(item: StockItem, why: Why, *, on_hand: int = 0, allocated: int = 0) -> StockMovement:
    return StockMovement(
        stock_item=item,
        kind=why.kind,
        on_hand_change=on_hand,
        allocated_change=allocated,
        reason=why.reason,
        reference=why.reference,
        actor=why.actor,
        at=why.now,
    )


@transaction.atomic
def release(
    *,
    holders: Iterable[UUID],
    reference: str,
    now: dt.datetime,
    kind: StockMovement.Kind = Kind.RELEASE,
) -> list[int]:
    """Give back what these holders were promised and has not left. Returns the variants freed."""
    allocations = list(
        Allocation.objects.filter(holder__in=list(holders)).select_related("stock_item")
    )
    items = {i.pk: i for i in locked(_items_of(allocations))}
    # Read again under the lock: another process may have shipped or released meanwhile.
    allocations = list(Allocation.objects.filter(pk__in=[a.pk for a in allocations]))
    why = Why(kind=kind, now=now, reference=reference)
    movements = []
    for allocation in allocations:
        item = items[allocation.stock_item_id]
        item.allocated -= allocation.quantity
        movements.append(_movement(item, why, allocated=-allocation.quantity))
    StockItem.objects.bulk_update(items.values(), ["allocated"])
    StockMovement.objects.bulk_create(movements)
    Allocation.objects.filter(pk__in=[a.pk for a in allocations]).delete()
    return sorted({item.variant_id for item in items.values()})


@transaction.atomic
def consume(
    *,
    quantities: Mapping[UUID, int],
    reference: str,
    actor: User | None,
    now: dt.datetime,
) -> list[int]:
    """Take allocated units off the shelf, because they leave. Returns the variants touched.

    Raises StockRefused when a holder was not promised that many.
    """
    held = Allocation.objects.filter(holder__in=list(quantities))
    items = {item.pk: item for item in locked(_items_of(list(held)))}
    by_holder: dict[UUID, list[Allocation]] = defaultdict(list)
    for allocation in locked(held):
        by_holder[allocation.holder].append(allocation)
    why = Why(kind=Kind.SALE, now=now, reference=reference, actor=actor)
    movements: list[StockMovement] = []
    for holder, quantity in quantities.items():
        movements += _consume_one(by_holder[holder], quantity, items, why)
    StockItem.objects.bulk_update(items.values(), ["on_hand", "allocated"])
    StockMovement.objects.bulk_create(movements)
    return sorted({item.variant_id for item in items.values()})


def _consume_one(
    allocations: list[Allocation], quantity: int, items: dict[int, StockItem], why: Why
) -> list[StockMovement]:
    if sum(allocation.quantity for allocation in allocations) < quantity:
        raise StockRefused(_("Fewer units are set aside for this line than you want to ship."))
    movements = []
    for allocation in allocations:
        units = min(quantity, allocation.quantity)
        if not units:
            continue
        quantity -= units
        item = items[allocation.stock_item_id]
        item.on_hand -= units
        item.allocated -= units
        movements.append(_movement(item, why, on_hand=-units, allocated=-units))
        if units == allocation.quantity:
            allocation.delete()
        else:
            allocation.quantity -= units
            allocation.save(update_fields=["quantity"])
    return movements


def _items_of(allocations: list[Allocation]) -> QuerySet[StockItem]:
    return StockItem.objects.filter(pk__in={a.stock_item_id for a in allocations})


@transaction.atomic
def set_on_hand(
    *, variant_id: int, on_hand: int, why: Why, location: Location | None = None
) -> StockItem:
    """Say how many units are really there. Raises StockRefused below what is promised."""
    item = _item(variant_id, location)
    return _change(item, on_hand - item.on_hand, why)


@transaction.atomic
def change_on_hand(
    *, variant_id: int, change: int, why: Why, location: Location | None = None
) -> StockItem:
    """Add or remove units. Raises StockRefused when fewer would stay than are promised."""
    return _change(_item(variant_id, location), change, why)


def _item(variant_id: int, location: Location | None) -> StockItem:
    place = location or default_location()
    item, _created = StockItem.objects.get_or_create(variant_id=variant_id, location=place)
    return locked(StockItem.objects.filter(pk=item.pk))[0]


def _change(item: StockItem, change: int, why: Why) -> StockItem:
    if item.on_hand + change < item.allocated:
        raise StockRefused(
            _("%(count)s units are promised to orders; there can't be fewer on hand.")
            % {"count": item.allocated}
        )
    if change:
        item.on_hand += change
        item.save(update_fields=["on_hand"])
        _movement(item, why, on_hand=change).save()
    return item


def default_location() -> Location:
    location = Location.objects.order_by("position", "pk").first()
    return location or Location.objects.create(code="main", name=_("Main store"))
