"""Pick waves: a walk along the bins for several parcels. Their orders are locked before them."""

from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.models import F

from inventory.models import Bin, BinItem, Location
from orders.services.orders import Move
from shipping.models import Fulfilment, FulfilmentLine, PickTask, PickWave
from shipping.services import picks
from shop.lib.events import InvalidTransition
from shop.lib.locks import locked

Status = PickWave.Status
# What lies in no bin is looked for last.
NOWHERE = (1 << 31, "")


def next_number() -> str:
    with connection.cursor() as cursor:
        cursor.execute("select nextval('shipping_wave_number')")
        return f"WV-{cursor.fetchone()[0]}"


def make(*, location: Location, parcels: Sequence[Fulfilment], move: Move) -> PickWave:
    """Write a wave of parcels, each piece of them a pick, in the order of the walk."""
    wave = PickWave.objects.create(
        number=next_number(), location=location, created_by=move.actor, created_at=move.now
    )
    Fulfilment.objects.filter(pk__in=[one.pk for one in parcels]).update(wave=wave)
    lines = FulfilmentLine.objects.filter(fulfilment__in=parcels).select_related("order_line")
    tasks = [
        PickTask(wave=wave, line=line, variant_id=variant_id, quantity=line.quantity * each)
        for line in lines.prefetch_related("order_line__parts").order_by("fulfilment", "pk")
        for variant_id, each in picks.pieces_of(line.order_line).items()
    ]
    _walk(tasks, location)
    PickTask.objects.bulk_create(tasks)
    return wave


def _walk(tasks: list[PickTask], location: Location) -> None:
    """Say where each piece lies, and put them in the order in which one comes past."""
    first = _first_bins(location, {task.variant_id for task in tasks})
    for task in tasks:
        task.bin = first.get(task.variant_id)
    tasks.sort(key=lambda task: (_place(task.bin), task.variant_id))
    for position, task in enumerate(tasks, 1):
        task.position = position


def _place(found: Bin | None) -> tuple[int, str]:
    return (found.position, found.code) if found else NOWHERE


def _first_bins(location: Location, variants: Iterable[int]) -> dict[int, Bin]:
    rows = BinItem.objects.filter(
        stock_item__variant__in=variants, bin__location=location, bin__is_active=True
    )
    found: dict[int, Bin] = {}
    for row in rows.select_related("bin", "stock_item").order_by("position", "bin__position", "pk"):
        found.setdefault(row.stock_item.variant_id, row.bin)
    return found


def lock(*, wave_id: int) -> PickWave:
    """A wave, held for this transaction. Raises PickWave.DoesNotExist."""
    found = locked(PickWave.objects.filter(pk=wave_id).select_related("location"))
    if not found:
        raise PickWave.DoesNotExist(wave_id)
    return found[0]


def move_to(*, wave: PickWave, status: str, move: Move) -> None:
    """Move a wave. Raises InvalidTransition."""
    if status not in wave.MOVES[wave.status]:
        raise InvalidTransition(wave, wave.status, status)
    wave.status = status
    if status == Status.PICKING:
        wave.started_at, wave.picker = move.now, move.actor
    else:
        wave.finished_at = move.now
    wave.save(update_fields=["status", "started_at", "picker", "finished_at"])


def settle(*, wave_id: int, move: Move) -> PickWave:
    """After a pick: the walk is over when nothing is left to fetch, and off when nothing was asked."""
    wave = lock(wave_id=wave_id)
    tasks = PickTask.objects.filter(wave=wave)
    if wave.status not in (Status.OPEN, Status.PICKING) or tasks.filter(done_at=None).exists():
        return wave
    is_picked = wave.status == Status.PICKING and tasks.exists()
    move_to(wave=wave, status=Status.PICKED if is_picked else Status.CANCELED, move=move)
    return wave


def parcels_of(wave: PickWave) -> "dict[int, int]":
    """Each parcel's box on the trolley, from 1: {fulfilment id: number}."""
    ids = Fulfilment.objects.filter(wave=wave).order_by("pk").values_list("pk", flat=True)
    return {pk: number for number, pk in enumerate(ids, 1)}


def units_left(wave: PickWave) -> int:
    rows = PickTask.objects.filter(wave=wave, done_at=None)
    return sum(rows.values_list(F("quantity") - F("picked") - F("short"), flat=True))
