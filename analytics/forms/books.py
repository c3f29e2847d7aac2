"""Days, searches and choices of the pages of the books."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from analytics.forms.questions import EARLIEST
from analytics.queries import periods
from analytics.queries.books.journal import Which
from analytics.queries.periods import Period, shift_months
from payments.models import JournalEntry, LedgerAccount, Payment
from shop.lib.workdays import shop_day


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


class DaysForm(forms.Form):
    """Some days; this month unless told otherwise. Without a first day: from the beginning."""

    start = _day(_("From"))
    end = _day(_("To"))

    def __init__(self, data: Mapping[str, Any], *, now: dt.datetime) -> None:
        self._now = now
        today = shop_day(now)
        self._default = periods.between(today.replace(day=1), today, now=now)
        given = {key: value for key, value in data.items() if value}
        if not {"start", "end"} & given.keys():
            given |= {"start": self._default.first, "end": self._default.last}
        super().__init__(given)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and start < EARLIEST:
            self.add_error("start", _("Choose a later day."))
        if start and end and end < start:
            self.add_error("end", _("The last day comes before the first."))
        return cleaned

    def first(self) -> dt.date | None:
        """None: from the beginning."""
        if not self.is_valid():
            return self._default.first
        start: dt.date | None = self.cleaned_data["start"]
        return start

    def period(self) -> Period:
        """The days that were asked for; the default where they make no sense."""
        if not self.is_valid():
            return self._default
        last = self.cleaned_data["end"] or max(self._default.last, self.first() or EARLIEST)
        return periods.between(self.first() or EARLIEST, last, now=self._now)

    def query(self) -> dict[str, Any]:
        """The same days for another address."""
        return {"start": self.first(), "end": self.period().last}


class JournalForm(DaysForm):
    """Which of the entries, or of an account's lines."""

    q = forms.CharField(label=_("Source or words"), required=False, max_length=80)
    order = forms.CharField(label=_("Order"), required=False, max_length=20)
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("All")), *JournalEntry.Kind.choices]
    )
    account = forms.CharField(label=_("Account number"), required=False, max_length=10)
    amount = forms.DecimalField(label=_("Amount"), required=False, max_digits=14, decimal_places=3)

    def __init__(self, data: Mapping[str, Any], *, now: dt.datetime) -> None:
        # An order, a source or an amount is looked for on all days.
        given = {key: value for key, value in data.items() if value}
        if {"q", "order", "amount"} & given.keys() and not {"start", "end"} & given.keys():
            given = given | {"end": shop_day(now)}
        super().__init__(given, now=now)

    def which(self) -> Which:
        if not self.is_valid():
            return Which(first=self.first(), last=self.period().last)
        asked = self.cleaned_data
        return Which(
            first=self.first(),
            last=self.period().last,
            words=asked["q"],
            order=asked["order"],
            kind=asked["kind"],
            account=asked["account"],
            amount=asked["amount"],
        )


class YearForm(forms.Form):
    """Twelve months; those up to now unless told otherwise."""

    month = forms.DateField(
        label=_("Twelve months from"),
        input_formats=["%Y-%m", "%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m", attrs={"type": "month"}),
    )

    def __init__(self, data: Mapping[str, Any], *, now: dt.datetime) -> None:
        this_month = shop_day(now).replace(day=1)
        self._default = shift_months(this_month, -11)
        super().__init__({"month": data.get("month") or f"{self._default:%Y-%m}"})

    def clean_month(self) -> dt.date:
        month: dt.date = self.cleaned_data["month"]
        if month < EARLIEST:
            raise forms.ValidationError(_("Choose a later day."))
        return month.replace(day=1)

    def first(self) -> dt.date:
        return self.cleaned_data["month"] if self.is_valid() else self._default


class By(models.TextChoices):
    """What margins are told by."""

    ORDER = "order", _("Order")
    PRODUCT = "product", _("Product")
    CATEGORY = "category", _("Category")
    CHANNEL = "channel", _("Channel")
    MARKET = "market", _("Market")


class MarginsForm(DaysForm):
    by = forms.ChoiceField(label=_("By"), choices=By, required=False)

    def by_what(self) -> str:
        return (self.cleaned_data.get("by") if self.is_valid() else "") or By.MARKET


class ReasonForm(forms.Form):
    """Why something is undone."""

    reason = forms.CharField(label=_("Why"), max_length=200)


class MatchForm(forms.Form):
    """Which order's card payment a line is about."""

    order = forms.CharField(
        label=_("Order"),
        max_length=20,
        required=False,
        help_text=_("Leave it empty when it is about no order; book what it moved by hand."),
    )

    def clean_order(self) -> str:
        number: str = self.cleaned_data["order"]
        if number and self._payments(number).first() is None:
            raise forms.ValidationError(_("This order has no card payment."))
        return number

    def payment(self) -> Payment | None:
        number = self.cleaned_data["order"]
        return self._payments(number).first() if number else None

    def _payments(self, number: str) -> models.QuerySet[Payment]:
        found = Payment.objects.filter(order__number=number, provider="card")
        return found.select_related("order").order_by("-charged", "pk")


class EntryForm(forms.Form):
    """What all lines of an entry by hand share. key: of this form, so that a second click adds
    nothing."""

    key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    on = forms.DateField(label=_("Date"), widget=forms.DateInput(attrs={"type": "date"}))
    memo = forms.CharField(label=_("What for"), max_length=200)


class EntryLineForm(forms.Form):
    """A line by hand: an account, and an amount on one side."""

    account = forms.ModelChoiceField(
        label=_("Account"), queryset=LedgerAccount.objects.none(), required=False
    )
    debit = forms.DecimalField(
        label=_("Debit"), max_digits=14, decimal_places=3, min_value=0, required=False
    )
    credit = forms.DecimalField(
        label=_("Credit"), max_digits=14, decimal_places=3, min_value=0, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        accounts = LedgerAccount.objects.filter(is_active=True).order_by("code")
        self.fields["account"].queryset = accounts  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        debit, credit = cleaned.get("debit"), cleaned.get("credit")
        if debit and credit:
            self.add_error("credit", _("A line is a debit or a credit, not both."))
        if (debit or credit) and not cleaned.get("account"):
            self.add_error("account", _("Choose an account."))
        return cleaned
