"""The shelves of some variants, locked: every change is made here and leaves its movement.

Whoever touches a variant locks all its stock items first, in primary-key order, then its policy.
All else that belongs to them (reservations, allocations, backorders, batches) is changed under that
lock alone.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from catalog.models import BundlePart
from inventory.models import Batch, Location, StockItem, StockMovement, StockPolicy
from inventory.services import lots, news, valuing
from inventory.services.lots import Lots
from inventory.services.terms import Lot, Why
from inventory.services.valuing import Change
from shop.lib.locks import locked_as
from shop.lib.prepared import Prepared
from shop.lib.writing import insert, run

# What is sold with a variant in it: pages of those tell of its shelf, too.
IN_BUNDLES = BundlePart.objects.filter(part=OuterRef("variant")).order_by()
# The weaker lock: rows that only point at a stock item are written meanwhile.
ITEMS = Prepared(
    lambda variants: (
        StockItem.objects.filter(variant__in=variants)
        .select_related("location")
        .annotate(bundles=ArraySubquery(IN_BUNDLES.values_list("bundle_id")))
        .order_by("pk")
        .select_for_update(of=("self",), no_key=True)
    )
)
POLICIES = Prepared(
    lambda variants: (
        StockPolicy.objects.filter(variant__in=variants)
        .order_by("pk")
        .select_for_update(no_key=True)
    )
)
WRITE = """
with ended as (delete from inventory_reservation where id = any(%s::bigint[]))
update inventory_stockitem as item set on_hand = new.on_hand, allocated = new.allocated,
    reserved = new.reserved, damaged = new.damaged
from unnest(%s::bigint[], %s::int[], %s::int[], %s::int[], %s::int[])
    as new (id, on_hand, allocated, reserved, damaged)
where item.id = new.id
"""


@dataclass
class Shelf:
    """Locked stock items by id, policies by variant, batches by stock item, and what moved."""

    now: dt.datetime
    items: dict[int, StockItem]
    policies: dict[int, StockPolicy]
    lots: dict[int, Lots]
    movements: list[StockMovement] = field(default_factory=list)
    values: list[Decimal | None] = field(default_factory=list)
    changed: dict[int, StockItem] = field(default_factory=dict)
    batches: dict[int, Batch] = field(default_factory=dict)
    # Reservations that are over.
    ended: list[int] = field(default_factory=list)
    places: dict[tuple[int, int], StockItem] = field(init=False)

    def __post_init__(self) -> None:
        self.places = {(one.variant_id, one.location_id): one for one in self.items.values()}

    def of(self, variant_id: int) -> list[StockItem]:
        return [item for item in self.items.values() if item.variant_id == variant_id]

    @property
    def bundles(self) -> set[int]:
        """What is sold with something of these shelves in it."""
        return {pk for item in self.items.values() for pk in item.bundles}  # type: ignore[attr-defined]

    def at(self, variant_id: int, place: Location) -> StockItem:
        return self.places[variant_id, place.pk]

    def stale(self, item: StockItem) -> int:
        """Units on hand that are past their date."""
        return self.lots[item.pk].stale if item.pk in self.lots else 0

    def move(
        self,
        item: StockItem,
        why: Why,
        *,
        on_hand: int = 0,
        allocated: int = 0,
        damaged: int = 0,
        batch: Batch | None = None,
        value: Decimal | None = None,
    ) -> StockMovement:
        """Change a stock item (and its batch). value: what the units that come cost, if known."""
        item.on_hand += on_hand
        item.allocated += allocated
        item.damaged += damaged
        self.changed[item.pk] = item
        if batch is not None:
            batch.on_hand += on_hand
            self.batches[id(batch)] = batch
        movement = StockMovement(
            stock_item=item,
            kind=why.kind,
            on_hand_change=on_hand,
            allocated_change=allocated,
            damaged_change=damaged,
            batch=batch,
            reason=why.reason,
            reference=why.reference,
            actor=why.actor,
            at=why.now,
        )
        self.movements.append(movement)
        self.values.append(value)
        return movement

    def unreserve(self, item: StockItem, units: int) -> None:
        """What was kept for somebody is free; a reservation is no movement."""
        item.reserved -= units
        self.changed[item.pk] = item

    def leaving(
        self, item: StockItem, units: int, lot: Lot | None = None
    ) -> list[tuple[Batch | None, int]]:
        """The batches that units are taken from; of a variant without batches, none in particular.

        Raises StockRefused.
        """
        if item.pk not in self.lots:
            return [(None, units)]
        return [*self.lots[item.pk].leaving(units, lot)]

    def arriving(self, item: StockItem, lot: Lot | None) -> Batch | None:
        """The batch that units are added to."""
        return self.lots[item.pk].find(lot or Lot()) if item.pk in self.lots else None

    def save(self) -> None:
        """Write what changed: counters, promises, batches, values, and then the movements."""
        self._save_counters()
        self._save_batches()
        self._value()
        insert(self.movements)
        news.of_movements(self.movements)

    def _save_counters(self) -> None:
        if not self.changed:
            # Nothing ended, either: that changes a counter.
            return
        rows = [
            (one.pk, one.on_hand, one.allocated, one.reserved, one.damaged)
            for one in self.changed.values()
        ]
        run(WRITE, [self.ended, *(list(column) for column in zip(*rows, strict=True))])

    def _save_batches(self) -> None:
        new = [batch for batch in self.batches.values() if batch.pk is None]
        known = [batch for batch in self.batches.values() if batch.pk is not None]
        if known:
            Batch.objects.bulk_update(known, ["on_hand"])
        Batch.objects.bulk_create(new)

    def _value(self) -> None:
        """What goods that came or left were worth; moving them about costs nothing."""
        priced = [
            (movement, Change(movement.stock_item.variant_id, movement.on_hand_change, value))
            for movement, value in zip(self.movements, self.values, strict=True)
            if movement.on_hand_change and movement.kind != StockMovement.Kind.TRANSFER
        ]
        if not priced:
            return
        values = valuing.apply([change for _movement, change in priced])
        for (movement, _change), value in zip(priced, values, strict=True):
            movement.value_change = value


def lock(*, variant_ids: Iterable[int], now: dt.datetime, place: Location | None = None) -> Shelf:
    """Lock the stock of variants at all locations. place: where each has a stock item for sure."""
    wanted = set(variant_ids)
    items = locked_items(variant_ids=wanted, place=place)
    policies = _locked_policies(wanted)
    shelf = Shelf(now, items, policies, lots.of(items=items.values(), policies=policies, now=now))
    for one in shelf.lots.values():
        shelf.batches |= {id(batch): batch for batch in one.settle()}
    return shelf


def locked_items(
    *, variant_ids: Iterable[int], place: Location | None = None
) -> dict[int, StockItem]:
    """All stock items of variants, locked. place: where each has one for sure."""
    wanted = sorted(set(variant_ids))
    if place is not None:
        rows = StockItem.objects.filter(variant_id__in=wanted)
        there = set(rows.filter(location=place).values_list("variant_id", flat=True))
        # In one order, so that two who make the same rows wait for each other only once.
        StockItem.objects.bulk_create(
            (StockItem(variant_id=pk, location=place) for pk in wanted if pk not in there),
            ignore_conflicts=True,
        )
    return {item.pk: item for item in locked_as(ITEMS, variants=wanted)}


def _locked_policies(variant_ids: Iterable[int]) -> dict[int, StockPolicy]:
    found = locked_as(POLICIES, variants=list(variant_ids))
    return {one.variant_id: one for one in found}


def hold(*, variant_ids: Iterable[int], location: Location | None = None) -> None:
    """Lock the stock of variants that are changed one after the other from here on.

    Whoever changes more than one in a transaction does this first, and never waits for somebody
    who waits for him. location: where each has a stock item for sure.
    """
    wanted = set(variant_ids)
    locked_items(variant_ids=wanted, place=location)
    _locked_policies(wanted)
