"""What staff fill in to put an order together for somebody."""

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.services.places import clean_postcode, country_names
from catalog.models import Market
from orders.models import Draft, Order
from orders.services.orders import Buyer
from payments.gateways import ELSEWHERE, GATEWAYS
from shipping.models import Method
from shipping.queries import countries_served
from shop.admin.kit import NumberInput, Select, Textarea, TextInput
from shop.lib.text import clean
from shop.processes.drafting import Plan, PlanLine

CHANNELS = [
    one
    for one in Order.Channel.choices
    if one[0] not in (Order.Channel.WEB, Order.Channel.MARKETPLACE)
]
WHO = ("email", "name", "company", "vat_number", "phone")
WHERE = ("line1", "line2", "city", "region", "postcode", "country")
ROWS = 6


class LineForm(forms.Form):
    """A piece by its SKU. Without a price it costs what the shop asks."""

    sku = forms.CharField(label=lazy("SKU"), max_length=64, required=False, widget=TextInput())
    quantity = forms.IntegerField(
        label=lazy("Units"), min_value=1, max_value=999, required=False, widget=NumberInput()
    )
    price = forms.DecimalField(
        label=lazy("Agreed price"),
        min_value=0,
        max_digits=12,
        decimal_places=3,
        required=False,
        widget=TextInput(attrs={"inputmode": "decimal"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("sku") and not data.get("quantity") and "quantity" not in self.errors:
            data["quantity"] = 1
        if not data.get("sku") and (data.get("quantity") or data.get("price") is not None):
            self.add_error("sku", _("Which piece?"))
        return data


class NamedRows(forms.BaseFormSet):  # type: ignore[type-arg]
    """Rows whose fields say which row they belong to: a column's heading labels no input."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for field in form.fields.values():
            field.widget.attrs["aria-label"] = f"{field.label}, {(index or 0) + 1}"


Lines = forms.formset_factory(
    LineForm, formset=NamedRows, extra=ROWS, max_num=60, validate_max=True
)


class DraftForm(forms.Form):
    """The buyer, the way and the terms; the pieces are rows of their own."""

    market = forms.ModelChoiceField(
        queryset=Market.objects.order_by("position", "pk"),
        label=lazy("Market"),
        to_field_name="code",
        widget=Select(),
    )
    channel = forms.ChoiceField(label=lazy("Came by"), choices=CHANNELS, widget=Select())
    email = forms.EmailField(label=lazy("E-mail"), required=False, widget=TextInput())
    name = forms.CharField(label=lazy("Name"), max_length=120, widget=TextInput())
    company = forms.CharField(
        label=lazy("Company"), max_length=120, required=False, widget=TextInput()
    )
    vat_number = forms.CharField(
        label=lazy("VAT number"), max_length=20, required=False, widget=TextInput()
    )
    phone = forms.CharField(label=lazy("Phone"), max_length=30, required=False, widget=TextInput())
    line1 = forms.CharField(
        label=lazy("Address"), max_length=120, required=False, widget=TextInput()
    )
    line2 = forms.CharField(
        label=lazy("Address line 2"), max_length=120, required=False, widget=TextInput()
    )
    city = forms.CharField(
        label=lazy("Town or city"), max_length=80, required=False, widget=TextInput()
    )
    region = forms.CharField(
        label=lazy("State or province"), max_length=40, required=False, widget=TextInput()
    )
    postcode = forms.CharField(
        label=lazy("Postcode"), max_length=16, required=False, widget=TextInput()
    )
    country = forms.ChoiceField(label=lazy("Country"), widget=Select())
    shipping_method = forms.ChoiceField(label=lazy("Delivery"), required=False, widget=Select())
    payment_method = forms.ChoiceField(label=lazy("Payment"), widget=Select())
    reference = forms.CharField(
        label=lazy("Their reference"),
        max_length=80,
        required=False,
        help_text=lazy("Their purchase order, for the invoice."),
        widget=TextInput(),
    )
    days = forms.IntegerField(
        label=lazy("Offer holds for days"),
        min_value=1,
        max_value=365,
        required=False,
        help_text=lazy("Empty: until it is thrown away."),
        widget=NumberInput(),
    )
    reserves = forms.BooleanField(
        label=lazy("Set the goods aside once the offer is sent"), required=False
    )
    message = forms.CharField(
        label=lazy("Words to the buyer"),
        max_length=2_000,
        required=False,
        widget=Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any = None, *, now: dt.datetime, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.now = now
        self.fields["market"].initial = Market.objects.order_by("position", "pk").first()
        self.fields["country"].initial = settings.SHOP["country"]
        served = {code for one in Market.objects.all() for code in countries_served(one.currency)}
        self._choose("country", country_names(sorted(served)))
        ways = Method.objects.filter(is_active=True).order_by("zone__name", "position", "pk")
        methods = [(one.code, f"{one.zone}: {one.name}") for one in ways.select_related("zone")]
        self._choose("shipping_method", [("", _("Taken along, nothing is sent")), *methods])
        payable = {**GATEWAYS, "till": ELSEWHERE["till"]}
        self._choose("payment_method", [(code, one.name) for code, one in payable.items()])

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in (*WHO, *WHERE):
            data[name] = clean(data.get(name) or "")
        data["email"] = data["email"].lower()
        if data.get("shipping_method"):
            for name in ("line1", "city"):
                if not data[name] and name not in self.errors:
                    self.add_error(name, _("Where does it go?"))
            self._clean_postcode(data)
        if data.get("channel") != Order.Channel.COUNTER and not (data["email"] or data["phone"]):
            self.add_error("email", _("How can the buyer be reached? E-mail or phone."))
        return data

    def _clean_postcode(self, data: dict[str, Any]) -> None:
        try:
            data["postcode"] = clean_postcode(data["postcode"], data["country"])
        except forms.ValidationError as error:
            self.add_error("postcode", error)

    def plan(self, lines: Any) -> Plan:
        """What was filled in. Both forms must be valid."""
        data = self.cleaned_data
        rows = [row for row in lines.cleaned_data if row.get("sku")]
        days = data["days"]
        return Plan(
            market=data["market"],
            channel=data["channel"],
            buyer=Buyer(**{name: data[name] for name in (*WHO, *WHERE)}),
            lines=[PlanLine(clean(row["sku"]), row["quantity"], row["price"]) for row in rows],
            shipping_method=data["shipping_method"],
            payment_method=data["payment_method"],
            language=data["market"].language,
            reference=clean(data["reference"]),
            message=data["message"].strip(),
            reserves=data["reserves"],
            until=self.now + dt.timedelta(days=days) if days else None,
        )


def initial_of(draft: Draft, *, now: dt.datetime) -> dict[str, Any]:
    """What the form of a kept draft starts with."""
    order = draft.order
    left = (draft.until - now).days + 1 if draft.until else None
    return {
        **{name: getattr(order, name) for name in (*WHO, *WHERE)},
        "market": order.market.code,
        "channel": order.channel,
        "shipping_method": order.shipping_method,
        "payment_method": order.payment_method,
        "reference": order.reference,
        "days": left if left is None or left > 0 else None,
        "reserves": draft.reserves,
        "message": draft.message,
    }


def rows_of(draft: Draft) -> list[dict[str, Any]]:
    lines = draft.cart.lines.select_related("variant").order_by("added_at", "pk")
    return [
        {"sku": one.variant.sku, "quantity": one.quantity, "price": one.agreed_price}
        for one in lines
    ]
