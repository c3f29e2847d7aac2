"""A sale that runs in the demo shop, one that is planned, and a price that rises next month."""

import datetime as dt
from decimal import Decimal

from catalog.models import Market, Price, PriceHistory, Product, Rounding, Sale, SaleEntry, Variant
from shop.processes import pricing

DAY = dt.timedelta(days=1)
# Long enough ago that what it cost before is not in doubt.
BEFORE = 120 * DAY
ON_SALE, NEXT, DEARER = "planters", "prints", "tea"
RISE = Decimal("1.05")


def fill(*, now: dt.datetime) -> None:
    """Sales, once; of the drawn catalogue alone, which must be there."""
    if Sale.objects.exists():
        return
    planters = _ids(ON_SALE)
    _give_a_past(planters, now)
    running = Sale.objects.create(
        name="End of the potting season",
        starts_at=now - 2 * DAY,
        ends_at=now + 12 * DAY,
        percent=Decimal(15),
        product_ids=planters,
    )
    planned = Sale.objects.create(
        name="New year prints",
        starts_at=now + 30 * DAY,
        ends_at=now + 44 * DAY,
        percent=Decimal(20),
        rounding=Rounding.POINT_95,
        product_ids=_ids(NEXT),
    )
    for sale in (running, planned, _dearer_tea(now)):
        pricing.sale_saved(sale=sale, now=now)


def _dearer_tea(now: dt.datetime) -> Sale:
    """A change without an end: the new harvest costs more."""
    change = Sale.objects.create(
        name="New harvest", kind=Sale.Kind.CHANGE, starts_at=now + 40 * DAY
    )
    prices = Price.objects.filter(variant__product__in=_ids(DEARER))
    main = Market.objects.in_order().first()
    SaleEntry.objects.bulk_create(
        SaleEntry(
            sale=change,
            variant_id=price.variant_id,
            market_id=price.market_id,
            amount=round(price.amount * RISE, 1),
        )
        for price in prices.filter(market=main)
    )
    return change


def _ids(root: str) -> list[int]:
    shelf = Product.objects.filter(category__url_path__startswith=root)
    return list(shelf.order_by("pk").values_list("pk", flat=True))


def _give_a_past(product_ids: list[int], now: dt.datetime) -> None:
    """As if these had cost what they cost for months."""
    variants = Variant.objects.filter(product__in=product_ids)
    told = PriceHistory.objects.filter(variant__in=variants, at__gt=now - DAY)
    told.update(at=now - BEFORE)
