"""The sheet of a product's page: all that the database tells of it, in one statement."""

import datetime as dt
from operator import attrgetter
from typing import Any

from django.db.models import QuerySet

from catalog.models import Market, Product
from catalog.queries import products
from catalog.queries.options import Choice, OptionRow
from catalog.queries.products import Discontinued, NotSold
from catalog.queries.relatives import introduce
from catalog.queries.stock import Stock
from inventory.queries import COUNTED, Counted, counts, offered
from shop.lib import rulebook
from shop.lib.prepared import Prepared
from shop.lib.told import ToldRow, ToldRows
from shop.lib.workdays import shop_day

# What inventory counts, in the order of the page's own.
COUNTS = attrgetter(*Stock._fields)


def sheet_on_sale(slug: str, market: Market, *, now: dt.datetime) -> Product:
    """As sheet_of(). Raises NotSold, or Discontinued for what was sold once."""
    product = sheet_of(slug, market, now=now)
    if product.status == Product.Status.ARCHIVED:
        raise Discontinued(product)
    if not product.is_on_sale(now=now):
        raise NotSold(slug)
    return product


def sheet_of(slug: str, market: Market, *, now: dt.datetime) -> Product:
    """The product as products.sheets() tells it, with its variants and what is left of each, `on_offer`.

    Raises NotSold when there is none, and takes those that are not on sale.
    """
    asked = {"slug": slug, "market": market.pk, "now": now, "today": shop_day(now)}
    product: Product | None = SHEET.first(**asked)
    if product is None:
        raise NotSold(slug)
    rulebook.told(product.rules)  # type: ignore[attr-defined]
    return introduce(product)


def choices_of(product: Product, *, now: dt.datetime) -> tuple[list[Choice], list[OptionRow]]:
    """The variants with what there is of each, and their options. Raises NotSold for none.

    No query, but one where bundles are among them.
    """
    variants = product.on_offer  # type: ignore[attr-defined]
    if not variants:
        raise NotSold(product.slug)
    counted = {one["pk"]: Counted(*[one[name] for name in COUNTED]) for one in variants}
    stock = {pk: Stock._make(COUNTS(one)) for pk, one in offered(counted, now=now).items()}
    return products.choices(variants, stock), products.options(variants)


def _sheet(slug: str, market: int, now: dt.datetime, today: dt.date) -> "QuerySet[Product]":
    variants = products.variants_on_sale(market).annotate(**counts(None, now=now, today=today))
    told: Any = ToldRow(**products.FACTS, **COUNTED)
    return products.sheets(slug, market).annotate(on_offer=ToldRows(variants.values_list(told)))


SHEET = Prepared(_sheet)
