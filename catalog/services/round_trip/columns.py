"""The columns of the table: what each is called, what it may hold, and where its value lives."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from import_export.widgets import Widget

from catalog.models import (
    Attribute,
    AttributeChoice,
    Category,
    Market,
    Product,
    ProductType,
    TypeAttribute,
    Variant,
)
from catalog.services.imports.cells import BadCell
from catalog.services.round_trip import widgets
from catalog.services.round_trip.pieces import Part, Piece
from shop.lib.text import clean

KEY = "sku"
SLUG = "slug"
OPTIONS = "options"
LONGEST_TEXT = 50_000
MOST_GRAMS = 1_000_000
MOST_UNITS = 32_000


class Blank(Enum):
    """What an empty cell means where the value can't be empty."""

    KEEPS = "keeps"


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """`blank`: the value an empty cell sets. `place`: id of the market or attribute it is about."""

    name: str
    widget: Widget
    part: Part
    field: str
    blank: Any = Blank.KEEPS
    is_shown_only: bool = False
    place: int = 0
    about: str | Promise = ""

    @property
    def may_be_emptied(self) -> bool:
        return self.blank is not Blank.KEEPS

    def shown(self, piece: Piece) -> str:
        return str(self.widget.render(piece.value(self.part, self.field, self.place)))

    def wanted(self, cell: str, shown: str) -> str | None:
        """The text this cell asks for, as it would be shown; None when it asks for no change.

        Raises BadCell.
        """
        if cell == shown or clean(cell) == clean(shown):
            return None
        if not cell.strip():
            return None if self.blank is Blank.KEEPS else str(self.widget.render(self.blank))
        text = str(self.widget.render(self.widget.clean(cell)))
        return None if text in (shown, self._tidy(shown)) else text

    def _tidy(self, shown: str) -> str:
        """What is kept may be older than today's rules of writing."""
        try:
            return str(self.widget.render(self.widget.clean(shown))) if shown else ""
        except BadCell:
            return shown

    def put(self, piece: Piece, cell: str) -> None:
        """Set the value that a text stands for. Raises BadCell."""
        if cell:
            piece.put(self.part, self.field, self.place, self.widget.clean(cell))
        elif self.blank is not Blank.KEEPS:
            piece.put(self.part, self.field, self.place, self.blank)


@dataclass(frozen=True, slots=True)
class Sheet:
    """All columns by name, in their order, and the attributes that each product type asks for."""

    columns: Mapping[str, Column]
    asked: Mapping[int, set[int]]

    def is_asked(self, column: Column, piece: Piece) -> bool:
        return column.part is not Part.ANSWER or column.place in self.asked.get(
            piece.product.type_id, ()
        )


def sheet(*, with_cost: bool) -> Sheet:
    """The columns of today: a pair per market, one per attribute."""
    columns = [
        *_product_columns(),
        *_variant_columns(with_cost=with_cost),
        *_price_columns(Market.objects.in_order()),
        *_attribute_columns(Attribute.objects.order_by("position", "pk")),
    ]
    asked: dict[int, set[int]] = {}
    for kind, attribute in TypeAttribute.objects.values_list("type_id", "attribute_id"):
        asked.setdefault(kind, set()).add(attribute)
    return Sheet({column.name: column for column in columns}, asked)


def _product_columns() -> list[Column]:
    types = dict(ProductType.objects.order_by("code").values_list("code", "pk"))
    shelves = dict(Category.objects.order_by("url_path").values_list("url_path", "pk"))
    states = {str(status): str(status) for status in Product.Status.values}
    text, moment = widgets.Text, widgets.Moment()
    rows: list[tuple[str, Widget, str, Any, Any]] = [
        ("title", text(200), "title", Blank.KEEPS, ""),
        (SLUG, widgets.Slug(120), SLUG, Blank.KEEPS, _("last part of its address")),
        ("subtitle", text(160), "subtitle", "", ""),
        ("status", widgets.OneOf(states), "status", Blank.KEEPS, ", ".join(states)),
        ("type", widgets.OneOf(types), "type_id", Blank.KEEPS, _("code of the product type")),
        ("category", widgets.OneOf(shelves), "category_id", None, _("address of the category")),
        ("brand", text(100), "brand", "", ""),
        ("tags", widgets.Tags(), "tags", [], _("words between commas")),
        ("description", widgets.Html(LONGEST_TEXT), "description", "", _("HTML; cleaned")),
        ("care", text(200), "care", "", ""),
        ("published_at", moment, "published_at", None, _("2026-03-01 09:00, the shop's time")),
        ("unpublished_at", moment, "unpublished_at", None, ""),
        ("seo_title", text(120), "meta_title", "", ""),
        ("seo_description", text(200), "meta_description", "", ""),
    ]
    return [
        Column(name, widget, Part.PRODUCT, field, blank, about=about)
        for name, widget, field, blank, about in rows
    ]


def _variant_columns(*, with_cost: bool) -> Iterable[Column]:
    amount = widgets.Number(least=Decimal(0), most=widgets.MOST_MONEY, places=3)
    content = widgets.Number(least=Decimal("0.001"), most=Decimal(1_000_000), places=3)
    units = {str(unit): str(unit) for unit in Variant.Unit.values}
    grams = widgets.Whole(least=0, most=MOST_GRAMS)
    count = widgets.Whole(least=1, most=MOST_UNITS)
    text, keeps = widgets.Text, Blank.KEEPS
    rows: list[tuple[str, Widget, str, Any, Any]] = [
        ("barcode", widgets.Barcode(14), "barcode", "", _("8 to 14 digits")),
        ("mpn", text(64), "mpn", "", _("part number")),
        ("weight_g", grams, "grams", keeps, _("grams")),
        ("origin", widgets.Country(2), "origin", "", _("country code")),
        ("customs_code", text(12), "hs_code", "", ""),
        ("min_quantity", count, "min_quantity", keeps, ""),
        ("quantity_step", count, "quantity_step", keeps, ""),
        ("max_quantity", count, "max_quantity", keeps, ""),
        ("content", content, "content", None, _("for the price per unit")),
        ("content_unit", widgets.OneOf(units), "content_unit", "", ", ".join(units)),
        ("for_sale", widgets.YesNo(), "is_active", keeps, _("yes or no")),
    ]
    if with_cost:
        rows.append(("cost", amount, "cost", None, ""))
    for name, widget, field, blank, about in rows:
        yield Column(name, widget, Part.VARIANT, field, blank, about=about)
    options = _("Glaze: Ash; Size: 320 ml. Read for new variants only")
    yield _shown_only(OPTIONS, text(400), options)
    yield _shown_only("on_hand", text(12), _("never changed here"))


def _shown_only(name: str, widget: Widget, about: Promise | str) -> Column:
    return Column(name, widget, Part.VARIANT, name, is_shown_only=True, about=about)


def _price_columns(markets: Iterable[Market]) -> Iterable[Column]:
    for market in markets:
        widget = widgets.Amount(market.currency)
        for word, field in (("price", "amount"), ("compare_at", "compare_at")):
            name = f"{word}:{market.code}"
            yield Column(
                name, widget, Part.PRICE, field, None, place=market.pk, about=market.currency
            )


def _attribute_columns(attributes: Iterable[Attribute]) -> Iterable[Column]:
    choices: dict[int, dict[str, int]] = {}
    rows = list(attributes)
    for one in AttributeChoice.objects.order_by("position", "pk"):
        choices.setdefault(one.attribute_id, {})[one.name] = one.pk
    for attribute in rows:
        widget, field = _answer(attribute, choices.get(attribute.pk, {}))
        about = f"{attribute.name}, {attribute.unit}" if attribute.unit else attribute.name
        name = f"attribute:{attribute.code}"
        yield Column(name, widget, Part.ANSWER, field, None, place=attribute.pk, about=about)


def _answer(attribute: Attribute, choices: dict[str, int]) -> tuple[Widget, str]:
    """How an answer is written, and the field it is kept in."""
    kinds = Attribute.Kind
    most = Decimal(10) ** 10 - 1
    return {
        kinds.TEXT: (widgets.Text(255), "text"),
        kinds.NUMBER: (widgets.Number(least=-most, most=most, places=4), "number"),
        kinds.CHOICE: (widgets.OneOf(choices), "choice_id"),
        kinds.BOOL: (widgets.YesNo(), "is_true"),
        kinds.DATE: (widgets.Day(), "day"),
    }[kinds(attribute.kind)]
