"""What people write on a count sheet: figures and scans, and what lay where nobody expected it."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Variant
from inventory.models import Batch, Bin, CountLine, StockCount, StockItem, StockPolicy
from inventory.services.count_sheets import CountRefused, Status, held, lines_of
from shop.lib.locks import locked


class CountedMeanwhile(CountRefused):
    """Raised when somebody else wrote on a line since it was shown; `line` says what."""

    def __init__(self, line: CountLine) -> None:
        words = _("%(who)s counted %(units)s here meanwhile. Send your figure again to replace it.")
        super().__init__(words % {"who": line.counted_by or _("Somebody"), "units": line.counted})
        self.line = line


class NotOnSheet(CountRefused):
    """Raised for a piece that is not expected in this place; it can be added."""

    def __init__(self, variant: Variant, place: Bin | None, units: int = 1) -> None:
        where = place.code if place else _("any bin")
        words = _("%(sku)s is not on this sheet in %(bin)s. Add it, if it lies there.")
        super().__init__(words % {"sku": variant.sku, "bin": where})
        self.variant, self.place, self.units = variant, place, units


@dataclass(frozen=True, slots=True)
class By:
    """Who counted, and when."""

    actor: User | None
    now: dt.datetime


@transaction.atomic
def record(*, line_id: int, counted: int, seen: int | None, by: By, note: str = "") -> CountLine:
    """Write a figure on a line. seen: what stood there when it was shown; None: nothing.

    Raises CountedMeanwhile when another person's figure stands there by now, CountRefused when
    the count is over.
    """
    line = _line(line_id)
    if line.counted not in (seen, counted):
        raise CountedMeanwhile(line)
    line.note = note or line.note
    return _write(line, counted, by)


@transaction.atomic
def scan(
    *, count: StockCount, variant: Variant, units: int, place: Bin | None, by: By
) -> CountLine:
    """Add units to the line of a piece. place: where the person stands; None: wherever it lies.

    Raises NotOnSheet, and CountRefused when several lines could be meant.
    """
    _open(count.pk)
    lines = CountLine.objects.filter(count=count, stock_item__variant=variant)
    if place:
        lines = lines.filter(bin=place)
    found = locked(lines)
    if not found:
        raise NotOnSheet(variant, place, units)
    if len(found) > 1:
        words = _("%(sku)s is on several lines: scan the bin first, or type what is in each.")
        raise CountRefused(words % {"sku": variant.sku})
    return _write(found[0], (found[0].counted or 0) + units, by)


@dataclass(frozen=True, slots=True)
class Found:
    """A piece in a place where it was not expected. code, expires_on: of a batch."""

    variant: Variant
    place: Bin | None
    units: int
    code: str = ""
    expires_on: dt.date | None = None


@transaction.atomic
def add_line(*, count: StockCount, found: Found, by: By) -> CountLine:
    """Put a piece on the sheet. Its other places come along: the piece is counted as a whole."""
    _open(count.pk)
    item, _new = StockItem.objects.get_or_create(variant=found.variant, location=count.location)
    batch = _batch(item, found, by.now)
    last = count.lines.aggregate(last=Max("position"))["last"] or 0
    if not count.lines.filter(stock_item=item).exists():
        others = [line for line in lines_of(count, [item]) if line.bin != found.place]
        for position, line in enumerate((one for one in others if one.bin), last + 1):
            line.position = last = position
            line.save()
    line, _new = CountLine.objects.get_or_create(
        count=count,
        stock_item=item,
        bin=found.place,
        batch=batch,
        defaults={"position": last + 1},
    )
    line = locked(CountLine.objects.filter(pk=line.pk))[0]
    return _write(line, (line.counted or 0) + found.units, by)


def _batch(item: StockItem, found: Found, now: dt.datetime) -> Batch | None:
    if not StockPolicy.objects.filter(variant=found.variant, tracks_batches=True).exists():
        return None
    batch, _new = Batch.objects.get_or_create(
        stock_item=item,
        code=found.code,
        expires_on=found.expires_on,
        defaults={"received_at": now},
    )
    return batch


def _line(line_id: int) -> CountLine:
    count_id = CountLine.objects.values_list("count", flat=True).get(pk=line_id)
    _open(count_id)
    return locked(CountLine.objects.filter(pk=line_id))[0]


def _open(count_id: int) -> StockCount:
    """The count, locked, while it may be written on. Raises CountRefused."""
    count = held(count_id)
    if count.status != Status.OPEN:
        words = _("This count is “%(status)s”; nothing more is written on it.")
        raise CountRefused(words % {"status": count.get_status_display()})
    return count


def _write(line: CountLine, counted: int, by: By) -> CountLine:
    line.counted, line.counted_by, line.counted_at = counted, by.actor, by.now
    line.expected = _expected(line)
    line.save(update_fields=["counted", "counted_by", "counted_at", "expected", "note"])
    return line


def _expected(line: CountLine) -> int:
    """What the system has of the item now; of a tracked one, of this batch of it."""
    if line.batch_id:
        return Batch.objects.values_list("on_hand", flat=True).get(pk=line.batch_id)
    return StockItem.objects.values_list("on_hand", flat=True).get(pk=line.stock_item_id)
