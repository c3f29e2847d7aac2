"""What a manager may ask the dashboard, read from the address."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from analytics.queries import periods
from analytics.queries.orders import Only, Which
from analytics.queries.periods import Against, Kind, Period
from analytics.queries.tax import Cell
from catalog.models import Market

LONGEST = 731
EARLIEST = dt.date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Question:
    """A period of a market beside another period."""

    market: Market
    kind: str
    against: str
    current: Period
    before: Period

    @property
    def query(self) -> str:
        """The same question for another page: its days by date, so that the page stays true."""
        return self.for_market(self.market.code)

    def for_market(self, code: str) -> str:
        return urlencode(
            {
                "market": code,
                "period": Kind.CUSTOM,
                "start": self.current.first.isoformat(),
                "end": self.current.last.isoformat(),
            }
        )


class PeriodForm(forms.Form):
    """Period, comparison and market; everything left out has a default."""

    period = forms.ChoiceField(label=_("Period"), choices=Kind)
    start = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    end = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    against = forms.ChoiceField(label=_("Compare with"), choices=Against)
    market = forms.ChoiceField(label=_("Market"))

    def __init__(
        self, data: Mapping[str, Any], *, markets: Sequence[Market], now: dt.datetime
    ) -> None:
        defaults = {"period": Kind.THIRTY, "against": Against.BEFORE, "market": markets[0].code}
        given = {key: value for key, value in data.items() if value}
        super().__init__(defaults | given, auto_id="id_%s")
        self._markets = {market.code: market for market in markets}
        self._now = now
        choices = [(one.code, f"{one.name} ({one.currency})") for one in markets]
        self.fields["market"] = forms.ChoiceField(label=_("Market"), choices=choices)
        if not self.is_custom:
            # Days of one's own are asked for in a form of their own.
            named = [choice for choice in Kind.choices if choice[0] != Kind.CUSTOM]
            self.fields["period"].widget.choices = named

    @property
    def is_custom(self) -> bool:
        return bool(self.data["period"] == Kind.CUSTOM)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("start"), cleaned.get("end")
        if cleaned.get("period") == Kind.CUSTOM and not self.errors:
            self._check_days(start, end)
        return cleaned

    def _check_days(self, start: dt.date | None, end: dt.date | None) -> None:
        if not start or not end:
            self.add_error("start", _("Give the first and the last day."))
        elif end < start:
            self.add_error("end", _("The last day comes before the first."))
        elif start < EARLIEST:
            self.add_error("start", _("Choose a later day."))
        elif (end - start).days >= LONGEST:
            self.add_error("end", _("Choose at most two years."))

    def question(self) -> Question:
        """What was asked; the defaults where it makes no sense."""
        chosen = self.cleaned_data if self.is_valid() else {}
        kind = chosen.get("period") or Kind.THIRTY
        against = chosen.get("against") or Against.BEFORE
        if kind == Kind.CUSTOM:
            current = periods.between(chosen["start"], chosen["end"], now=self._now)
        else:
            current = periods.period(kind, now=self._now)
        first_market = next(iter(self._markets.values()))
        return Question(
            market=self._markets.get(chosen.get("market", ""), first_market),
            kind=kind,
            against=against,
            current=current,
            before=periods.compared(current, kind=kind, against=against),
        )


class OrdersForm(forms.Form):
    """Which of the period's orders."""

    only = forms.ChoiceField(label=_("Orders"), choices=Only, required=False)
    product = forms.SlugField(max_length=120, required=False, allow_unicode=False)
    category = forms.SlugField(max_length=80, required=False)

    def which(self) -> Which:
        if not self.is_valid():
            return Which()
        return Which(**self.cleaned_data)


class TaxForm(forms.Form):
    """The days of a tax report; this quarter unless told otherwise."""

    start = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    end = forms.DateField(label=_("To"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data: Mapping[str, Any], *, now: dt.datetime) -> None:
        self._now = now
        self._quarter = periods.quarter(now=now)
        defaults = {"start": self._quarter.first, "end": self._quarter.last}
        super().__init__(defaults | {key: value for key, value in data.items() if value})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and not EARLIEST <= start <= end:
            self.add_error("end", _("The last day comes before the first."))
        elif start and end and (end - start).days >= LONGEST:
            self.add_error("end", _("Choose at most two years."))
        return cleaned

    def period(self) -> Period:
        """The days that were asked for; this quarter where they make no sense."""
        if not self.is_valid():
            return self._quarter
        days = self.cleaned_data
        return periods.between(days["start"], days["end"], now=self._now)


class CellForm(forms.Form):
    """One line of a tax report, as its link names it."""

    country = forms.CharField(max_length=2)
    region = forms.CharField(max_length=20, required=False)
    name = forms.CharField(max_length=30)
    rate = forms.DecimalField(max_digits=6, decimal_places=3)
    relief = forms.CharField(max_length=20, required=False)
    currency = forms.CharField(max_length=3)
    refunded = forms.BooleanField(required=False)

    def cell(self) -> Cell | None:
        """None for an address that nobody was given."""
        if not self.is_valid():
            return None
        keys = ("country", "region", "name", "rate", "relief", "currency")
        return Cell(**{key: self.cleaned_data[key] for key in keys})
