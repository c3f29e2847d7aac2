"""Units that are promised and not there: the rows of those who wait, and how many may."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from inventory.models import Backorder, StockPolicy
from inventory.services import incoming
from inventory.services.offering import is_too_early
from inventory.services.shelves import Shelf

Selling = StockPolicy.Selling
Kind = Backorder.Kind


def room(shelf: Shelf, variant_id: int) -> int:
    """Units that may still be promised ahead. A pre-order is one until its first day."""
    policy = shelf.policies.get(variant_id)
    if policy is None or policy.selling == Selling.SHELF:
        return 0
    if policy.selling == Selling.PREORDER and not is_too_early(policy, shelf.now):
        return 0
    return max(0, policy.limit - policy.waiting)


def owe(shelf: Shelf, waiting: Mapping[UUID, tuple[int, int]]) -> list[Backorder]:
    """Write down who waits: {holder: (variant id, units)}, each with the day he is promised."""
    if not waiting:
        return []
    known = Backorder.objects.filter(holder__in=waiting).in_bulk(field_name="holder")
    coming = incoming.expected(variant_ids={pk for pk, _units in waiting.values()}, now=shelf.now)
    rows = []
    for holder, (variant_id, units) in waiting.items():
        row = known.get(holder) or _none_yet(shelf, holder, variant_id)
        row.promised_on = coming[variant_id].day(units)
        row.quantity += units
        coming[variant_id].owed += units
        if counts(row):
            shelf.policies[variant_id].waiting += units
        rows.append(row)
    save(shelf, rows)
    return rows


def _none_yet(shelf: Shelf, holder: UUID, variant_id: int) -> Backorder:
    is_early = is_too_early(shelf.policies[variant_id], shelf.now)
    return Backorder(
        holder=holder,
        variant_id=variant_id,
        kind=Kind.PREORDER if is_early else Kind.BACKORDER,
        quantity=0,
        created_at=shelf.now,
    )


def counts(row: Backorder) -> bool:
    """Whether it counts against what may be promised ahead; a shortage was sold from the shelf."""
    return row.kind != Kind.SHORT


def end(shelf: Shelf, rows: Iterable[Backorder]) -> None:
    """These wait no longer."""
    gone = list(rows)
    for row in gone:
        less(shelf, row, row.quantity)
    save(shelf, gone)


def less(shelf: Shelf, row: Backorder, units: int) -> None:
    """A row waits for fewer units; the caller saves both."""
    row.quantity -= units
    if counts(row):
        shelf.policies[row.variant_id].waiting -= units


def save(shelf: Shelf, rows: Iterable[Backorder]) -> None:
    """Write backorders and how many of each variant wait; who waits for nothing is gone."""
    wanted = list(rows)
    Backorder.objects.bulk_create(row for row in wanted if row.pk is None)
    Backorder.objects.bulk_update(
        [row for row in wanted if row.pk is not None and row.quantity],
        ["quantity", "promised_on", "kind"],
    )
    Backorder.objects.filter(pk__in=[row.pk for row in wanted if not row.quantity]).delete()
    touched = {row.variant_id for row in wanted} & shelf.policies.keys()
    StockPolicy.objects.bulk_update([shelf.policies[pk] for pk in sorted(touched)], ["waiting"])
