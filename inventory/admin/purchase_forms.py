"""What staff fill in about purchase orders."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from inventory.models import PurchaseOrder, PurchaseOrderLine
from inventory.services.purchase_terms import Terms
from shop.admin.kit import DateInput, NumberInput, Select, Textarea, TextInput
from shop.lib.money import ZERO, round_money

MOST_UNITS = 1_000_000


def _sum_field(label: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        min_value=ZERO,
        max_digits=14,
        decimal_places=3,
        widget=TextInput(attrs={"inputmode": "decimal"}),
    )


class TermsForm(forms.Form):
    freight = _sum_field(lazy("Freight"))
    duty = _sum_field(lazy("Duty"))
    share_by = forms.ChoiceField(
        label=lazy("Freight and duty shared by"),
        choices=PurchaseOrder.ShareBy.choices,
        widget=Select(),
    )
    expected_on = forms.DateField(
        label=lazy("Agreed day"),
        required=False,
        help_text=lazy("Empty: by the days each piece takes."),
        widget=DateInput(),
    )
    note = forms.CharField(
        label=lazy("Note to the supplier"),
        max_length=2000,
        required=False,
        widget=Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any = None, *, order: PurchaseOrder) -> None:
        names = ("freight", "duty", "share_by", "expected_on", "note")
        super().__init__(data, initial={name: getattr(order, name) for name in names})
        self.order = order
        if order.status != PurchaseOrder.Status.DRAFT:
            del self.fields["expected_on"], self.fields["note"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("freight", "duty"):
            amount = data.get(name)
            if amount and amount != round_money(amount, self.order.currency):
                words = _("Finer than the smallest coin of %s.") % self.order.currency
                self.add_error(name, words)
        return data

    def terms(self) -> Terms:
        return Terms(**self.cleaned_data)


class LineForm(forms.Form):
    """A line of a draft, in its row."""

    quantity = forms.IntegerField(
        label=lazy("Units"), min_value=1, max_value=MOST_UNITS, widget=NumberInput()
    )
    unit_cost = _sum_field(lazy("Unit cost"))
    remove = forms.BooleanField(label=lazy("Take off"), required=False)

    def __init__(self, data: Any = None, *, line: PurchaseOrderLine) -> None:
        initial = {"quantity": line.quantity, "unit_cost": line.unit_cost}
        super().__init__(data, prefix=f"line-{line.pk}", initial=initial)
        self.line = line
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{field.label}, {line.variant.sku}"

    @property
    def cost(self) -> Decimal | None:
        """What somebody typed; None: as the supplier offers so many."""
        return self.cleaned_data["unit_cost"] if "unit_cost" in self.changed_data else None


class AddForm(forms.Form):
    text = forms.CharField(
        label=lazy("SKU, barcode, their number or a word"),
        max_length=100,
        widget=TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    quantity = forms.IntegerField(
        label=lazy("Units"), min_value=1, max_value=MOST_UNITS, initial=1, widget=NumberInput()
    )
    unit_cost = forms.DecimalField(
        label=lazy("Unit cost"),
        required=False,
        min_value=ZERO,
        max_digits=14,
        decimal_places=3,
        help_text=lazy("Empty: as the supplier offers it."),
        widget=TextInput(attrs={"inputmode": "decimal"}),
    )


class StepForm(forms.Form):
    """Nothing to fill in."""


class EndForm(StepForm):
    reason = forms.CharField(
        label=lazy("Reason"),
        max_length=200,
        help_text=lazy("Kept with the order; staff read it."),
        widget=TextInput(),
    )


class DayForm(StepForm):
    on = forms.DateField(label=lazy("Expected on"), widget=DateInput())
    sku = forms.CharField(
        label=lazy("Only this SKU"),
        max_length=64,
        required=False,
        help_text=lazy("Empty: all that is still to come."),
        widget=TextInput(attrs={"autocomplete": "off"}),
    )
    reason = forms.CharField(
        label=lazy("Reason"), max_length=200, required=False, widget=TextInput()
    )
