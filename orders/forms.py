"""What shoppers type, cleaned."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.services import vat_numbers
from accounts.services.places import (
    clean_postcode,
    country_names,
    needed_region,
    needs_postcode,
)
from accounts.services.vat_numbers import NotAVatNumber
from catalog.forms import ExtrasForm
from catalog.models import Extra
from orders.services.extras import TICKED, Filled
from orders.services.orders import Buyer
from shop.lib.phones import e164
from shop.lib.text import clean, one_line
from shop.outbox import sms

PHONE = re.compile(r"[0-9+()./ -]{5,30}")
ADDRESS = ("line1", "line2", "city", "region", "postcode", "phone", "wants_sms", "gift_note")


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
    # Only where letters need one: the form drops it for other countries.
    region = forms.ChoiceField(error_messages={"required": _("Choose one.")})
    phone = forms.CharField(
        label=_("Phone"),
        max_length=30,
        required=False,
        help_text=_("Only used by the courier about this delivery"),
    )
    # Consent: only asked for where messages can be sent.
    wants_sms = forms.BooleanField(
        label=_("Tell me by SMS when the parcel leaves, comes and is there"), required=False
    )
    gift_note = forms.CharField(
        label=_("Gift note"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Printed on the slip in the parcel"),
    )
    company = forms.CharField(label=_("Company"), max_length=120, required=False)
    vat_number = forms.CharField(
        label=_("VAT number"),
        max_length=20,
        required=False,
        help_text=_("With its country, such as DE 123456789"),
    )
    shipping_method = forms.CharField(label=_("Delivery"), max_length=40, required=False)
    # Where it is fetched, where a way of delivery does not bring it to the door.
    pickup = forms.CharField(max_length=60, required=False)
    near = forms.CharField(max_length=16, required=False)
    # Nobody has to choose when gift cards leave nothing to pay: the page knows.
    payment_method = forms.ChoiceField(label=_("Payment"), required=False)
    # Of whoever is signed in: which of their cards pays; empty for another.
    saved_card = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)
    # Likewise: which of their addresses was filled in, and whether this one is to be kept.
    saved_address = forms.CharField(max_length=20, required=False)
    keep_address = forms.BooleanField(label=_("Keep this address in my account"), required=False)

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
            self._follow(str(self["country"].value()))
        else:
            # Nothing is sent: tax asks for the country, and nobody for more.
            for name in ADDRESS:
                del self.fields[name]
        if not sms.is_on():
            self.fields.pop("wants_sms", None)

    def _follow(self, country: str) -> None:
        """Ask for what letters to this country need."""
        self.fields["postcode"].required = needs_postcode(country)
        region = needed_region(country)
        if region is None:
            del self.fields["region"]
            return
        self.fields["region"].label = str(region.label)
        self._choices("region").choices = [("", _("Please choose")), *region.choices]

    def _choices(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        if not isinstance(field, forms.ChoiceField):
            raise TypeError(name)
        return field

    def clean(self) -> dict[str, Any]:
        data = {
            name: _cleaned(name, value) if isinstance(value, str) else value
            for name, value in (super().clean() or {}).items()
        }
        if "email" in data:
            # One spelling a person: returning customers are found by it.
            data["email"] = data["email"].lower()
        country = data.get("country")
        if country and "postcode" in data:
            try:
                data["postcode"] = clean_postcode(
                    data.get("postcode", ""), country, region=data.get("region", "")
                )
            except forms.ValidationError as error:
                self.add_error("postcode", error)
        if data.get("vat_number"):
            try:
                data["vat_number"] = vat_numbers.check(data["vat_number"], country=country or "")
            except NotAVatNumber as error:
                self.add_error("vat_number", error.message)
        if data.get("phone") and not PHONE.fullmatch(data["phone"]):
            self.add_error("phone", gettext("Enter a phone number in digits, or leave it empty."))
        elif data.get("wants_sms") and not e164(data.get("phone", ""), country or ""):
            self.add_error("phone", gettext("Enter a mobile number, so that we can text you."))
        return data

    def buyer(self) -> Buyer:
        known = {name: self.cleaned_data.get(name, "") for name in Buyer.__slots__}
        return Buyer(**known | {"wants_sms": bool(known["wants_sms"])})


def _cleaned(name: str, text: str) -> str:
    """Only what is said to whom a present is for may have more than one line."""
    return clean(text) if name == "gift_note" else one_line(text)


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
