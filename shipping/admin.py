from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from shipping.models import Fulfilment, FulfilmentEvent, FulfilmentLine, Method, Rate, Zone
from shop.admin.base import OnPages, ReadOnlyAdmin, ReadOnlyInline, ShopAdmin, ShopInline, badge


class MethodInline(ShopInline):
    model = Method
    fields = (
        "code",
        "name",
        "carrier",
        "tax_class",
        "min_days",
        "max_days",
        "is_active",
        "position",
    )
    show_change_link = True
    ordering = ("position", "id")


@admin.register(Zone)
class ZoneAdmin(OnPages, ShopAdmin):
    list_display = ("name", "where")
    search_fields = ("name",)
    ordering = ("name",)
    inlines = (MethodInline,)

    @admin.display(description=_("countries"))
    def where(self, zone: Zone) -> str:
        return ", ".join(zone.countries)


class RateInline(ShopInline):
    model = Rate
    fields = ("currency", "price", "min_grams", "max_grams", "free_from")
    ordering = ("currency", "min_grams", "id")


@admin.register(Method)
class MethodAdmin(OnPages, ShopAdmin):
    list_display = ("name", "zone", "carrier", "min_days", "max_days", "is_active", "position")
    list_select_related = ("zone",)
    list_filter = ("zone", "is_active")
    search_fields = ("name", "code", "carrier")
    ordering = ("zone", "position", "id")
    inlines = (RateInline,)


class ContentInline(ReadOnlyInline):
    model = FulfilmentLine
    fields = ("order_line", "quantity")
    verbose_name_plural = _("contents")


class MoveInline(ReadOnlyInline):
    model = FulfilmentEvent
    fields = ("at", "from_state", "to_state", "actor", "note")
    ordering = ("at", "id")


TONES = {
    Fulfilment.Status.PENDING: "warning",
    Fulfilment.Status.PICKING: "info",
    Fulfilment.Status.PACKED: "info",
    Fulfilment.Status.SHIPPED: "success",
    Fulfilment.Status.DELIVERED: "success",
    Fulfilment.Status.FAILED_DELIVERY: "danger",
    Fulfilment.Status.CANCELED: "default",
}


@admin.register(Fulfilment)
class FulfilmentAdmin(ReadOnlyAdmin):
    list_display = ("order", "position", "state", "carrier", "tracking_number", "shipped_at")
    list_select_related = ("order",)
    list_filter = ("status", "carrier")
    search_fields = ("=order__number", "=tracking_number")
    search_help_text = _("Order or tracking number")
    ordering = ("-created_at", "-id")
    inlines = (ContentInline, MoveInline)

    @badge(_("status"), TONES, ordering="status")
    def state(self, parcel: Fulfilment) -> tuple[str, str]:
        return parcel.status, parcel.get_status_display()
