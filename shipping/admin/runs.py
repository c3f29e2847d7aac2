"""Runs on many orders: how far they are, what came of each row, and the paper they made."""

import mimetypes
from pathlib import Path
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from shipping.admin import run_asking
from shipping.admin.run_forms import ASKED
from shipping.models import BulkRow, BulkRun
from shop.admin.base import ReadOnlyAdmin, badge
from shop.audit.exports import taken
from shop.lib.errors import Refused
from shop.processes import bulk

Status = BulkRun.Status
TONES = {
    Status.WAITING: "warning",
    Status.RUNNING: "info",
    Status.DONE: "success",
    Status.STOPPED: "default",
}
SHOWS = (BulkRow.Outcome.REFUSED, BulkRow.Outcome.DONE)
PER_PAGE = 50


@admin.register(BulkRun)
class BulkRunAdmin(ReadOnlyAdmin):
    list_display = ("kind", "state", "total", "done", "refused", "asked_by", "asked_at")
    list_select_related = ("asked_by",)
    list_filter = ("kind", "status")
    search_fields = ("asked_by__email",)
    search_help_text = _("Person")
    ordering = ("-asked_at", "-id")

    @badge(_("status"), TONES, ordering="status")
    def state(self, run: BulkRun) -> tuple[str, str]:
        return run.status, run.get_status_display()

    def get_urls(self) -> list[URLPattern]:
        wrap, name = self.admin_site.admin_view, "shipping_bulkrun"
        return [
            path("ask/<slug:kind>/", wrap(run_asking.show), name=f"{name}_ask"),
            path("<int:pk>/stop/", wrap(require_POST(self.stop_view)), name=f"{name}_stop"),
            path("<int:pk>/file/", wrap(require_GET(self.file_view)), name=f"{name}_file"),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",  # noqa: ARG002 - as Django calls it
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002
    ) -> HttpResponse:
        """The page; for script that asks how far it is, only what changes on it."""
        run = self.get_object(request, unquote(object_id))
        if run is None:
            raise Http404
        if not self.has_view_permission(request, run):
            raise PermissionDenied
        context = _progress(request, run)
        if request.headers.get("HX-Request"):
            return render(request, "admin/shipping/bulkrun/_progress.html", context)
        frame = self.admin_site.each_context(request) | {"opts": self.opts, "title": str(run)}
        return TemplateResponse(request, "admin/shipping/bulkrun/page.html", frame | context)

    def stop_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Needs the right that beginning it needs."""
        run = get_object_or_404(BulkRun, pk=pk)
        if not _may_stop(request, run):
            raise PermissionDenied
        try:
            bulk.stop(run_id=pk, now=timezone.now())
        except Refused as refusal:
            messages.error(request, refusal.message)
        return HttpResponseRedirect(reverse("admin:shipping_bulkrun_change", args=[pk]))

    def file_view(self, request: HttpRequest, pk: int) -> FileResponse:
        run = get_object_or_404(BulkRun, pk=pk)
        if not self.has_view_permission(request, run):
            raise PermissionDenied
        try:
            found = run.file.open("rb")
        except (OSError, ValueError) as error:
            raise Http404 from error
        name = Path(run.file.name or "").name
        taken(request, act=name, count=run.rows.count())
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        response = FileResponse(found, filename=name, content_type=kind)
        response["X-Content-Type-Options"] = "nosniff"
        return response


def _may_stop(request: HttpRequest, run: BulkRun) -> bool:
    asked = ASKED.get(run.kind)
    return request.user.has_perm(asked.right if asked else "shipping.view_bulkrun")


def _progress(request: HttpRequest, run: BulkRun) -> dict[str, Any]:
    shows = request.GET.get("show", "")
    rows = run.rows.select_related("order").exclude(outcome="")
    if shows in SHOWS:
        rows = rows.filter(outcome=shows)
    latest = rows.order_by("-outcome", "position")
    is_busy = run.status in (Status.WAITING, Status.RUNNING)
    return {
        "run": run,
        "tone": TONES[Status(run.status)],
        "is_busy": is_busy,
        "may_stop": is_busy and _may_stop(request, run),
        "over": run.done + run.refused,
        "problem": run.options.get("problem", ""),
        "shows": shows,
        "counts": [(value.value, value.label, getattr(run, value.value)) for value in SHOWS],
        "page": Paginator(latest, PER_PAGE).get_page(request.GET.get("page")),
        "query": f"show={shows}" if shows else "",
        "address": request.get_full_path(),
    }
