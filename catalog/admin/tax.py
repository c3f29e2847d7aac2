"""Taxes: what is charged where and since when, the parts of countries, and the shop's own numbers."""

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.services import vat_numbers
from accounts.services.vat_numbers import NotAVatNumber
from catalog.models import TaxClass, TaxRate, TaxRegistration, TaxTerritory
from catalog.models.market import EU
from shop.admin.base import NEVER, OnPages, ShopAdmin, badge
from shop.admin.kit import DropdownFilter
from shop.lib.workdays import shop_day

if TYPE_CHECKING:
    RateModelForm = forms.ModelForm[TaxRate]
    TerritoryModelForm = forms.ModelForm[TaxTerritory]
    RegistrationModelForm = forms.ModelForm[TaxRegistration]
    RatePage = admin.ModelAdmin[TaxRate]
else:
    RateModelForm = TerritoryModelForm = RegistrationModelForm = forms.ModelForm
    RatePage = admin.ModelAdmin

COUNTRY = re.compile(r"[A-Z]{2}")
IN_FORCE, TO_COME, OVER = "in_force", "to_come", "over"
TIMES = {IN_FORCE: lazy("In force"), TO_COME: lazy("To come"), OVER: lazy("Over")}
TONES = {IN_FORCE: "success", TO_COME: "info", OVER: "default"}


def today() -> dt.date:
    return shop_day(timezone.now())


class TimeFilter(DropdownFilter):
    title = lazy("in force")
    parameter_name = "time"

    def lookups(self, request: HttpRequest, model_admin: RatePage) -> Any:  # noqa: ARG002
        return list(TIMES.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[TaxRate]) -> QuerySet[TaxRate]:  # noqa: ARG002
        day = today()
        if self.value() == IN_FORCE:
            return queryset.filter(valid__contains=day)
        if self.value() == TO_COME:
            return queryset.filter(valid__startswith__gt=day)
        return queryset.filter(valid__endswith__lte=day) if self.value() == OVER else queryset


@admin.register(TaxClass)
class TaxClassAdmin(ShopAdmin):
    """What kind of goods the law sees. The code is what rates and imports go by: it stays."""

    list_display = ("name", "code")
    ordering = ("code",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002
        return ("code",) if obj else ()


class CountryForm(forms.BaseModelForm):  # type: ignore[type-arg]
    """A country by its code; and a time, which may be without a beginning and without an end."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "valid" in self.fields:
            self.fields["valid"].required = False

    def clean_country(self) -> str:
        code = str(self.cleaned_data["country"]).strip().upper()
        if not COUNTRY.fullmatch(code):
            raise ValidationError(_("Give the country's code of two letters, such as DE."))
        return code

    def clean_valid(self) -> DateRange:
        return self.cleaned_data["valid"] or DateRange(None, None)


class RateForm(CountryForm, RateModelForm):
    class Meta:
        model = TaxRate
        fields = ("country", "region", "tax_class", "name", "rate", "valid")


@admin.register(TaxRate)
class TaxRateAdmin(OnPages, ShopAdmin):
    form = RateForm
    list_display = ("country", "region", "tax_class", "name", "percent", "period", "state", "next")
    list_select_related = ("tax_class",)
    list_filter = (TimeFilter, "tax_class", "country")
    search_fields = ("=country", "=region")
    search_help_text = lazy("Code of a country, a territory or a state")
    ordering = ("country", "region", "tax_class", "-valid")

    def get_queryset(self, request: HttpRequest) -> QuerySet[TaxRate]:
        """Each with the rate that follows it, so that nobody is taken by surprise."""
        after = TaxRate.objects.filter(
            country=OuterRef("country"),
            region=OuterRef("region"),
            tax_class=OuterRef("tax_class"),
            valid__startswith__gte=OuterRef("valid__endswith"),
        ).order_by("valid")
        rows: QuerySet[TaxRate] = super().get_queryset(request)
        return rows.annotate(
            next_rate=Subquery(after.values("rate")[:1]),
            next_from=Subquery(after.values("valid__startswith")[:1]),
        )

    @admin.display(description=lazy("rate"), ordering="rate")
    def percent(self, rate: TaxRate) -> str:
        return f"{rate.rate.normalize():f}%"

    @admin.display(description=lazy("from – to"), ordering="valid")
    def period(self, rate: TaxRate) -> str:
        """The last day, not the first one after it: that is how people say it."""
        first, end = rate.valid.lower, rate.valid.upper
        last = end - dt.timedelta(days=1) if end else None
        return f"{_day(first) if first else _('always')} – {_day(last) if last else '…'}"

    @badge(lazy("now"), TONES)
    def state(self, rate: TaxRate) -> tuple[str, str]:
        if today() in rate.valid:
            key = IN_FORCE
        else:
            key = TO_COME if rate.valid.lower and rate.valid.lower > today() else OVER
        return key, str(TIMES[key])

    @admin.display(description=lazy("next"))
    def next(self, rate: Any) -> str:
        if rate.next_rate is None:
            return NEVER
        words = {"rate": f"{rate.next_rate.normalize():f}", "day": _day(rate.next_from)}
        return _("%(rate)s%% from %(day)s") % words


class TerritoryForm(CountryForm, TerritoryModelForm):
    class Meta:
        model = TaxTerritory
        fields = ("country", "region", "name", "postcodes")
        help_texts = {
            "postcodes": lazy(
                "A regular expression that the whole postcode has to match, in capitals and"
                " without spaces and hyphens: 35\\d{3}|38\\d{3}"
            )
        }

    def clean_postcodes(self) -> str:
        pattern: str = self.cleaned_data["postcodes"].strip()
        try:
            re.compile(pattern)
        except (re.error, OverflowError, RecursionError) as error:
            words = {"why": str(error)}
            raise ValidationError(_("This is not a regular expression: %(why)s") % words) from error
        return pattern


@admin.register(TaxTerritory)
class TaxTerritoryAdmin(OnPages, ShopAdmin):
    form = TerritoryForm
    list_display = ("name", "country", "region", "postcodes")
    list_filter = ("country",)
    search_fields = ("name", "=region", "=country")
    search_help_text = lazy("Name, code or country")
    ordering = ("country", "name", "id")


class RegistrationForm(CountryForm, RegistrationModelForm):
    class Meta:
        model = TaxRegistration
        fields: Any = ("country", "scheme", "number", "valid")

    def clean(self) -> dict[str, Any]:
        """A number of the Union or the United Kingdom has figures that fit together."""
        cleaned: dict[str, Any] = super().clean() or {}
        country = cleaned.get("country", "")
        if cleaned.get("number") and country in EU | {"GB"}:
            try:
                cleaned["number"] = vat_numbers.check(cleaned["number"], country=country)
            except NotAVatNumber as refusal:
                self.add_error("number", refusal.message)
        if cleaned.get("scheme") == TaxRegistration.Scheme.OSS and country not in EU | {""}:
            self.add_error("scheme", _("The one-stop shop is joined in a member state."))
        return cleaned


@admin.register(TaxRegistration)
class TaxRegistrationAdmin(OnPages, ShopAdmin):
    """With the first one, tax is only charged where the shop is registered."""

    form = RegistrationForm
    list_display = ("country", "scheme", "number", "valid")
    list_filter = ("scheme",)
    ordering = ("country", "scheme", "-valid")


def _day(day: dt.date) -> str:
    return date_format(day, "j M Y")
