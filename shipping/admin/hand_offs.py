"""What partners send for us."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.services.orders import Move
from shipping.models import HandOff
from shop.admin.base import ReadOnlyAdmin, badge
from shop.lib.errors import Refused
from shop.processes import handing_off

AT_ONCE = 200

HAND_OFF_TONES = {
    HandOff.Status.PENDING: "warning",
    HandOff.Status.TOLD: "info",
    HandOff.Status.SHIPPED: "success",
    HandOff.Status.REFUSED: "danger",
    HandOff.Status.CANCELED: "default",
}


@admin.register(HandOff)
class HandOffAdmin(ReadOnlyAdmin):
    list_display = ("order", "location", "state", "units", "created_at", "told_at", "problem")
    list_select_related = ("order", "location")
    list_filter = ("status", "location")
    search_fields = ("=order__number", "=reference", "location__name")
    search_help_text = _("Order, reference or partner")
    ordering = ("-created_at", "-id")
    fields = (
        "order",
        "location",
        "state",
        "reference",
        "contents",
        "fulfilment",
        "problem",
        "created_at",
        "told_at",
    )
    readonly_fields = fields

    @badge(_("status"), HAND_OFF_TONES, ordering="status")
    def state(self, one: HandOff) -> tuple[str, str]:
        return one.status, one.get_status_display()

    @admin.display(description=_("units"))
    def units(self, one: HandOff) -> int:
        return sum(one.contents.values())

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        if not request.user.has_perm("orders.ship_order"):
            return {}
        return {"tell": (_tell, "tell", gettext("Tell the partner once more"))}


def _tell(_page: HandOffAdmin, request: HttpRequest, chosen: QuerySet[HandOff]) -> None:
    """Each with its line in the report."""
    for one in chosen.select_related("order", "location").order_by("pk")[:AT_ONCE]:
        name = f"{one.order.number}, {one.location.name}"
        try:
            move = Move(timezone.now(), request.user)  # type: ignore[arg-type]
            handing_off.ask_again(hand_off_id=one.pk, move=move)
        except Refused as refusal:
            messages.error(request, f"{name}: {refusal.message}")
        else:
            messages.success(request, gettext("%(name)s: is told.") % {"name": name})
