"""Where an order goes, as its buyer corrects it: the country stays."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.services.places import clean_postcode, needed_region, needs_postcode
from orders.forms import PHONE
from orders.models import Order
from shop.lib.stencils import Fixed, plain
from shop.lib.text import clean
from shop.processes.editing import NewAddress

FIELDS = ("name", "line1", "line2", "city", "region", "postcode", "phone")


class AddressForm(forms.Form):
    name = forms.CharField(
        label=_("Full name"), max_length=120, error_messages={"required": _("Enter your name.")}
    )
    line1 = forms.CharField(
        label=_("Address"),
        max_length=120,
        error_messages={"required": _("Enter the street and house number.")},
    )
    line2 = forms.CharField(label=_("Flat, company or building"), max_length=120, required=False)
    city = forms.CharField(
        label=_("Town or city"),
        max_length=80,
        error_messages={"required": _("Enter the town or city.")},
    )
    region = forms.ChoiceField(error_messages={"required": _("Choose one.")})
    postcode = forms.CharField(
        label=_("Postcode"), max_length=16, error_messages={"required": _("Enter a postcode.")}
    )
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)

    def __init__(self, data: QueryDict | None = None, *, order: "Order | AddressTexts") -> None:
        super().__init__(data, initial={name: plain(getattr(order, name)) for name in FIELDS})
        self.country = order.country
        # The page may hold other fields of the same name.
        self.auto_id = "address_%s"
        self.fields["postcode"].required = needs_postcode(order.country)
        self._ask_for_region(order.country)

    def _ask_for_region(self, country: str) -> None:
        """Only where letters need one."""
        field, region = self.fields["region"], needed_region(country)
        if region is None or not isinstance(field, forms.ChoiceField):
            del self.fields["region"]
            return
        field.label, field.choices = str(region.label), [("", _("Please choose")), *region.choices]

    @property
    def needs_region(self) -> bool:
        return "region" in self.fields

    def clean(self) -> dict[str, Any]:
        data = {name: clean(value) for name, value in (super().clean() or {}).items()}
        if "postcode" in data:
            try:
                data["postcode"] = clean_postcode(
                    data["postcode"], self.country, region=data.get("region", "")
                )
            except forms.ValidationError as error:
                self.add_error("postcode", error)
        if data.get("phone") and not PHONE.fullmatch(data["phone"]):
            self.add_error("phone", gettext("Enter a phone number in digits, or leave it empty."))
        return data

    def address(self) -> NewAddress:
        return NewAddress(
            country=self.country, **{name: self.cleaned_data.get(name, "") for name in FIELDS}
        )

    def listed_errors(self) -> list[tuple[str, str]]:
        return [(self[name].id_for_label, str(texts[0])) for name, texts in self.errors.items()]


@dataclass(frozen=True, slots=True)
class AddressTexts:
    """An address as it is, to be corrected: its form looks alike for all of a country."""

    country: Fixed
    region: Fixed
    name: str
    line1: str
    line2: str
    city: str
    postcode: str
    phone: str

    @property
    def form(self) -> AddressForm:
        return AddressForm(order=self)

    @classmethod
    def of(cls, order: Order) -> "AddressTexts":
        texts = {name: getattr(order, name) for name in FIELDS if name != "region"}
        return cls(country=Fixed(order.country), region=Fixed(order.region), **texts)
