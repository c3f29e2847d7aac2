"""Who waits to hear of which piece."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as lazy

from marketing.models import Alert
from shop.admin.base import ReadOnlyAdmin, badge


@admin.register(Alert)
class AlertAdmin(ReadOnlyAdmin):
    """Who waits to hear of which piece. Only they themselves switch an alert on or off."""

    list_display = (
        "variant",
        "product",
        "kind",
        "state",
        "market",
        "email",
        "created_at",
        "sent_at",
    )
    list_filter = ("kind", "status", "market")
    list_select_related = ("variant__product", "market")
    search_fields = ("variant__sku", "variant__product__title", "email")
    search_help_text = lazy("SKU, title or address")
    ordering = ("-created_at", "-id")
    # The key is the holder's own.
    exclude = ("token",)

    @admin.display(description=lazy("product"))
    def product(self, alert: Alert) -> str:
        return alert.variant.product.title

    @badge(lazy("state"), {"active": "warning", "sent": "success"}, ordering="status")
    def state(self, alert: Alert) -> tuple[str, str]:
        return alert.status, alert.get_status_display()
