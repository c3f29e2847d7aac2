"""Typed answers of the demo catalogue, and the attributes that ask for them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from catalog.models import (
    Attribute,
    AttributeChoice,
    AttributeValue,
    Product,
    TypeAttribute,
)
from shop.demo.seeding.places import read

Data = Mapping[str, Any]
Choices = Mapping[tuple[int, str], int]
AT_ONCE = 1_000


def fill(products: Iterable[Data]) -> int:
    """Write what these products answer; their types ask whatever one of them answers.

    Returns the number of answers.
    """
    attributes = _attributes()
    given = [(one["slug"], code, value) for one in products for code, value in _answers(one)]
    rows = Product.objects.filter(slug__in={slug for slug, _code, _value in given})
    known = {slug: (pk, type_id) for slug, pk, type_id in rows.values_list("slug", "pk", "type_id")}
    asked = {(known[slug][1], attributes[code].pk) for slug, code, _value in given}
    TypeAttribute.objects.bulk_create(
        TypeAttribute(type_id=type_id, attribute_id=pk, position=place)
        for place, (type_id, pk) in enumerate(sorted(asked))
    )
    choices = {
        (one.attribute_id, one.name): one.pk for one in AttributeChoice.objects.order_by("pk")
    }
    values = [
        AttributeValue(
            product_id=known[slug][0],
            attribute=attributes[code],
            **_column(attributes[code], value, choices),
        )
        for slug, code, value in given
    ]
    return len(AttributeValue.objects.bulk_create(values, batch_size=AT_ONCE))


def _answers(product: Data) -> Iterable[tuple[str, Any]]:
    answers: Data = product.get("answers", {})
    return answers.items()


def _attributes() -> dict[str, Attribute]:
    """Write the attributes with their choices; by code."""
    told = read("attributes.toml")["attributes"]
    attributes = Attribute.objects.bulk_create(
        Attribute(
            code=one["code"],
            name=one["name"],
            kind=one["kind"],
            unit=one.get("unit", ""),
            is_facet=one.get("is_facet", False),
            steps=one.get("steps", []),
            position=place,
        )
        for place, one in enumerate(told)
    )
    AttributeChoice.objects.bulk_create(
        AttributeChoice(attribute=attribute, name=name, position=place)
        for attribute, one in zip(attributes, told, strict=True)
        for place, name in enumerate(one.get("choices", ()))
    )
    return {attribute.code: attribute for attribute in attributes}


def _column(attribute: Attribute, value: Any, choices: Choices) -> dict[str, Any]:
    if attribute.kind == Attribute.Kind.CHOICE:
        return {"choice_id": choices[attribute.pk, value]}
    if isinstance(value, bool):
        return {"is_true": value}
    if isinstance(value, dt.date):
        return {"day": value}
    return {"text": value} if isinstance(value, str) else {"number": Decimal(str(value))}
