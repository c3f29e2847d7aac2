"""Pick lists: what to fetch, shelf by shelf, and for which parcels."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog.models import Variant
from inventory.models import Bin, BinItem, Location
from orders.models import OrderLine
from shipping.models import Fulfilment, PickWave
from shipping.services.papers.gathering import parcel_code
from shop.lib.barcodes import code128
from shop.lib.paper import printed
from shop.templatetags.shop_text import moment

Content = dict[str, Any]
TEMPLATE = "picks.typ"


@dataclass(frozen=True, slots=True)
class Pick:
    """Units of a variant from a place, for a parcel (by its code)."""

    place: Bin | None
    variant: Variant
    units: int
    parcel: str


def pick_list(wave: PickWave) -> bytes:
    """The list of a wave, in the order of its walk. Raises NotPrinted."""
    tasks = wave.tasks.select_related("variant__product", "bin", "line__fulfilment__order")
    picks = [
        Pick(one.bin, one.variant, one.quantity, parcel_code(one.line.fulfilment))
        for one in tasks.order_by("position", "pk")
    ]
    facts = [[_("Wave"), wave.number], [_("Location"), wave.location.name]]
    if wave.picker:
        facts.append([_("Picked by"), wave.picker.name])
    facts.append([_("Since"), moment(wave.created_at)])
    return printed(TEMPLATE, {"lists": [_sheet(wave.number, facts, picks)]}, is_tagged=False)


def pick_list_of(fulfilments: Iterable[Fulfilment]) -> bytes:
    """What these parcels take from the shelves, a list for each location. Raises NotPrinted."""
    by_place: dict[Location | None, list[Fulfilment]] = defaultdict(list)
    for one in fulfilments:
        by_place[one.location].append(one)
    lists = [_list_of(place, parcels) for place, parcels in by_place.items()]
    return printed(TEMPLATE, {"lists": lists}, is_tagged=False)


def _list_of(place: Location | None, parcels: Sequence[Fulfilment]) -> Content:
    picks = sorted(_walk(place, parcels), key=_where)
    name = place.name if place else _("Any location")
    facts = [[_("Location"), name], [_("Parcels"), str(len(parcels))]]
    return _sheet("", facts, picks)


def _where(pick: Pick) -> tuple[bool, int, str, str, str]:
    """As one walks; what lies in no bin comes last."""
    place = pick.place
    at = (False, place.position, place.code) if place else (True, 0, "")
    return (*at, pick.variant.sku, pick.parcel)


def _walk(place: Location | None, parcels: Sequence[Fulfilment]) -> Iterator[Pick]:
    wanted = list(_pieces(parcels))
    bins = _first_bins(place, {variant.pk for variant, _units, _code in wanted})
    for variant, units, code in wanted:
        yield Pick(bins.get(variant.pk), variant, units, code)


def _pieces(parcels: Sequence[Fulfilment]) -> Iterator[tuple[Variant, int, str]]:
    """What to fetch for each parcel, a bundle by its parts. Deleted variants lie nowhere."""
    lines = OrderLine.objects.select_related("variant__product").prefetch_related(
        "parts__variant__product"
    )
    for parcel in parcels:
        contents = dict(parcel.lines.values_list("order_line", "quantity"))
        for line in lines.filter(pk__in=contents).order_by("position", "pk"):
            parts = [(one.variant, one.quantity) for one in line.parts.all()]
            for variant, each in parts or [(line.variant, 1)]:
                if variant is not None:
                    yield variant, contents[line.pk] * each, parcel_code(parcel)


def _first_bins(place: Location | None, variants: Iterable[int]) -> dict[int, Bin]:
    rows = BinItem.objects.filter(
        stock_item__location=place, stock_item__variant__in=list(variants), bin__is_active=True
    )
    found: dict[int, Bin] = {}
    for row in rows.select_related("bin", "stock_item").order_by("position", "pk"):
        found.setdefault(row.stock_item.variant_id, row.bin)
    return found


def _sheet(code: str, facts: list[list[str]], picks: Sequence[Pick]) -> Content:
    heading = _("Pick list")
    return {
        "lang": (get_language() or "en")[:2],
        "heading": heading,
        "title": f"{heading} {code}".strip(),
        "code": code,
        "bars": code128(code) if code else [],
        "facts": facts,
        "columns": [_("Bin"), _("Units"), _("Item"), _("SKU"), _("For parcel")],
        "lines": _rows(picks),
        "words": {"page": _("Page")},
    }


def _rows(picks: Sequence[Pick]) -> list[Content]:
    """A row for each piece in each bin, as they come."""
    by_place: dict[tuple[int | None, int], list[Pick]] = defaultdict(list)
    for one in picks:
        by_place[one.place.pk if one.place else None, one.variant.pk].append(one)
    return [_row(group) for group in by_place.values()]


def _row(group: Sequence[Pick]) -> Content:
    first = group[0]
    title = ", ".join(filter(None, (first.variant.product.title, first.variant.label)))
    return {
        "bin": first.place.code if first.place else "",
        "units": str(sum(one.units for one in group)),
        "title": title,
        "sku": first.variant.sku,
        "parcels": [f"{one.parcel} × {one.units}" for one in group],
    }
