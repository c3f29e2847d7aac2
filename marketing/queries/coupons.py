"""Codes: found as people type them, and told as rows for whoever sends them out."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Count, Exists, Min, OuterRef, QuerySet
from django.db.models.functions import Upper

from accounts.models import Customer
from marketing.models import Coupon, Promotion, PromotionUse
from shop.lib.batches import read_in_parts
from shop.lib.csvfiles import guard

CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{2,39}")
DASHES = re.compile(r"[\u2010-\u2015\u2212_]")
COLUMNS = ("code", "promotion", "batch", "limit", "used", "on")
AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Batch:
    """Codes that were made together."""

    name: str
    codes: int
    used: int
    is_active: bool


def normalised(text: str) -> str:
    """A code as it is kept, from one as it is typed; empty when it can't be one."""
    plain = DASHES.sub("-", unicodedata.normalize("NFKC", text[:200]))
    code = "".join(plain.split()).upper()
    return code if CODE.fullmatch(code) else ""


def by_codes(codes: Iterable[str]) -> "QuerySet[Coupon]":
    """Codes by how they are kept."""
    return Coupon.objects.annotate(key=Upper("code")).filter(key__in=list(codes))


def find(text: str) -> Coupon | None:
    """The code that somebody typed, with its promotion."""
    code = normalised(text)
    return by_codes([code]).select_related("promotion").first() if code else None


def cards_of(customer: Customer) -> "QuerySet[Coupon]":
    """The discount cards that work whenever this customer is signed in."""
    rows = Coupon.objects.filter(is_card=True, customer=customer)
    return rows.select_related("promotion").order_by("linked_at", "pk")


def in_batch(promotion: Promotion, batch: str) -> "QuerySet[Coupon]":
    return Coupon.objects.filter(promotion=promotion, batch=batch).order_by("pk")


def batches(promotion: Promotion) -> list[Batch]:
    """What was generated for a promotion, the newest first. One query."""
    held = PromotionUse.objects.filter(coupon=OuterRef("pk"), released_at=None)
    rows = (
        Coupon.objects.filter(promotion=promotion)
        .exclude(batch="")
        .values("batch")
        .annotate(
            codes=Count("pk"),
            used=Count("pk", filter=Exists(held)),
            on=BoolOr("is_active"),
            since=Min("created_at"),
        )
        .order_by("-since", "batch")
    )
    return [Batch(row["batch"], row["codes"], row["used"], row["on"]) for row in rows]


def rows(coupons: "QuerySet[Coupon]") -> Iterator[list[str]]:
    """The cells of a table of codes under their column names, safe for spreadsheets."""
    yield list(COLUMNS)
    for one in read_in_parts(coupons.select_related("promotion"), AT_ONCE):
        limit = "" if one.usage_limit is None else str(one.usage_limit)
        is_on = "1" if one.is_active else "0"
        cells = [one.code, one.promotion.name, one.batch, limit, str(one.uses), is_on]
        yield [guard(cell) for cell in cells]
