"""What lies where, and changing it."""

from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from ninja import Body, Query, Router, Schema
from ninja.responses import Response
from pydantic import Field, StringConstraints

from catalog.models import Variant
from inventory.models import Location, StockItem, StockMovement
from inventory.services.stock import Why
from shop.api.operations import creates, once, reads
from shop.api.pages import Cursor, Limit, Page, cut
from shop.api.problems import Problem
from shop.api.recording import said
from shop.api.terms import LARGEST_COUNT, PLAIN, IdempotencyKey, Line, Made, Sent, Sku
from shop.processes import stocktaking

router = Router(tags=["Stock"])
Kind = StockMovement.Kind
Reason = Annotated[Line, Field(max_length=120, description="Why, for the list of movements.")]
Code = Annotated[str, StringConstraints(max_length=20, pattern=PLAIN)]
Place = Annotated[
    Code | None, Field(description="Code of the location; without one, the first of them.")
]


class LevelShape(Schema):
    """Units of a variant at a location."""

    sku: str
    location: str
    on_hand: int = Field(description="Good units that are there.")
    allocated: int = Field(description="Promised to orders.")
    reserved: int = Field(description="Kept for people who are paying.")
    available: int = Field(description="What can be promised to somebody else.")
    damaged: int
    incoming: int = Field(description="On open purchase orders.")


class LevelPage(Page):
    data: list[LevelShape]


class ChangeIn(Sent):
    """Units that came or went."""

    sku: Sku
    location: Place = None
    change: int = Field(
        ge=-LARGEST_COUNT, le=LARGEST_COUNT, description="Above zero what came, below what went."
    )
    reason: Reason = ""


class CountIn(Sent):
    """What is really there."""

    sku: Sku
    location: Place = None
    on_hand: int = Field(ge=0, le=LARGEST_COUNT, description="Good units that were counted.")
    reason: Reason = ""


class LevelMade(Made):
    """The figures after it."""

    on_hand: int
    change: int = Field(description="By how much it changed.")


@reads(router, "/stock", scope="stock:read", answer=LevelPage)
def list_stock(
    request: HttpRequest,  # noqa: ARG001
    sku: Annotated[Sku | None, Query(description="Only of this SKU.")] = None,
    location: Annotated[Code | None, Query(description="Only here.")] = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> dict[str, Any]:
    """What there is of every variant at every location."""
    rows = StockItem.objects.select_related("variant", "location")
    if sku is not None:
        rows = rows.filter(variant__in=_named(sku))
    if location is not None:
        rows = rows.filter(location__code=location)
    page = cut(rows, cursor=cursor, limit=limit)
    return {**page, "data": [_shape(item) for item in page["data"]]}


@creates(router, "/stock/changes", scope="stock:write", answer=LevelMade)
def change_stock(
    request: HttpRequest, key: IdempotencyKey, sent: Annotated[ChangeIn, Body()]
) -> Response:
    """Add units or take some away. Refused below what is promised to orders."""
    return once(request, key, lambda: _correct(request, sent, Kind.ADJUSTMENT, change=sent.change))


@creates(router, "/stock/counts", scope="stock:write", answer=LevelMade)
def count_stock(
    request: HttpRequest, key: IdempotencyKey, sent: Annotated[CountIn, Body()]
) -> Response:
    """Say how many units are there. Refused below what is promised to orders."""
    return once(request, key, lambda: _correct(request, sent, Kind.COUNT, on_hand=sent.on_hand))


def _correct(
    request: HttpRequest,
    sent: ChangeIn | CountIn,
    kind: StockMovement.Kind,
    *,
    change: int = 0,
    on_hand: int | None = None,
) -> LevelMade:
    why = Why(kind=kind, now=timezone.now(), reason=said(request, sent.reason))
    changed = stocktaking.correct(
        variant_id=_variant(sent.sku).pk,
        why=why,
        on_hand=on_hand,
        change=change,
        location=_location(sent.location),
    )
    units = sum(movement.on_hand_change for movement in changed.movements)
    return LevelMade(id=changed.item.pk, on_hand=changed.item.on_hand, change=units)


def _named(sku: str) -> "QuerySet[Variant]":
    return Variant.objects.filter(sku__iexact=sku)


def _variant(sku: str) -> Variant:
    if found := _named(sku).first():
        return found
    raise Problem("not-found", "There is no variant with this SKU.")


def _location(code: str | None) -> Location | None:
    if code is None:
        return None
    if found := Location.objects.filter(code=code, is_active=True).first():
        return found
    raise Problem("not-found", "There is no location with this code in use.")


def _shape(item: StockItem) -> LevelShape:
    same = ("on_hand", "allocated", "reserved", "available", "damaged", "incoming")
    return LevelShape(
        sku=item.variant.sku,
        location=item.location.code,
        **{name: getattr(item, name) for name in same},
    )
