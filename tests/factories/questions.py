"""Attributes that products answer."""

from catalog.models import Attribute, AttributeChoice, TypeAttribute
from catalog.services.attributes import set_answers


def ask(product_type, code="capacity", kind="number", *, choices=(), is_required=False, **fields):
    """An attribute that a product type asks for."""
    defaults = {"name": code.replace("-", " ").capitalize(), "is_facet": True}
    attribute, _is_new = Attribute.objects.get_or_create(
        code=code, defaults={**defaults, "kind": kind, **fields}
    )
    for place, name in enumerate(choices):
        AttributeChoice.objects.create(attribute=attribute, name=name, position=place)
    TypeAttribute.objects.create(
        type=product_type,
        attribute=attribute,
        is_required=is_required,
        position=product_type.asks.count(),
    )
    return attribute


def answer(product, **answers):
    """answer(mug, capacity=320): underscores stand for hyphens."""
    set_answers(product=product, answers={code.replace("_", "-"): v for code, v in answers.items()})
    return product
