from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from catalog.models import Product
from shop.admin.kit import Textarea
from shop.lib.text import clean, clean_html

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Product]
else:
    ModelForm = forms.ModelForm


class RowsField(forms.CharField):
    """Rows of a name and a text, typed as "Height: 9.8 cm", one per line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=Textarea(attrs={"rows": 6}), required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return "\n".join(": ".join(map(str, row)) for row in value)
        return value

    def to_python(self, value: Any) -> Any:
        rows = []
        for line in clean(str(value or "")).splitlines():
            name, colon, text = line.partition(":")
            if not line.strip():
                continue
            if not (name.strip() and colon and text.strip()):
                raise ValidationError(_("“%(line)s” has no colon.") % {"line": line.strip()})
            rows.append([name.strip(), text.strip()])
        return rows

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(initial or []) != bool(data) or self.prepare_value(initial) != data


class ProductForm(ModelForm):
    specs = RowsField(
        label=lazy("Specification"), help_text=lazy("One per line, such as Height: 9.8 cm")
    )

    class Meta:
        model = Product
        exclude = ("source", "source_ref")

    def clean_description(self) -> str:
        return clean_html(self.cleaned_data["description"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("status") in Product.SOLD and not cleaned.get("published_at"):
            cleaned["published_at"] = timezone.now()
        return cleaned
