"""Pick waves: who walked, what was fetched, what was missing."""

from django.contrib import admin
from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shipping.models import PickTask, PickWave
from shop.admin.base import ReadOnlyAdmin, ReadOnlyInline, badge, button

TONES = {
    PickWave.Status.OPEN: "warning",
    PickWave.Status.PICKING: "info",
    PickWave.Status.PICKED: "success",
    PickWave.Status.CANCELED: "default",
}


class TaskInline(ReadOnlyInline):
    model = PickTask
    fields = ("bin", "variant", "line", "quantity", "picked", "short", "done_at", "done_by")
    ordering = ("position",)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[PickTask]":
        rows = super().get_queryset(request)
        return rows.select_related("bin", "variant", "line", "done_by")


@admin.register(PickWave)
class PickWaveAdmin(ReadOnlyAdmin):
    list_display = ("number", "state", "location", "units", "missing", "picker", "created_at")
    list_select_related = ("location", "picker")
    list_filter = ("status", "location")
    search_fields = ("=number", "picker__email", "=fulfilments__order__number")
    search_help_text = _("Number, order or person")
    ordering = ("-created_at", "-id")
    inlines = (TaskInline,)
    actions_detail = ("walk",)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[PickWave]":
        rows = super().get_queryset(request)
        found: QuerySet[PickWave] = rows.annotate(
            asked=Sum("tasks__quantity"), short=Sum("tasks__short")
        )
        return found

    @badge(_("status"), TONES, ordering="status")
    def state(self, wave: PickWave) -> tuple[str, str]:
        return wave.status, wave.get_status_display()

    @admin.display(description=_("units"))
    def units(self, wave: PickWave) -> int:
        return wave.asked or 0  # type: ignore[attr-defined]

    @admin.display(description=_("short"))
    def missing(self, wave: PickWave) -> int:
        return wave.short or 0  # type: ignore[attr-defined]

    @button(_("Walk"), "directions_walk")
    def walk(self, _request: HttpRequest, object_id: int) -> HttpResponse:
        wave = PickWave.objects.get(pk=object_id)
        return HttpResponseRedirect(reverse("shipping:wave", args=[wave.number]))
