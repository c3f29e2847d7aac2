"""Ways to pay as staff set them: what is offered, up to what sum, how long an order waits."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from catalog.models import Market
from payments.gateways import gateway
from payments.models import PaymentMethod
from payments.services import methods
from shop.admin.base import ShopAdmin, badge
from shop.admin.kit import TextInput

LIMIT = re.compile(r"([0-9]+(?:\.[0-9]{1,3})?) ?([A-Z]{3})")
LONGEST_WAIT = 24 * 365


class LimitsField(forms.CharField):
    """{"GBP": "200.00"} as people write it: "200.00 GBP, 230.00 EUR"."""

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return ", ".join(f"{amount} {currency}" for currency, amount in sorted(value.items()))

    def clean(self, value: Any) -> Any:
        limits: dict[str, str] = {}
        for part in filter(None, (one.strip() for one in super().clean(value).split(","))):
            found = LIMIT.fullmatch(part.upper())
            if found is None:
                raise ValidationError(
                    _("“%(part)s” is no limit: write 200.00 GBP.") % {"part": part}
                )
            limits[found[2]] = found[1]
        return limits

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class MethodForm(forms.ModelForm):  # type: ignore[type-arg]
    most = LimitsField(
        label=lazy("Up to"),
        required=False,
        max_length=200,
        help_text=lazy("Such as 200.00 GBP, 230.00 EUR. Other currencies have no limit."),
        widget=TextInput(),
    )

    class Meta:
        model = PaymentMethod
        fields = ("is_active",)

    def clean_most(self) -> dict[str, str]:
        limits: dict[str, str] = self.cleaned_data["most"]
        known = set(Market.objects.values_list("currency", flat=True))
        if unknown := sorted(set(limits) - known):
            raise ValidationError(_("No market sells in %s.") % ", ".join(unknown))
        return limits

    def clean_countries(self) -> list[str]:
        codes = [code.strip().upper() for code in self.cleaned_data["countries"] or []]
        served = {code for one in Market.objects.all() for code in one.countries}
        if unknown := sorted(set(codes) - served):
            raise ValidationError(_("No market delivers to %s.") % ", ".join(unknown))
        return codes

    def clean_patience_hours(self) -> int:
        hours: int = self.cleaned_data["patience_hours"]
        if not 1 <= hours <= LONGEST_WAIT:
            raise ValidationError(_("From an hour to a year."))
        return hours

    def clean_remind_after_hours(self) -> list[int]:
        hours = sorted(set(self.cleaned_data["remind_after_hours"] or []))
        if hours and hours[0] < 1:
            raise ValidationError(_("After an hour at the earliest."))
        return hours

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        patience, hours = data.get("patience_hours"), data.get("remind_after_hours")
        if patience and hours and hours[-1] >= patience:
            self.add_error(
                "remind_after_hours", _("The order is closed by then: it waits shorter than that.")
            )
        return data


@admin.register(PaymentMethod)
class PaymentMethodAdmin(ShopAdmin):
    """A row for each gateway: nobody adds or removes one here."""

    form = MethodForm
    list_display = ("name", "offer", "position", "limits", "where", "patience", "reminders")
    ordering = ("position", "pk")
    fields = (
        "is_active",
        "position",
        "capture",
        "countries",
        "most",
        "patience_hours",
        "remind_after_hours",
        "words",
    )
    list_filter = ("is_active",)

    def has_add_permission(self, request: HttpRequest, *_args: Any) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Only a provider can hold money until the goods leave."""
        fields = super().get_fields(request, obj)
        is_card = obj is not None and obj.code == methods.CARD
        return fields if is_card else [name for name in fields if name != "capture"]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        methods.rows()
        return super().changelist_view(request, extra_context)

    @admin.display(description=lazy("method"), ordering="code")
    def name(self, row: PaymentMethod) -> str:
        return gateway(row.code).name

    @badge(lazy("offered"), {True: "success", False: "default"}, ordering="is_active")
    def offer(self, row: PaymentMethod) -> tuple[bool, str]:
        return row.is_active, _("Yes") if row.is_active else _("No")

    @admin.display(description=lazy("up to"))
    def limits(self, row: PaymentMethod) -> str:
        return ", ".join(f"{_sum(amount)} {code}" for code, amount in sorted(row.most.items()))

    @admin.display(description=lazy("only for deliveries to"))
    def where(self, row: PaymentMethod) -> str:
        return ", ".join(row.countries)

    @admin.display(description=lazy("waits, in hours"), ordering="patience_hours")
    def patience(self, row: PaymentMethod) -> str:
        return _("sent first") if gateway(row.code).sends_first else str(row.patience_hours)

    @admin.display(description=lazy("reminds after hours"))
    def reminders(self, row: PaymentMethod) -> str:
        return ", ".join(str(hour) for hour in row.remind_after_hours)


def _sum(amount: Any) -> str:
    try:
        return f"{Decimal(str(amount)):f}"
    except InvalidOperation:
        return "?"
