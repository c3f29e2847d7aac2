"""What is asked before an order is moved. Every form knows the orders it is about."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.models import Order
from shipping.models import Fulfilment
from shipping.services.parcels import BEGUN
from shop.admin.kit import Textarea, TextInput


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
        help_text=_("As on the bank statement, or the carrier's list."),
        widget=TextInput(),
    )


class CancellationForm(StepForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("Kept with the order; staff read it."),
        widget=TextInput(),
    )

    def __init__(self, data: Any = None, *, orders: list[Order]) -> None:
        super().__init__(data, orders=orders)
        if Fulfilment.objects.filter(order__in=orders, status__in=BEGUN).exists():
            self.fields["unpack"] = forms.BooleanField(
                label=_("Put back on the shelf what is picked and packed already"),
                required=False,
                help_text=_("Without this, such orders stay as they are."),
            )


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Note for colleagues"), max_length=500, widget=Textarea(attrs={"rows": 3})
    )
