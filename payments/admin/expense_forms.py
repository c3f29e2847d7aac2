"""What staff are asked about a bill."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from payments.models import LedgerAccount
from payments.services import expenses
from payments.services.books.chart import books_currency
from payments.services.expenses import Facts
from shop.admin.kit import DateInput, FileInput, Select, TextInput
from shop.lib.money import ZERO, round_money

LARGEST = 2 << 20


class BillForm(forms.Form):
    """One bill, in the books' currency or another."""

    on = forms.DateField(label=lazy("Date"), widget=DateInput())
    supplier = forms.CharField(label=lazy("Supplier"), max_length=120, widget=TextInput())
    reference = forms.CharField(
        label=lazy("Their number"), max_length=60, required=False, widget=TextInput()
    )
    category = forms.ChoiceField(label=lazy("Category"), widget=Select())
    paid_from = forms.ChoiceField(
        label=lazy("Paid from"),
        help_text=lazy("Suppliers: it is owed, and paid later."),
        widget=Select(),
    )
    currency = forms.CharField(label=lazy("Currency"), max_length=3, widget=TextInput())
    net = forms.DecimalField(
        label=lazy("Net"),
        min_value=ZERO,
        max_digits=14,
        decimal_places=3,
        widget=TextInput(attrs={"inputmode": "decimal"}),
    )
    tax = forms.DecimalField(
        label=lazy("Tax"),
        min_value=ZERO,
        max_digits=14,
        decimal_places=3,
        required=False,
        widget=TextInput(attrs={"inputmode": "decimal"}),
    )
    note = forms.CharField(label=lazy("Note"), max_length=200, required=False, widget=TextInput())

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"currency": books_currency()})
        self._accounts: dict[str, LedgerAccount] = {}
        for name, accounts in (
            ("category", expenses.categories()),
            ("paid_from", expenses.sources()),
        ):
            self._accounts |= {one.code: one for one in accounts}
            choices = [(one.code, str(one)) for one in accounts]
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        currency = str(data.get("currency") or "").upper()
        for name in ("net", "tax"):
            amount = data.get(name)
            if amount and amount != round_money(amount, currency):
                self.add_error(name, _("Finer than the smallest coin of %s.") % currency)
        return data

    def facts(self) -> Facts:
        data = self.cleaned_data
        return Facts(
            account=self._accounts[data["category"]],
            paid_from=self._accounts[data["paid_from"]],
            on=data["on"],
            supplier=data["supplier"],
            currency=data["currency"].upper(),
            net=data["net"],
            tax=data["tax"] or Decimal(0),
            reference=data["reference"],
            note=data["note"],
        )


class BillsFileForm(forms.Form):
    file = forms.FileField(
        label=lazy("File"),
        help_text=lazy(
            "CSV with the columns date, supplier, category; reference, paid_from, currency, net,"
            " tax, gross, note. Categories by their account numbers."
        ),
        widget=FileInput(attrs={"accept": ".csv,.txt"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(
                _("The file is larger than %(size)s MB.") % {"size": LARGEST >> 20}
            )
        return file
