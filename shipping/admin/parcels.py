"""Parcels: what is in them, where they are, how they moved."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shipping.admin.labels import LabelInline, TrackingInline
from shipping.admin.run_asking import of_parcels
from shipping.admin.run_forms import ASKED
from shipping.models import Fulfilment, FulfilmentEvent, FulfilmentLine
from shop.admin.base import ReadOnlyAdmin, ReadOnlyInline, badge, button


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
    list_filter = ("status", "tracking_status", "carrier")
    search_fields = ("=order__number", "=tracking_number")
    search_help_text = _("Order or tracking number")
    ordering = ("-created_at", "-id")
    inlines = (ContentInline, LabelInline, TrackingInline, MoveInline)
    actions_detail = ("slip", "priced_slip", "picks", "customs", "invoice")

    @button(_("Packing slip"), "receipt_long")
    def slip(self, request: HttpRequest, object_id: str) -> HttpResponse:  # noqa: ARG002
        return _paper("slip", object_id)

    @button(_("With prices"), "receipt_long")
    def priced_slip(self, request: HttpRequest, object_id: str) -> HttpResponse:  # noqa: ARG002
        return _paper("slip", object_id, prices=1)

    @button(_("Pick list"), "checklist")
    def picks(self, request: HttpRequest, object_id: str) -> HttpResponse:  # noqa: ARG002
        return _paper("parcel_picks", object_id)

    @button(_("Customs form"), "public")
    def customs(self, request: HttpRequest, object_id: str) -> HttpResponse:  # noqa: ARG002
        return HttpResponseRedirect(reverse("shipping:customs", args=[object_id, "form"]))

    @button(_("Commercial invoice"), "request_quote")
    def invoice(self, request: HttpRequest, object_id: str) -> HttpResponse:  # noqa: ARG002
        return HttpResponseRedirect(reverse("shipping:customs", args=[object_id, "invoice"]))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {
            slug: (partial(of_parcels, slug), slug, f"{ASKED[slug].words} …")
            for slug in ("pack", "label", "ship")
            if request.user.has_perm(ASKED[slug].right)
        }

    @badge(_("status"), TONES, ordering="status")
    def state(self, parcel: Fulfilment) -> tuple[str, str]:
        return parcel.status, parcel.get_status_display()


def _paper(name: str, parcel: str, **query: int) -> HttpResponse:
    return HttpResponseRedirect(reverse(f"shipping:{name}", args=[parcel], query=query))
