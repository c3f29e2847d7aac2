"""What staff fill in to change an order that was placed."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.services.places import clean_postcode, country_names
from orders.admin.edit_finding import Found
from orders.models import Order, OrderLine
from orders.services.additions import MOST_UNITS, is_service
from orders.services.pricing import Delivery
from shop.admin.kit import NumberInput, Select, TextInput
from shop.lib.money import round_money
from shop.lib.text import clean
from shop.processes.editing import Added, Amendment, NewAddress, NewDelivery
from shop.processes.editing.words import paid_per_unit, units_of
from shop.templatetags.shop_text import money

WHERE = ("name", "line1", "line2", "city", "region", "postcode", "country", "phone")
NEEDED = ("name", "line1", "city", "country")
LABELS = {
    "name": (lazy("Name"), 120),
    "line1": (lazy("Address"), 120),
    "line2": (lazy("Address line 2"), 120),
    "city": (lazy("Town or city"), 80),
    "region": (lazy("State or province"), 40),
    "postcode": (lazy("Postcode"), 16),
    "phone": (lazy("Phone"), 30),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A piece beside its fields. was: units and price now; None for what is to come in."""

    title: str
    sku: str
    was: str
    note: str
    units: forms.BoundField
    price: forms.BoundField


class EditForm(forms.Form):
    """Units and prices by line, pieces that come in, address, delivery and why."""

    q = forms.CharField(
        label=lazy("Find a piece"), max_length=80, required=False, widget=TextInput()
    )
    delivery = forms.ChoiceField(label=lazy("Delivery"), required=False, widget=Select())
    reason = forms.CharField(
        label=lazy("Reason"),
        max_length=200,
        required=False,
        help_text=lazy("Kept with the order; its buyer reads it as well."),
        widget=TextInput(),
    )
    key = forms.UUIDField(widget=forms.HiddenInput())
    seen = forms.CharField(max_length=32, required=False, widget=forms.HiddenInput())

    def __init__(
        self,
        data: Any,
        *,
        order: Order,
        lines: Sequence[OrderLine],
        new: Sequence[Found],
        offers: Sequence[Delivery],
        seen: str,
    ) -> None:
        start = {name: getattr(order, name) for name in WHERE}
        super().__init__(data, initial={**start, "key": uuid.uuid4(), "seen": seen})
        self.order, self.new, self.offers = order, new, offers
        self.lines = [one for one in lines if units_of(one) and not is_service(one)]
        for line in self.lines:
            self.fields[f"units_{line.pk}"] = _units(line.title, units_of(line), least=0)
            price = paid_per_unit(line, order.currency)
            self.fields[f"price_{line.pk}"] = _price(line.title, price)
        for one in new:
            title = one.variant.product.title
            self.fields[f"new_units_{one.variant.pk}"] = _units(title, 1, least=0)
            price = round_money(one.price, order.currency)
            self.fields[f"new_price_{one.variant.pk}"] = _price(title, price)
        for name, (label, most) in LABELS.items():
            self.fields[name] = _words(label, most)
        self.fields["country"] = forms.ChoiceField(
            label=_("Country"), choices=country_names([order.country]), widget=Select()
        )
        self.fields["delivery_price"] = _price(_("Delivery"), None)
        self._offer()

    def _offer(self) -> None:
        field = self.fields["delivery"]
        now = self.order.shipping_name or _("None")
        currency = self.order.currency
        offered = [(one.code, f"{one.name}, {money(one.price, currency)}") for one in self.offers]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("As it is: %(name)s") % {"name": now}), *offered]

    # What the page shows

    @property
    def rows(self) -> list[Row]:
        currency = self.order.currency
        return [
            Row(
                title=", ".join(filter(None, (line.title, line.variant_label))),
                sku=line.sku,
                was=f"{units_of(line)} × {money(paid_per_unit(line, currency), currency)}",
                note=_("%(count)s sent") % {"count": line.fulfilled} if line.fulfilled else "",
                units=self[f"units_{line.pk}"],
                price=self[f"price_{line.pk}"],
            )
            for line in self.lines
        ]

    @property
    def new_rows(self) -> list[Row]:
        return [
            Row(
                title=", ".join(filter(None, (one.variant.product.title, one.variant.label))),
                sku=one.variant.sku,
                was="",
                note=_("%(count)s can be had") % {"count": one.there},
                units=self[f"new_units_{one.variant.pk}"],
                price=self[f"new_price_{one.variant.pk}"],
            )
            for one in self.new
        ]

    @property
    def places(self) -> list[forms.BoundField]:
        return [self[name] for name in WHERE]

    # What it asks for

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in WHERE:
            data[name] = clean(data.get(name) or "")
            if name in NEEDED and not data[name] and name not in self.errors:
                self.add_error(name, _("This is needed."))
        try:
            data["postcode"] = clean_postcode(data["postcode"], data["country"])
        except forms.ValidationError as error:
            self.add_error("postcode", error)
        return data

    def asked(self) -> Amendment:
        """What was filled in. The form must be valid."""
        data = self.cleaned_data
        units = {one.pk: data[f"units_{one.pk}"] for one in self.lines}
        prices = {one.pk: data[f"price_{one.pk}"] for one in self.lines}
        address = NewAddress(**{name: data[name] for name in WHERE})
        is_moved = any(data[name] != getattr(self.order, name) for name in WHERE)
        return Amendment(
            add=self._coming(),
            units={pk: count for pk, count in units.items() if count is not None},
            prices={pk: price for pk, price in prices.items() if price is not None},
            address=address if is_moved else None,
            delivery=self._delivery(),
            reason=clean(data["reason"]),
        )

    def _coming(self) -> list[Added]:
        found = []
        for one in self.new:
            units = self.cleaned_data[f"new_units_{one.variant.pk}"]
            price = self.cleaned_data[f"new_price_{one.variant.pk}"]
            if units:
                found.append(Added(one.variant, units, one.price if price is None else price))
        return found

    def _delivery(self) -> NewDelivery | None:
        code = self.cleaned_data["delivery"]
        price = self.cleaned_data["delivery_price"]
        found = next((one for one in self.offers if one.code == code), None)
        if found is not None:
            price = found.price if price is None else price
            return NewDelivery(found.code, found.name, price, found.arrives_from, found.arrives_by)
        if price is None or not self.order.shipping_name:
            return None
        order = self.order
        return NewDelivery(
            order.shipping_method,
            order.shipping_name,
            price,
            order.arrives_from,
            order.arrives_by,
        )


def _units(title: str, start: int, *, least: int) -> forms.IntegerField:
    label = _("Units of %(title)s") % {"title": title}
    return forms.IntegerField(
        label=label,
        initial=start,
        required=False,
        min_value=least,
        max_value=MOST_UNITS,
        widget=NumberInput(attrs={"min": least, "aria-label": label}),
    )


def _price(title: str, start: Decimal | None) -> forms.DecimalField:
    label = _("Price of %(title)s") % {"title": title}
    return forms.DecimalField(
        label=label,
        initial=start,
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=3,
        widget=TextInput(
            attrs={"inputmode": "decimal", "autocomplete": "off", "aria-label": label}
        ),
    )


def _words(label: Any, most: int) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=False, widget=TextInput())
