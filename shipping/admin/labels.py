"""Labels: what was bought, for what, and what it cost."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shipping.carriers.base import Silent
from shipping.models import Label, TrackingEvent
from shop.admin.base import NEVER, ReadOnlyAdmin, ReadOnlyInline, badge, button
from shop.lib.errors import Refused
from shop.processes import labelling

AT_ONCE = 50
TONES = {
    Label.Status.REQUESTED: "warning",
    Label.Status.BOUGHT: "success",
    Label.Status.FAILED: "danger",
    Label.Status.VOIDING: "warning",
    Label.Status.VOIDED: "default",
}


class LabelInline(ReadOnlyInline):
    model = Label
    fields = ("tracking_number", "carrier", "service", "status", "cost", "currency", "problem")
    ordering = ("-pk",)
    show_change_link = True


class TrackingInline(ReadOnlyInline):
    model = TrackingEvent
    fields = ("at", "status", "words", "place", "heard_at")
    ordering = ("-at", "-pk")
    verbose_name_plural = lazy("what the carrier said")


@admin.register(Label)
class LabelAdmin(ReadOnlyAdmin):
    list_display = ("number", "state", "carrier", "goes_with", "price", "requested_at", "problem")
    list_select_related = ("carrier", "fulfilment__order", "rma")
    list_filter = ("status", "carrier", "is_fallback")
    search_fields = ("=tracking_number", "=fulfilment__order__number", "=rma__number")
    search_help_text = lazy("Tracking number, order or return")
    ordering = ("-requested_at", "-id")
    exclude = ("key", "file")
    actions_detail = ("open",)

    @badge(lazy("status"), TONES, ordering="status")
    def state(self, label: Label) -> tuple[str, str]:
        return label.status, label.get_status_display()

    @admin.display(description=lazy("tracking number"), ordering="tracking_number")
    def number(self, label: Label) -> str:
        return label.tracking_number or NEVER

    @admin.display(description=lazy("for"))
    def goes_with(self, label: Label) -> str:
        if label.rma is not None:
            return label.rma.number
        parcel = label.fulfilment
        return f"{parcel.order.number}/{parcel.position}" if parcel else NEVER

    @admin.display(description=lazy("cost"), ordering="cost")
    def price(self, label: Label) -> str:
        return NEVER if label.cost is None else f"{label.cost:.2f} {label.currency}"

    @button(lazy("Open the label"), "print")
    def open(self, request: HttpRequest, object_id: str) -> HttpResponse:  # noqa: ARG002
        return HttpResponseRedirect(reverse("shipping:label", args=[object_id]))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        if not request.user.has_perm("shipping.buy_label"):
            return {}
        return {"void": (_void, "void", _("Give back to the carrier"))}


def _void(_page: LabelAdmin, request: HttpRequest, chosen: QuerySet[Label]) -> None:
    """Each with its line in the report."""
    for label in chosen.order_by("pk")[:AT_ONCE]:
        try:
            done = labelling.void(
                label_id=label.pk,
                actor=request.user,  # type: ignore[arg-type]
                now=timezone.now(),
            )
        except (Refused, Silent) as problem:
            messages.error(request, f"{label}: {problem}")
        else:
            messages.success(request, f"{label}: {done.get_status_display()}.")
