"""How single goods of the demo shop are stocked: tea by batch, one to order, one before its day."""

import datetime as dt

from django.db import transaction

from catalog.models import Product, Variant
from inventory.models import Batch, StockItem, StockMovement, StockPolicy
from inventory.services.stock import Why
from shop.demo.seeding.suppliers import on_shelves
from shop.lib.workdays import shop_day
from shop.processes import browsing, stocktaking

# A third of the tea came half a year before the rest.
OLDER, NEWER = ("H-0426", 140), ("H-1026", 330)
FRESH_FOR = 45
TO_ORDER, LIMIT, LEAD = "round-teapot", 24, 28
BEFORE_ITS_DAY, CAP, DAYS = "bonsai-tray", 30, 40
Selling = StockPolicy.Selling


@transaction.atomic
def fill(*, now: dt.datetime) -> None:
    """Write the policies. Stock must be as the orders left it."""
    _tea(now)
    for variant in _variants_of(TO_ORDER):
        _sold_out(variant, now)
        StockPolicy.objects.create(
            variant=variant, selling=Selling.BACKORDER, limit=LIMIT, lead_days=LEAD
        )
    first_day = shop_day(now) + dt.timedelta(days=DAYS)
    for variant in _variants_of(BEFORE_ITS_DAY):
        _sold_out(variant, now)
        StockPolicy.objects.create(
            variant=variant, selling=Selling.PREORDER, limit=CAP, available_on=first_day
        )
    changed = Product.objects.filter(slug__in=[TO_ORDER, BEFORE_ITS_DAY])
    browsing.cards_are_stale(product_ids=changed.values_list("pk", flat=True), now=now)


def _variants_of(slug: str) -> list[Variant]:
    return list(Variant.objects.filter(product__slug=slug).order_by("pk"))


def _tea(now: dt.datetime) -> None:
    teas = on_shelves(["tea/loose-tea"])
    StockPolicy.objects.bulk_create(
        StockPolicy(variant=one, tracks_batches=True, days_fresh=FRESH_FOR) for one in teas
    )
    items = list(StockItem.objects.filter(variant__in=teas, on_hand__gt=0).order_by("pk"))
    Batch.objects.bulk_create(
        Batch(
            stock_item=item,
            code=code,
            expires_on=shop_day(now) + dt.timedelta(days=days),
            on_hand=units,
            received_at=now - dt.timedelta(days=NEWER[1] - days + 10),
        )
        for item in items
        for (code, days), units in (
            (OLDER, item.on_hand // 3),
            (NEWER, item.on_hand - item.on_hand // 3),
        )
    )


def _sold_out(variant: Variant, now: dt.datetime) -> None:
    """What nobody was promised went to the autumn market."""
    why = Why(StockMovement.Kind.COUNT, now, reason="Sold at the autumn market")
    for item in StockItem.objects.filter(variant=variant).select_related("location"):
        stocktaking.correct(
            variant_id=variant.pk, why=why, on_hand=item.allocated, location=item.location
        )
