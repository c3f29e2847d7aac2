"""The form of a product: its own columns, the answers of its type, warnings and new pictures."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from catalog.admin import safety
from catalog.admin.attributes import PREFIX, answer_fields, answers_in, answers_of
from catalog.admin.uploads import PicturesField
from catalog.models import Product
from catalog.queries.attributes import asked_of
from catalog.services import attributes
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
    """Made for one product by product_form(), which adds the questions of its type."""

    specs = RowsField(
        label=lazy("Specification"),
        help_text=lazy("One per line, such as Height: 9.8 cm. The details above need no line."),
    )
    new_pictures = PicturesField(label=lazy("Add pictures"))

    class Meta:
        model = Product
        exclude = ("source", "source_ref", "status", "warnings")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            found = {**answers_of(self.instance), **safety.shown(self.instance.warnings)}
            self.initial.update(found)

    def clean_description(self) -> str:
        return clean_html(self.cleaned_data["description"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("published_at"), cleaned.get("unpublished_at")
        if end and not start:
            self.add_error("unpublished_at", _("Say first when it goes on sale."))
        elif end and end <= start:
            self.add_error("unpublished_at", _("Must be later than the beginning."))
        if self.instance.status in Product.SOLD and "published_at" in cleaned and not start:
            self.add_error("published_at", _("What is on sale has a beginning."))
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        self.instance.warnings = safety.warnings_in(self.cleaned_data, self.instance.warnings)

    def save_answers(self) -> None:
        """Write the answers, once the product is there."""
        if not any(name.startswith(PREFIX) for name in self.changed_data):
            return
        asked = {one.attribute.code for one in asked_of(self.instance.type_id)}
        answers = answers_in(self.cleaned_data)
        # Of another type than before, it is asked other questions.
        kept = {code: value for code, value in answers.items() if code in asked}
        attributes.set_answers(product=self.instance, answers=kept)


def product_form(product: Product | None) -> type[ProductForm]:
    """The form of one product (None: of a new one)."""
    fields = {**answer_fields(product), **safety.warning_fields()}
    return type("OneProductForm", (ProductForm,), fields)
