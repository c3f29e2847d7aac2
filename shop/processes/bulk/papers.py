"""Papers of many parcels in one file: a look at each row, then one page after the other."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from orders.models import Order
from shipping.models import BulkRow, BulkRun, Fulfilment, Label
from shipping.services import papers
from shipping.services.papers import gathering, slips
from shipping.services.papers.gathering import OPEN, Contents
from shop.lib.errors import Refused
from shop.processes.bulk.parcels import parcels_of
from shop.processes.bulk.terms import Options

TO_PICK = (Fulfilment.Status.PENDING, Fulfilment.Status.PICKING)
Made = tuple[str, bytes] | None


class NothingToPrint(Refused):
    """Raised for an order that has no such paper."""


# Packing slips


def slip_row(row: BulkRow, _options: Options, _actor: User | None, _now: dt.datetime) -> str:
    """Anything that travels in a parcel has a slip."""
    if not row.order.lines.filter(is_shipped=True).exists():
        raise NothingToPrint(_("Nothing of it travels in a parcel."))
    return ""


def slips_file(run: BulkRun, _now: dt.datetime) -> Made:
    contents = _contents(run)
    if not contents:
        raise NothingToPrint(_("Nothing is left to send of these orders."))
    pdf = slips.pdf_of(contents, prices=bool(run.options.get("prices")))
    return f"packing-slips-{run.pk}.pdf", pdf


def _contents(run: BulkRun) -> list[Contents]:
    """Of each order its open parcels; without any what is left to send; else what was sent."""
    parcels = parcels_of(run)
    by_order = _by_order(gathering.of_parcels(_open_first(parcels)))
    is_open = {one.order_id for one in parcels if one.status in OPEN}
    named = {row.order_id for row in run.rows.exclude(parcel=None)}
    rows = run.rows.filter(outcome=BulkRow.Outcome.DONE).order_by("position")
    orders = list(dict.fromkeys(rows.values_list("order", flat=True)))
    rest = Order.objects.filter(pk__in=set(orders) - is_open - named)
    by_order |= _by_order(one for one in gathering.of_orders(rest) if one.lines)
    return [one for pk in orders for one in by_order.get(pk, [])]


def _open_first(parcels: Iterable[Fulfilment]) -> list[Fulfilment]:
    """What is still in the house; of orders that have left altogether, all of it."""
    found = list(parcels)
    is_open = {one.order_id for one in found if one.status in OPEN}
    return [one for one in found if one.status in OPEN or one.order_id not in is_open]


def _by_order(contents: Iterable[Contents]) -> dict[int, list[Contents]]:
    found: dict[int, list[Contents]] = defaultdict(list)
    for one in contents:
        found[one.order.pk].append(one)
    return dict(found)


# Pick lists


def pick_row(row: BulkRow, _options: Options, _actor: User | None, _now: dt.datetime) -> str:
    if not _parcels(row).filter(status__in=TO_PICK).exists():
        raise NothingToPrint(_("No parcel of it is to be picked."))
    return ""


def picks_file(run: BulkRun, _now: dt.datetime) -> Made:
    parcels = [one for one in parcels_of(run) if one.status in TO_PICK]
    return f"pick-list-{run.pk}.pdf", papers.pick_list_of(parcels)


# Labels


def label_row(row: BulkRow, _options: Options, _actor: User | None, _now: dt.datetime) -> str:
    if not _labels(_parcels(row)).exists():
        raise NothingToPrint(_("No label was bought for it."))
    return ""


def labels_file(run: BulkRun, _now: dt.datetime) -> Made:
    parcels = [one.pk for one in parcels_of(run)]
    by_parcel = {
        one.fulfilment_id: one for one in _labels(Fulfilment.objects.filter(pk__in=parcels))
    }
    found = [by_parcel[pk] for pk in parcels if pk in by_parcel]
    pdf = papers.labels(found, on_a4=bool(run.options.get("on_a4")))
    return f"labels-{run.pk}.pdf", pdf


def _parcels(row: BulkRow) -> "QuerySet[Fulfilment]":
    found = Fulfilment.objects.filter(order=row.order_id)
    found = found.exclude(status=Fulfilment.Status.CANCELED)
    return found if row.parcel is None else found.filter(pk=row.parcel)


def _labels(parcels: "QuerySet[Fulfilment]") -> "QuerySet[Label]":
    return Label.objects.filter(
        fulfilment__in=parcels.values("pk"), status=Label.Status.BOUGHT
    ).exclude(file="")
