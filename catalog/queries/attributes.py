"""What products answer to the questions of their type, and how that reads."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal
from django.db.models import F, OuterRef, QuerySet, TextField
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext as _

from catalog.models import Attribute, AttributeValue, Product, TypeAttribute
from shop.lib.prepared import Prepared
from shop.lib.told import ToldRow
from shop.templatetags.shop_text import current_locale, longdate

Given = str | Decimal | bool | dt.date
Row = tuple[str, str]
COLUMNS = (
    "product_id", "attribute__code", "attribute__name", "attribute__kind", "attribute__unit",
    "attribute__is_facet", "attribute__is_in_specs", "attribute__steps", "attribute__position",
    "choice__position", "text", "number", "choice__name", "is_true", "day",
)  # fmt: skip
FACTS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One typed answer. place: of the chosen answer among those that can be chosen."""

    code: str
    name: str
    kind: str
    unit: str
    is_facet: bool
    is_in_specs: bool
    steps: tuple[Decimal, ...]
    position: int
    place: int
    value: Given

    @property
    def said(self) -> str:
        return said(self.value, self.unit)


def said(value: Given, unit: str) -> str:
    """For people, in the active language: "320 ml", "Yes", "4 May 2019"."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Decimal):
        return measured(value, unit)
    return longdate(value) if isinstance(value, dt.date) else value


def measured(number: Decimal, unit: str) -> str:
    """ "1,240 °C"; the number alone without a unit."""
    figure = format_decimal(number, "#,##0.####", locale=current_locale())
    return f"{figure} {unit}" if unit else str(figure)


def answers_of(product_ids: Collection[int]) -> Mapping[int, list[Answer]]:
    """What these products answer, as their types ask. What a type does not ask is left out.

    One query.
    """
    found: dict[int, list[Answer]] = defaultdict(list)
    for row in ANSWERS.rows(products=list(product_ids)):
        found[row[0]].append(_answer(row))
    return found


def _answer(row: tuple[Any, ...]) -> Answer:
    _product, code, name, kind, unit, is_facet, is_in_specs, steps, position, place = row[:FACTS]
    return Answer(
        code=code,
        name=name,
        kind=kind,
        unit=unit,
        is_facet=is_facet,
        is_in_specs=is_in_specs,
        steps=tuple(sorted(steps)),
        position=position,
        place=place or 0,
        value=next(value for value in row[FACTS:] if value is not None),
    )


def _answers(products: list[int]) -> "QuerySet[AttributeValue, Any]":
    return _asked(AttributeValue.objects.filter(product__in=products)).values_list(*COLUMNS)


def _asked(rows: "QuerySet[AttributeValue]") -> "QuerySet[AttributeValue]":
    """Those that the product's type asks for, in its order."""
    asked = rows.filter(attribute__asked_by__type=F("product__type"))
    place = "attribute__asked_by__position"
    return asked.order_by("product", place, "attribute__position", "attribute")


ANSWERS = Prepared(_answers)


def told_specs() -> "QuerySet[AttributeValue, Any]":
    """Answers of the product of an outer query that stand in its specification, as JSON."""
    rows = _asked(AttributeValue.objects.filter(product=OuterRef("pk")))
    # A number as it was entered: JSON has only those that computers round.
    number = Cast("number", TextField())
    return rows.filter(attribute__is_in_specs=True).values_list(
        ToldRow(
            name="attribute__name",
            unit="attribute__unit",
            text=Coalesce("text", "choice__name"),
            number=number,
            is_true="is_true",
            day="day",
        )
    )


def rows_of(answers: Collection[Answer], product: Product) -> list[Row]:
    """The specification: typed answers, then the rows that were written freely."""
    return [(one.name, one.said) for one in answers if one.is_in_specs] + _free(product)


def spec_rows(product: Product) -> list[Row]:
    """The specification of a product as its page shows it; for one that was `told` its told_specs()."""
    told = product.told  # type: ignore[attr-defined]
    return [(one["name"], said(_given(one), one["unit"])) for one in told] + _free(product)


def _given(told: Mapping[str, Any]) -> Given:
    if told["number"] is not None:
        return Decimal(told["number"])
    if told["day"] is not None:
        return dt.date.fromisoformat(told["day"])
    value: Given = told["text"] if told["is_true"] is None else told["is_true"]
    return value


def _free(product: Product) -> list[Row]:
    return [(str(row[0]), str(row[1])) for row in product.specs if len(row) > 1]


def asked_of(type_id: int) -> list[TypeAttribute]:
    """What a product type asks, in order, with the attributes and their choices. Two queries."""
    return list(
        TypeAttribute.objects.filter(type=type_id)
        .select_related("attribute")
        .prefetch_related("attribute__choices")
        .order_by("position", "attribute__position", "attribute")
    )


def unanswered(product_ids: Collection[int]) -> Mapping[int, list[Attribute]]:
    """What has to be answered before these products are sold, and is not. At most three queries."""
    required: dict[int, list[Attribute]] = defaultdict(list)
    asked = TypeAttribute.objects.filter(is_required=True).select_related("attribute")
    for one in asked.order_by("position", "attribute__position", "attribute"):
        required[one.type_id].append(one.attribute)
    if not required:
        return {}
    answers = AttributeValue.objects.filter(product__in=product_ids)
    given = set(answers.values_list("product_id", "attribute_id"))
    products = Product.objects.filter(pk__in=product_ids, type__in=required)
    found = {
        pk: [one for one in required[type_id] if (pk, one.pk) not in given]
        for pk, type_id in products.values_list("pk", "type_id")
    }
    return {pk: gaps for pk, gaps in found.items() if gaps}
