"""Goods on the shelf for long, with what they cost, what sold, and pages as people read them."""

import csv
import io
import re
from decimal import Decimal
from html import unescape

from inventory.models import DemandWeek, StockMovement
from inventory.services import stock
from inventory.services.stock import Why
from shop.processes import stocktaking
from tests.analytics.books import at
from tests.exported import without_mark
from tests.factories import VariantFactory

Kind = StockMovement.Kind


def delivered(units=10, cost="5.00", *, on="2026-01-10 09:00", variant=None, **fields):
    """A variant whose units came on a day, at so much each."""
    variant = variant or VariantFactory(**fields)
    why = Why(kind=Kind.RECEIPT, now=at(on), reference="opening", reason="delivered")
    stock.change_on_hand(variant_id=variant.pk, change=units, why=why, value=units * Decimal(cost))
    return variant


def corrected(variant, change, *, on="2026-11-10 09:00", kind=Kind.COUNT):
    why = Why(kind=kind, now=at(on), reason="Counted")
    return stocktaking.correct(variant_id=variant.pk, change=change, why=why)


def week(variant, monday, units=0, days_out=0):
    return DemandWeek.objects.create(
        variant=variant, week_on=monday, units=units, days_out=days_out
    )


def text_of(answer):
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


def links_of(answer):
    found = re.findall(r'href="((?:\?|/dashboard/stock/)[^"]*)"', answer.content.decode())
    path = answer.wsgi_request.path
    return {unescape(url if url.startswith("/") else f"{path}{url}") for url in found}


def lines_of(answer):
    return list(csv.DictReader(io.StringIO(without_mark(answer.getvalue().decode()))))
