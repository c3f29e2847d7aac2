"""Count sheets: begun for some of a location, in the order of the walk, and moved on."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Category
from inventory.models import (
    Batch,
    Bin,
    BinItem,
    CountEvent,
    CountLine,
    Location,
    StockCount,
    StockItem,
    StockPolicy,
)
from inventory.services import numbering
from shop.lib.errors import Refused
from shop.lib.events import InvalidTransition
from shop.lib.locks import locked

AT_ONCE = 1000
Status = StockCount.Status


class CountRefused(Refused):
    """Raised when a count can't be begun, moved or written on like this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """What is counted at a location: everything, unless this narrows it down.

    bins: codes of the first and the last one of a stretch of the walk.
    """

    bins: tuple[str, str] | None = None
    category_id: int | None = None
    item_ids: Collection[int] | None = None


@transaction.atomic
def begin(
    *,
    location: Location,
    which: Which,
    name: str = "",
    is_blind: bool = True,
    actor: User | None,
    now: dt.datetime,
) -> StockCount:
    """Write a sheet, a line for every place of every item. Raises CountRefused for an empty one."""
    items = list(_chosen(location, which).order_by("pk"))
    if not items:
        raise CountRefused(_("There is nothing to count in what you chose."))
    count = StockCount.objects.create(
        number=numbering.count_number(),
        location=location,
        name=name,
        is_blind=is_blind,
        created_by=actor,
        created_at=now,
    )
    CountLine.objects.bulk_create(lines_of(count, items), batch_size=AT_ONCE)
    _tell(count, "", now, actor)
    return count


def _chosen(location: Location, which: Which) -> QuerySet[StockItem]:
    """Items at a place; an item that lies in one bin of a stretch is counted in all of its bins."""
    items = StockItem.objects.filter(location=location)
    if which.item_ids is not None:
        return items.filter(pk__in=which.item_ids)
    places = BinItem.objects.filter(stock_item=OuterRef("pk"))
    items = items.filter(Q(on_hand__gt=0) | Exists(places))
    if which.bins:
        items = items.filter(Exists(places.filter(bin__in=stretch(location, *which.bins))))
    if which.category_id:
        category = Category.objects.get(pk=which.category_id)
        items = items.filter(variant__product__category__path__startswith=category.path)
    return items


def stretch(location: Location, first: str, last: str) -> list[int]:
    """The bins between two, both among them, as one walks. Raises CountRefused for unknown ones."""
    codes = {}
    for at, (pk, code) in enumerate(_walk(location)):
        codes[code.casefold()] = (at, pk)
    try:
        ends = sorted((codes[first.casefold()][0], codes[last.casefold()][0]))
    except KeyError as unknown:
        words = _("There is no bin %(code)s here.") % {"code": unknown.args[0].upper()}
        raise CountRefused(words) from unknown
    return [pk for at, pk in codes.values() if ends[0] <= at <= ends[1]]


def _walk(location: Location) -> Iterable[tuple[int, str]]:
    rows = Bin.objects.filter(location=location, is_active=True)
    return rows.order_by("position", "code", "pk").values_list("pk", "code")


def lines_of(count: StockCount, items: Collection[StockItem]) -> list[CountLine]:
    """The lines of these items: bin by bin; of a tracked item batch by batch."""
    bins, batches = _bins_of(items), _batches_of(items)
    # Of what lies in no bin, and of what has no batches, there is one line all the same.
    places: dict[int, list[Bin | None]] = {item.pk: [*bins[item.pk]] or [None] for item in items}
    lots: dict[int, list[Batch | None]] = {item.pk: [*batches[item.pk]] or [None] for item in items}
    lines = [
        (place, item.pk, CountLine(count=count, stock_item=item, bin=place, batch=batch))
        for item in items
        for place in places[item.pk]
        for batch in lots[item.pk]
    ]
    # What lies in no bin comes last.
    lines.sort(key=lambda one: (one[0] is None, _at(one[0]), one[1]))
    for position, (_place, _item, line) in enumerate(lines, 1):
        line.position = position
    return [line for _place, _item, line in lines]


def _at(place: Bin | None) -> tuple[int, str]:
    return (place.position, place.code) if place else (0, "")


def _bins_of(items: Collection[StockItem]) -> dict[int, list[Bin]]:
    places = BinItem.objects.filter(stock_item__in=items, bin__is_active=True)
    found = defaultdict(list)
    for place in places.select_related("bin").order_by("position", "pk"):
        found[place.stock_item_id].append(place.bin)
    return found


def _batches_of(items: Collection[StockItem]) -> dict[int, list[Batch]]:
    tracked = StockPolicy.objects.filter(
        variant__in=[item.variant_id for item in items], tracks_batches=True
    ).values("variant")
    rows = Batch.objects.filter(
        stock_item__in=items, stock_item__variant__in=tracked, on_hand__gt=0
    )
    found = defaultdict(list)
    for batch in rows.order_by("expires_on", "code", "pk"):
        found[batch.stock_item_id].append(batch)
    return found


@transaction.atomic
def finish(*, count_id: int, actor: User | None, now: dt.datetime) -> StockCount:
    """Everything is counted that will be; the differences wait for approval."""
    count = held(count_id)
    if not count.lines.filter(counted__isnull=False).exists():
        raise CountRefused(_("Nothing is counted yet."))
    return move(count, Status.COUNTED, now, actor)


@transaction.atomic
def reopen(
    *, count_id: int, line_ids: Collection[int], actor: User | None, now: dt.datetime
) -> StockCount:
    """Have some lines counted again: what they said is wiped, the others stay."""
    count = held(count_id)
    lines = count.lines.filter(pk__in=line_ids)
    if not lines.exists():
        raise CountRefused(_("Tick what is to be counted again."))
    lines.update(counted=None, counted_at=None, expected=None, counted_by=None)
    return move(count, Status.OPEN, now, actor)


@transaction.atomic
def cancel(*, count_id: int, actor: User | None, now: dt.datetime) -> StockCount:
    return move(held(count_id), Status.CANCELED, now, actor)


def held(count_id: int) -> StockCount:
    """The count, locked: whoever writes on it or books it comes after the other."""
    return locked(StockCount.objects.filter(pk=count_id))[0]


def move(count: StockCount, status: str, now: dt.datetime, actor: User | None) -> StockCount:
    """Raises CountRefused where the table of moves has none."""
    if status not in count.MOVES[count.status]:
        words = _("This count is already “%(status)s”.") % {"status": count.get_status_display()}
        raise CountRefused(words) from InvalidTransition(count, count.status, status)
    before, count.status = count.status, status
    if status == Status.APPROVED:
        count.approved_by, count.approved_at = actor, now
    count.save(update_fields=["status", "approved_by", "approved_at"])
    _tell(count, before, now, actor)
    return count


def _tell(count: StockCount, before: str, now: dt.datetime, actor: User | None) -> None:
    CountEvent.objects.create(
        count=count, axis="status", from_state=before, to_state=count.status, at=now, actor=actor
    )


def places(count: StockCount) -> Iterator[Bin]:
    """The bins on a sheet, as one walks."""
    ids = count.lines.exclude(bin=None).values("bin")
    return iter(Bin.objects.filter(pk__in=ids).order_by("position", "code", "pk"))
