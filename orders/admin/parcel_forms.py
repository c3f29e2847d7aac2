"""What is asked before units of an order leave, or are taken off it."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inventory.models import Location
from orders.admin.forms import StepForm
from orders.models import Order, OrderLine
from orders.services.promises import Promise, promises_of
from shop.admin.kit import NumberInput, Select, TextInput


class ShipmentForm(StepForm):
    """One order: how many of each line. Several: all that is set aside, a tracking number each."""

    def __init__(self, data: Any = None, *, orders: list[Order]) -> None:
        super().__init__(data, orders=orders)
        self.fields["carrier"] = forms.CharField(
            label=_("Carrier"), max_length=40, required=False, widget=TextInput()
        )
        self._ask_for_place()
        if len(orders) == 1:
            self._ask_for_quantities(open_lines(orders[0]))
        for order in orders:
            self.fields[f"tracking_{order.pk}"] = forms.CharField(
                label=_("Tracking number of %(order)s") % {"order": order.number},
                max_length=60,
                required=False,
                widget=TextInput(),
            )

    def _ask_for_place(self) -> None:
        """From which place, when there is more than one that may be meant."""
        lines = [line for order in self.orders for line in open_lines(order)]
        places = {place for one in promises_of(lines).values() for place in one.at}
        rows = Location.objects.filter(pk__in=places).order_by("position", "pk")
        partners = [place for place in rows if place.kind == Location.Kind.PARTNER]
        if len(rows) > 1 or partners:
            self.fields["location"] = forms.ModelChoiceField(
                queryset=rows,
                label=_("From"),
                required=False,
                empty_label=_("Wherever it is, but what partners send"),
                widget=Select(),
            )

    def _ask_for_quantities(self, lines: Sequence[OrderLine]) -> None:
        promises = promises_of(lines)
        for line in lines:
            promise = promises[line.pk]
            self.fields[f"units_{line.pk}"] = forms.IntegerField(
                label=" ".join(filter(None, (line.sku, line.title, line.variant_label))),
                help_text=" ".join([*_left(line, promise), *_packing(line)]),
                min_value=0,
                max_value=line.unfulfilled,
                initial=promise.ready,
                widget=NumberInput(),
            )

    def units(self) -> dict[int, int] | None:
        """Units by line for a single order; None for several: all that is left."""
        if len(self.orders) > 1:
            return None
        return {
            int(name.removeprefix("units_")): value
            for name, value in self.cleaned_data.items()
            if name.startswith("units_") and value
        }

    def tracking_number(self, order: Order) -> str:
        return str(self.cleaned_data[f"tracking_{order.pk}"])

    def location(self) -> Location | None:
        found: Location | None = self.cleaned_data.get("location")
        return found


class UnitsForm(StepForm):
    """How many units of each line are not sent any more, and why."""

    key = forms.UUIDField(widget=forms.HiddenInput(), initial=uuid.uuid4)

    def __init__(self, data: Any = None, *, orders: list[Order]) -> None:
        super().__init__(data, orders=orders)
        for order in orders:
            for line in open_lines(order):
                self.fields[f"units_{line.pk}"] = forms.IntegerField(
                    label=f"{order.number}: {line.sku} {line.title}",
                    help_text=_("%(left)s left to ship.") % {"left": line.unfulfilled},
                    min_value=0,
                    max_value=line.unfulfilled,
                    required=False,
                    widget=NumberInput(),
                )
        self.fields["reason"] = forms.CharField(
            label=_("Reason"),
            max_length=200,
            help_text=_("Kept with the order; staff read it."),
            widget=TextInput(),
        )

    def units(self, order: Order) -> dict[int, int]:
        found = {line.pk: self.cleaned_data.get(f"units_{line.pk}") for line in open_lines(order)}
        return {pk: units for pk, units in found.items() if units}


def open_lines(order: Order) -> list[OrderLine]:
    """What is left to ship, in the order of the order."""
    lines = sorted(order.lines.all(), key=lambda line: (line.position, line.pk))
    return [line for line in lines if line.unfulfilled and line.is_shipped]


def _packing(line: OrderLine) -> list[str]:
    """What a packer has to know of a line: its parts, and what was asked for on top."""
    parts = [f"{part.quantity} × {part.sku} {part.title}." for part in line.parts.all()]
    return [*parts, *(f"{extra['name']}: {extra['value']}." for extra in line.extras)]


def _left(line: OrderLine, promise: Promise) -> list[str]:
    words = [_("%(left)s left to ship.") % {"left": line.unfulfilled}]
    if promise.ready < line.unfulfilled:
        words.append(_("%(ready)s set aside here.") % {"ready": promise.ready})
    return words
