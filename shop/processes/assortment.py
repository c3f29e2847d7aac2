"""Assortment: which products collections hold, and long lists read ahead of their readers."""

import datetime as dt
import logging

from django.db import transaction
from django.db.models import Case, F, OuterRef, Subquery, Sum, When
from django.db.models import Value as Sql
from django.db.models.functions import Coalesce, Greatest

from catalog.models import Collection, Market
from catalog.queries.listing import category_shelf, long_shelves, read_ahead
from catalog.services import collections
from catalog.services.collection_rules import BadRules, Ground
from inventory.models import StockItem
from shop.lib.batches import in_batches
from shop.processes import browsing

log = logging.getLogger(__name__)
# What a message can carry.
AT_ONCE = 2_000
# Units of what cannot run out.
PLENTY = 1_000_000


@transaction.atomic(durable=True)
def refresh_collection(*, collection_id: int, now: dt.datetime) -> int:
    """Let a collection hold what its rules say. Returns how many cards it changes. Raises BadRules."""
    collection = Collection.objects.select_for_update().get(pk=collection_id)
    return _owe(collections.refresh(collection=collection, ground=ground_at(now)), now)


def refresh_collections(*, now: dt.datetime) -> int:
    """All collections, each by itself; one with rules that no longer hold stays as it was."""
    count = 0
    for pk in Collection.objects.order_by("pk").values_list("pk", flat=True):
        try:
            count += refresh_collection(collection_id=pk, now=now)
        except BadRules as refusal:
            log.warning("Collection %s was left as it is: %s", pk, refusal.message)
    with transaction.atomic():
        return count + _owe(collections.left_behind(), now)


def read_lists_ahead() -> int:
    """Read the long lists of all categories. Returns how many there are."""
    count = 0
    for market in Market.objects.in_order():
        for url_path in long_shelves(market):
            read_ahead(category_shelf(market, url_path))
            count += 1
    return count


def ground_at(now: dt.datetime) -> Ground:
    """What rules are measured against at a moment."""
    market = Market.objects.in_order()[0]
    return Ground(market=market, now=now, stock=_units_left())


def _units_left() -> Case:
    """Units of a product that can be promised, over its variants and all locations."""
    rows = (
        StockItem.objects.filter(variant__product=OuterRef("pk"), variant__is_active=True)
        .order_by()
        .values("variant__product")
        .annotate(left=Sum(Greatest(0, F("on_hand") - F("allocated") - F("safety"))))
    )
    counted = Coalesce(Subquery(rows.values("left")), 0)
    return Case(When(type__is_shipped=False, then=Sql(PLENTY)), default=counted)


def _owe(product_ids: set[int], now: dt.datetime) -> int:
    ids = sorted(product_ids)
    for batch in in_batches(ids, AT_ONCE):
        browsing.cards_are_stale(product_ids=batch, now=now)
    return len(ids)
