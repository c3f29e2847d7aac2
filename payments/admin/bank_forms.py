"""What is asked about a bank statement and its lines."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from catalog.models import Market
from orders.models import Order
from payments.services.matching import Suggestion
from payments.services.statements import Mapped
from payments.services.statements.csvfile import FIELDS
from payments.services.statements.facts import FORMATS, LARGEST
from shop.admin.kit import FileInput, Select, TextInput

NAMES = {
    "day": lazy("Day"),
    "amount": lazy("Amount"),
    "money_in": lazy("Money in"),
    "money_out": lazy("Money out"),
    "currency": lazy("Currency"),
    "party": lazy("From or to"),
    "party_account": lazy("Their account"),
    "text": lazy("Purpose"),
    "reference": lazy("Bank's reference"),
}
MOST_ORDERS = 20


class UploadForm(forms.Form):
    file = forms.FileField(
        label=lazy("File"),
        help_text=lazy("CAMT.053 or CSV, at most %(size)s MB.") % {"size": LARGEST >> 20},
        widget=FileInput(attrs={"accept": ".xml,.csv,.txt,.053"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(
                _("The file is larger than %(size)s MB.") % {"size": LARGEST >> 20}
            )
        return file


class MappingForm(forms.Form):
    """Which column is what. Sent by GET, so that the preview has an address."""

    mark = forms.ChoiceField(
        label=lazy("Decimal mark"),
        required=False,
        choices=[("", lazy("as found")), (".", "1,234.50"), (",", "1.234,50")],
        widget=Select(),
    )
    date_format = forms.ChoiceField(
        label=lazy("Days are written"),
        required=False,
        choices=[("", lazy("as found")), *((form, form) for form in FORMATS)],
        widget=Select(),
    )

    def __init__(self, data: Any = None, *, columns: Sequence[str]) -> None:
        super().__init__(data)
        choices = [("", _("as found")), *((name, name) for name in columns)]
        for name in FIELDS:
            self.fields[name] = forms.ChoiceField(
                label=NAMES[name], required=False, choices=choices, widget=Select()
            )
        codes = dict.fromkeys(Market.objects.in_order().values_list("currency", flat=True))
        self.fields["usual_currency"] = forms.ChoiceField(
            label=lazy("Currency, where no column says it"),
            required=False,
            choices=[(code, code) for code in codes],
            widget=Select(),
        )
        self.order_fields([*FIELDS, "usual_currency", "date_format", "mark"])

    def mapped(self) -> Mapped:
        """What was said; nothing while the form is wrong."""
        data = self.cleaned_data if self.is_valid() else {}
        codes = self.fields["usual_currency"].choices  # type: ignore[attr-defined]
        return Mapped(
            columns={name: data.get(name, "") for name in FIELDS},
            mark=data.get("mark", ""),
            date_format=data.get("date_format", ""),
            currency=data.get("usual_currency") or (codes[0][0] if codes else ""),
        )


class MatchForm(forms.Form):
    choice = forms.ChoiceField(label=lazy("It is about"), required=False, widget=Select())
    numbers = forms.CharField(
        label=lazy("Or these orders"),
        required=False,
        max_length=200,
        help_text=lazy("Numbers, in the order in which the money is to pay them."),
        widget=TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, data: Any = None, *, found: Sequence[Suggestion], is_in: bool) -> None:
        super().__init__(data)
        choices = [(one.value, f"{one.name}: {one.amount:.2f}, {one.words}") for one in found]
        field = self.fields["choice"]
        field.choices = [("", _("– choose –")), *choices]  # type: ignore[attr-defined]
        if not is_in:
            del self.fields["numbers"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        numbers = data.get("numbers", "").replace(",", " ").replace("#", " ").split()
        known = dict(Order.objects.filter(number__in=numbers).values_list("number", "pk"))
        if unknown := [one for one in numbers if one not in known]:
            self.add_error("numbers", _("We know no order %s.") % ", ".join(unknown[:5]))
        if len(numbers) > MOST_ORDERS:
            self.add_error("numbers", _("That is too many for one transfer."))
        data["choices"] = [f"order-{known[one]}" for one in numbers if one in known]
        if not data["choices"] and data.get("choice"):
            data["choices"] = [data["choice"]]
        if not data["choices"] and not self.errors:
            self.add_error(None, _("Choose what it is about."))
        return data


class NoteForm(forms.Form):
    note = forms.CharField(
        label=lazy("What it is"),
        max_length=200,
        help_text=lazy("Kept with the line, so that nobody has to ask again."),
        widget=TextInput(),
    )


class SureForm(forms.Form):
    """Asks nothing: the button is the answer."""
