"""What is asked before an order is moved. Every form knows the orders it is about."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.models import Order, OrderLine
from shop.admin.kit import NumberInput, Textarea, TextInput


class StepForm(forms.Form):
    """Asks nothing: the button is the answer."""

    def __init__(self, data: Any = None, *, orders: list[Order]) -> None:
        super().__init__(data)
        self.orders = orders


class PaymentForm(StepForm):
    reference = forms.CharField(
        label=_("Reference"),
        max_length=60,
        required=False,
        help_text=_("As on the bank statement."),
        widget=TextInput(),
    )


class CancellationForm(StepForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("Kept with the order; staff read it."),
        widget=TextInput(),
    )


class ShipmentForm(StepForm):
    """One order: how many of each line. Several: everything left, a tracking number each."""

    def __init__(self, data: Any = None, *, orders: list[Order]) -> None:
        super().__init__(data, orders=orders)
        self.fields["carrier"] = forms.CharField(
            label=_("Carrier"), max_length=40, required=False, widget=TextInput()
        )
        if len(orders) == 1:
            self._ask_for_quantities(open_lines(orders[0]))
        for order in orders:
            self.fields[f"tracking_{order.pk}"] = forms.CharField(
                label=_("Tracking number of %(order)s") % {"order": order.number},
                max_length=60,
                required=False,
                widget=TextInput(),
            )

    def _ask_for_quantities(self, lines: Iterable[OrderLine]) -> None:
        for line in lines:
            self.fields[f"units_{line.pk}"] = forms.IntegerField(
                label=" ".join(filter(None, (line.sku, line.title, line.variant_label))),
                help_text=" ".join(
                    [_("%(left)s left to ship.") % {"left": line.unfulfilled}, *_packing(line)]
                ),
                min_value=0,
                max_value=line.unfulfilled,
                initial=line.unfulfilled,
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


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Note for colleagues"), max_length=500, widget=Textarea(attrs={"rows": 3})
    )


def open_lines(order: Order) -> list[OrderLine]:
    """What is left to ship, in the order of the order."""
    lines = sorted(order.lines.all(), key=lambda line: (line.position, line.pk))
    return [line for line in lines if line.unfulfilled and line.is_shipped]


def _packing(line: OrderLine) -> list[str]:
    """What a packer has to know of a line: its parts, and what was asked for on top."""
    parts = [f"{part.quantity} × {part.sku} {part.title}." for part in line.parts.all()]
    return [*parts, *(f"{extra['name']}: {extra['value']}." for extra in line.extras)]
