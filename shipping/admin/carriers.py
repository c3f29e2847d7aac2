"""Carriers, and whether their accounts are set up."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shipping.carriers.keys import NEEDED, is_set, keys_of
from shipping.models import Carrier
from shop.admin.base import OnPages, ShopAdmin
from shop.admin.kit import CheckboxSelectMultiple

WEEKDAYS = (
    (0, lazy("Monday")),
    (1, lazy("Tuesday")),
    (2, lazy("Wednesday")),
    (3, lazy("Thursday")),
    (4, lazy("Friday")),
    (5, lazy("Saturday")),
    (6, lazy("Sunday")),
)

if TYPE_CHECKING:
    CarrierBase = forms.ModelForm[Carrier]
else:
    CarrierBase = forms.ModelForm


class Weekdays(forms.TypedMultipleChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=WEEKDAYS, coerce=int, widget=CheckboxSelectMultiple(), **kwargs)


class CarrierForm(CarrierBase):
    collects_on = Weekdays(label=lazy("Collects on"))
    delivers_on = Weekdays(label=lazy("Delivers on"))


@admin.register(Carrier)
class CarrierAdmin(OnPages, ShopAdmin):
    form = CarrierForm
    list_display = ("name", "adapter", "account", "parcel_cost", "is_active")
    list_filter = ("adapter", "is_active")
    search_fields = ("name", "code")
    ordering = ("name", "id")
    readonly_fields = ("account",)

    def get_prepopulated_fields(
        self,
        request: HttpRequest,  # noqa: ARG002
        obj: Carrier | None = None,
    ) -> dict[str, Any]:
        return {"code": ("name",)} if obj is None else {}

    def get_readonly_fields(
        self,
        request: HttpRequest,  # noqa: ARG002
        obj: Carrier | None = None,
    ) -> tuple[str, ...]:
        """The code names the keys of his account: it stays once it is given."""
        return ("account", "code") if obj else ("account",)

    @admin.display(description=lazy("account"))
    def account(self, carrier: Carrier) -> str:
        if not carrier.pk or carrier.adapter == Carrier.Adapter.OWN:
            return _("needs none")
        if is_set(carrier.adapter, carrier.code):
            return _("test system") if keys_of(carrier.code).get("TEST") == "1" else _("set up")
        prefix = f"CARRIER_{carrier.code.upper().replace('-', '_')}_"
        names = [f"{prefix}{name}" for name in NEEDED[carrier.adapter]]
        return _("not set up: %(names)s in the environment") % {"names": ", ".join(names)}
