"""Stock from a table: what another system has counted, set at once or not at all."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.db.models.functions import Upper
from django.utils.translation import gettext as _

from catalog.models import Variant
from inventory.models import Location, StockItem
from inventory.services import stock
from inventory.services.stock import StockRefused, Why
from shop.lib import csvrows
from shop.lib.csvfiles import Row
from shop.lib.csvrows import RowsRefused, at
from shop.processes.stocktaking.correcting import correct

COLUMNS = ("sku", "location", "on_hand")
MOST_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Told:
    """What a row says: so many units of this at this place."""

    line: int
    variant_id: int
    location: Location
    on_hand: int


class _Bad(Exception):
    """A row that can't be meant."""


def take(*, path: Path, why: Why, places: Collection[int] | None) -> int:
    """Set the units on hand as a table says; returns how many rows changed something.

    places: keys of the locations that may be changed; None: all. Promises are kept: a row that
    would break one is refused. Raises RowsRefused, and has changed nothing then.
    """
    rows = csvrows.read(path, needed=COLUMNS)
    return _put(_understood(rows, places), why)


def _understood(rows: Sequence[Row], places: Collection[int] | None) -> list[Told]:
    skus = [row.cells.get("sku", "").upper() for row in rows]
    found = Variant.objects.alias(upper=Upper("sku")).filter(upper__in=skus)
    variants = {sku.upper(): pk for pk, sku in found.values_list("pk", "sku")}
    mine = Location.objects.all() if places is None else Location.objects.filter(pk__in=places)
    locations = {one.code: one for one in mine}
    told: dict[tuple[int, int], Told] = {}
    problems = []
    for row in rows:
        try:
            one = _told(row, variants, locations)
            _check_new(one, told)
            told[one.variant_id, one.location.pk] = one
        except _Bad as bad:
            problems.append(at(row.line, str(bad)))
    if problems:
        raise RowsRefused(problems)
    return list(told.values())


def _told(row: Row, variants: Mapping[str, int], locations: Mapping[str, Location]) -> Told:
    sku, place, units = (row.cells.get(name, "") for name in COLUMNS)
    if sku.upper() not in variants:
        raise _Bad(_("there is no SKU “%(sku)s”.") % {"sku": sku})
    if place not in locations:
        raise _Bad(_("there is no location “%(code)s” for you.") % {"code": place})
    if not (units.isascii() and units.isdigit() and len(units) <= MOST_DIGITS):
        raise _Bad(_("“%(units)s” is no number of units.") % {"units": units})
    return Told(row.line, variants[sku.upper()], locations[place], int(units))


def _check_new(one: Told, told: Mapping[tuple[int, int], Told]) -> None:
    before = told.get((one.variant_id, one.location.pk))
    if before:
        raise _Bad(_("the same piece and place as in line %(line)s.") % {"line": before.line})


@transaction.atomic
def _put(told: Sequence[Told], why: Why) -> int:
    """All under one lock, so that nobody waits for somebody who waits for this."""
    stock.hold(variant_ids={one.variant_id for one in told})
    known = {
        (item.variant_id, item.location_id): item.on_hand
        for item in StockItem.objects.filter(variant__in={one.variant_id for one in told})
    }
    changed, problems = 0, []
    for one in told:
        if known.get((one.variant_id, one.location.pk), 0) == one.on_hand:
            continue
        try:
            correct(variant_id=one.variant_id, on_hand=one.on_hand, location=one.location, why=why)
        except StockRefused as refusal:
            problems.append(at(one.line, refusal.message))
        changed += 1
    if problems:
        raise RowsRefused(problems)
    return changed
