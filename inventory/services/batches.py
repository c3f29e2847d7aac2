"""Batches: what is past its date leaves the shelf, and what lies there adds up."""

import datetime as dt
from collections.abc import Collection
from dataclasses import replace

from django.db import transaction
from django.db.models import DateField, ExpressionWrapper, F, Value
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from inventory.models import Batch, StockItem, StockMovement
from inventory.services import damages, shelves
from inventory.services.shelves import Shelf
from inventory.services.terms import Changed, Lot, Why
from shop.lib.workdays import shop_day


def past(*, now: dt.datetime) -> list[int]:
    """Variants of which something on hand is past its date, or too near to it to be sold."""
    fresh = F("stock_item__variant__stock_policy__days_fresh")
    rows = Batch.objects.filter(
        on_hand__gt=0, stock_item__variant__stock_policy__tracks_batches=True
    ).alias(good_from=ExpressionWrapper(Value(shop_day(now)) + fresh, output_field=DateField()))
    variants = rows.filter(expires_on__lt=F("good_from")).values_list("stock_item__variant_id")
    return sorted({pk for (pk,) in variants})


@transaction.atomic
def expire(*, now: dt.datetime, variant_ids: Collection[int] | None = None) -> list[Changed]:
    """Set apart what is past its date, of these variants or of all, and take back its promises."""
    wanted = past(now=now) if variant_ids is None else variant_ids
    shelf = shelves.lock(variant_ids=wanted, now=now)
    gone = [
        one
        for item in shelf.items.values()
        if item.pk in shelf.lots
        for one in _set_apart(shelf, item)
    ]
    shelf.save()
    return gone


def _set_apart(shelf: Shelf, item: StockItem) -> list[Changed]:
    lots = shelf.lots[item.pk]
    why = Why(kind=StockMovement.Kind.DAMAGE, now=shelf.now)
    gone = []
    for batch in [one for one in lots.rows if one.on_hand and not lots.is_good(one)]:
        before = len(shelf.movements)
        shortages = damages.set_apart(
            shelf,
            item,
            batch.on_hand,
            replace(why, reason=_best_before(batch)),
            lot=Lot(batch.code, batch.expires_on),
            take_back=True,
        )
        gone.append(Changed(item, shelf.movements[before:], shortages))
    return gone


def _best_before(batch: Batch) -> str:
    day = date_format(batch.expires_on, "j F Y") if batch.expires_on else ""
    return _("Best before %(day)s, batch %(batch)s") % {"day": day, "batch": batch}


@transaction.atomic
def settle(*, variant_ids: Collection[int], now: dt.datetime) -> None:
    """Make batches add up, after a variant began to have batches or has them no more."""
    shelf = shelves.lock(variant_ids=variant_ids, now=now)
    shelf.save()
    plain = shelf.items.keys() - shelf.lots.keys()
    Batch.objects.filter(stock_item__in=plain, on_hand__gt=0).update(on_hand=0)
