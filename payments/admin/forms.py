"""What staff are asked before they give money away, or back."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from catalog.models import Market
from shop.admin.kit import DateInput, NumberInput, Select, Textarea, TextInput
from shop.lib.money import round_money

MOST = Decimal(10_000)
MOST_CARDS = 500


class ReasonForm(forms.Form):
    """Every form here says why; it is kept with the entry."""

    reason = forms.CharField(
        label=lazy("Reason"),
        max_length=200,
        help_text=lazy("Kept with the entry; staff read it."),
        widget=TextInput(),
    )


class SumForm(ReasonForm):
    """An amount in one of the shop's currencies, no finer than its smallest coin."""

    amount = forms.DecimalField(
        label=lazy("Amount"),
        min_value=Decimal("0.001"),
        max_value=MOST,
        max_digits=14,
        decimal_places=3,
        widget=TextInput(attrs={"inputmode": "decimal"}),
    )
    currency = forms.ChoiceField(label=lazy("Currency"), widget=Select())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = list(dict.fromkeys(Market.objects.in_order().values_list("currency", flat=True)))
        self.fields["currency"].choices = [(code, code) for code in codes]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        amount, currency = data.get("amount"), data.get("currency")
        if amount and currency and amount != round_money(amount, currency):
            self.add_error("amount", _("Finer than the smallest coin of %s.") % currency)
        return data


class CardForm(SumForm):
    email = forms.EmailField(
        label=lazy("E-mail of the recipient"),
        widget=TextInput(attrs={"type": "email", "autocomplete": "off"}),
    )
    name = forms.CharField(
        label=lazy("Name of the recipient"), max_length=120, required=False, widget=TextInput()
    )
    words = forms.CharField(
        label=lazy("Words to go with it"),
        max_length=500,
        required=False,
        widget=Textarea(attrs={"rows": 3}),
    )
    send_on = forms.DateField(
        label=lazy("Send on"),
        required=False,
        help_text=lazy("In the morning of that day; at once when empty."),
        widget=DateInput(),
    )
    field_order = ("amount", "currency", "email", "name", "words", "send_on", "reason")


class CardsForm(SumForm):
    count = forms.IntegerField(
        label=lazy("How many"), min_value=1, max_value=MOST_CARDS, widget=NumberInput()
    )
    field_order = ("count", "amount", "currency", "reason")


class CreditForm(SumForm):
    email = forms.EmailField(
        label=lazy("E-mail of the customer"),
        help_text=lazy("Whoever signs in with this address can spend it."),
        widget=TextInput(attrs={"type": "email", "autocomplete": "off"}),
    )
    expires_on = forms.DateField(
        label=lazy("Expires"),
        required=False,
        help_text=lazy("The last day it can be used; never, when empty."),
        widget=DateInput(),
    )
    field_order = ("email", "amount", "currency", "expires_on", "reason")


class CorrectionForm(ReasonForm):
    amount = forms.DecimalField(
        label=lazy("Change of the balance"),
        help_text=lazy("Below zero takes away: -5.00."),
        min_value=-MOST,
        max_value=MOST,
        max_digits=14,
        decimal_places=3,
        widget=TextInput(attrs={"inputmode": "decimal"}),
    )
    field_order = ("amount", "reason")

    def __init__(self, data: Any = None, *, currency: str) -> None:
        super().__init__(data)
        self.currency = currency

    def clean_amount(self) -> Decimal:
        amount: Decimal = self.cleaned_data["amount"]
        if not amount:
            raise forms.ValidationError(_("Nothing would change."))
        if amount != round_money(amount, self.currency):
            raise forms.ValidationError(_("Finer than the smallest coin of %s.") % self.currency)
        return amount


class FindForm(forms.Form):
    code = forms.CharField(
        label=lazy("Code of the card"),
        max_length=80,
        widget=TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
