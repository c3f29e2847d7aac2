"""The questions of a product's type, as fields of the product's form."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from catalog.models import Attribute, AttributeValue, Product, TypeAttribute
from catalog.queries.attributes import asked_of
from shop.admin.kit import DateInput, NumberInput, Select, TextInput

PREFIX = "answer_"
YES_OR_NO = {"": None, "yes": True, "no": False}
Kind = Attribute.Kind


def answer_fields(product: Product | None) -> dict[str, forms.Field]:
    """A field per question, by its name in the form. None of them has to be filled in to save."""
    asked = asked_of(product.type_id) if product else []
    return {f"{PREFIX}{one.attribute.code}": _field(one) for one in asked}


def answers_of(product: Product) -> dict[str, Any]:
    """What the product answers by now, by the name of the field."""
    rows = AttributeValue.objects.filter(product=product).select_related("attribute", "choice")
    return {f"{PREFIX}{row.attribute.code}": _shown(row) for row in rows}


def answers_in(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """What was answered, by the code of the attribute; None or "" where nothing was."""
    return {
        name.removeprefix(PREFIX): f"{value:f}" if isinstance(value, Decimal) else value
        for name, value in cleaned.items()
        if name.startswith(PREFIX)
    }


def _field(asked: TypeAttribute) -> forms.Field:
    attribute = asked.attribute
    label = f"{attribute.name} ({attribute.unit})" if attribute.unit else attribute.name
    told: dict[str, Any] = {
        "label": label,
        "required": False,
        "help_text": _("Needed before it is sold.") if asked.is_required else "",
    }
    match attribute.kind:
        case Kind.NUMBER:
            steps = {"step": "any", "inputmode": "decimal"}
            return forms.DecimalField(
                max_digits=14, decimal_places=4, widget=NumberInput(attrs=steps), **told
            )
        case Kind.CHOICE:
            ordered = sorted(attribute.choices.all(), key=lambda one: (one.position, one.pk))
            names = [("", "–"), *((one.name, one.name) for one in ordered)]
            return forms.ChoiceField(choices=names, widget=Select(), **told)
        case Kind.BOOL:
            return forms.TypedChoiceField(
                choices=[("", "–"), ("yes", _("Yes")), ("no", _("No"))],
                coerce=YES_OR_NO.get,
                empty_value=None,
                widget=Select(),
                **told,
            )
        case Kind.DATE:
            return forms.DateField(widget=DateInput(), **told)
    return forms.CharField(max_length=255, widget=TextInput(), **told)


def _shown(row: AttributeValue) -> Any:
    match row.attribute.kind:
        case Kind.NUMBER:
            return None if row.number is None else f"{row.number.normalize():f}"
        case Kind.CHOICE:
            return row.choice.name if row.choice else ""
        case Kind.BOOL:
            return "yes" if row.is_true else "no"
        case Kind.DATE:
            return row.day
    return row.text
