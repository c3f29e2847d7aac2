"""An address as its country writes it: the parts, their names and their order change with it."""

from collections.abc import Collection, Iterator
from typing import Any

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.services.addresses import Written
from accounts.services.places import Part, clean_postcode, country_names, parts_of
from shop.lib.phones import e164
from shop.lib.text import clean

# What browsers fill in by themselves.
TOKENS = {
    "name": "name",
    "company": "organization",
    "line1": "address-line1",
    "line2": "address-line2",
    "city": "address-level2",
    "region": "address-level1",
    "postcode": "postal-code",
}
MISSING = {
    "name": _("Enter a name."),
    "line1": _("Enter the street and house number."),
    "city": _("Enter the town or city."),
    "postcode": _("Enter a postcode."),
}
SHORT = ("postcode",)
# As Address has room for; the rest has 120.
LONGEST = {"city": 80, "region": 40, "postcode": 16}


class AddressForm(forms.Form):
    country = forms.ChoiceField(
        label=_("Country"),
        widget=forms.Select(attrs={"autocomplete": "country"}),
        error_messages={"invalid_choice": _("We do not deliver there yet.")},
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        help_text=_("Only used by the courier about a delivery"),
    )
    is_default = forms.BooleanField(label=_("Fill this in at the checkout"), required=False)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        countries: Collection[str],
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        offered = country_names(countries)
        self._country(offered)
        typed = str(self["country"].value() or "")
        self.parts = parts_of(typed if typed in dict(offered) else offered[0][0])
        for part in self.parts:
            self.fields[part.name] = _field(part)

    def _country(self, offered: list[tuple[str, str]]) -> None:
        field = self.fields["country"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - it is, above
        field.choices = offered

    def shown(self) -> Iterator[tuple[BoundField, str]]:
        """The parts of the address in their country's order, each with its size."""
        for part in self.parts:
            yield self[part.name], "short" if part.name in SHORT else ""

    def clean(self) -> dict[str, Any]:
        data = {
            name: clean(value) if isinstance(value, str) else value
            for name, value in (super().clean() or {}).items()
        }
        country = data.get("country", "")
        if country and data.get("postcode"):
            try:
                data["postcode"] = clean_postcode(
                    data["postcode"], country, region=data.get("region", "")
                )
            except forms.ValidationError as error:
                self.add_error("postcode", error)
        if data.get("phone") and not e164(data["phone"], country):
            self.add_error("phone", gettext("Enter a phone number in digits, or leave it empty."))
        return data

    def written(self) -> Written:
        """What a valid form says; parts that the country does not have are empty."""
        names = Written.__dataclass_fields__
        return Written(**{name: self.cleaned_data.get(name, "") for name in names})

    def listed_errors(self) -> list[tuple[str, str]]:
        return [
            (self[name].id_for_label if name in self.fields else "address", str(texts[0]))
            for name, texts in self.errors.items()
        ]


def _field(part: Part) -> forms.Field:
    told: dict[str, Any] = {"label": part.label, "required": part.is_required}
    if words := MISSING.get(part.name):
        told["error_messages"] = {"required": words}
    attrs = {"autocomplete": TOKENS[part.name]}
    if part.choices:
        choices = [("", _("Please choose")), *part.choices]
        return forms.ChoiceField(choices=choices, widget=forms.Select(attrs=attrs), **told)
    if part.name == "postcode":
        attrs["autocapitalize"] = "characters"
    return forms.CharField(
        max_length=LONGEST.get(part.name, 120), widget=forms.TextInput(attrs=attrs), **told
    )


def as_typed(data: QueryDict) -> dict[str, Any]:
    """What was typed so far, to show the same in another country's order."""
    names = (*Written.__dataclass_fields__, "is_default")
    return {name: clean(str(data[name]))[:120] for name in names if name in data}
