"""Files with products: brought, looked over line by line, applied, taken back."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from catalog.models import ImportRow, ImportRun, Product
from catalog.services.round_trip import changing, columns, files, runs
from shop.admin.base import ShopAdmin, badge
from shop.admin.kit import FileInput
from shop.lib.csvfiles import FileRefused
from shop.lib.errors import Refused
from shop.processes import round_trip

Status = ImportRun.Status
Outcome = ImportRow.Outcome
TONES = {
    Status.READY: "warning",
    Status.APPLIED: "success",
    Status.UNDONE: "default",
    Status.FAILED: "danger",
}
BUSY = {Status.CHECKING, Status.APPLYING, Status.UNDOING}
ROW_TONES = {Outcome.CREATED: "success", Outcome.UPDATED: "info", Outcome.REFUSED: "danger"}
UNDO = "catalog.undo_import"
PER_PAGE = 50
LONGEST = 300
# What few rows say is written while somebody waits; a file is always a worker's.
AT_ONCE = 300


class UploadForm(forms.Form):
    file = forms.FileField(
        label=lazy("File"),
        help_text=lazy("CSV or XLSX, at most %(size)s MB and %(rows)s rows.")
        % {"size": files.MAX_BYTES >> 20, "rows": files.MAX_ROWS},
        widget=FileInput(attrs={"accept": ".csv,.xlsx"}),
    )


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the report: what it is about, and each value before and after."""

    row: ImportRow
    tone: str
    title: str
    link: str
    changes: list[tuple[str, str, str]]


@admin.register(ImportRun)
class ImportRunAdmin(ShopAdmin):
    list_display = ("name", "state", "actor", "created_at", "total", "created", "updated", "failed")
    list_select_related = ("actor",)
    list_filter = ("status",)
    search_fields = ("name", "actor__email")
    search_help_text = lazy("File name or person")
    ordering = ("-created_at", "-id")

    @badge(lazy("status"), TONES, ordering="status")
    def state(self, run: ImportRun) -> tuple[str, str]:
        return run.status, run.get_status_display()

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/apply/", view(self.apply_view), name="catalog_importrun_apply"),
            path("<int:pk>/undo/", view(self.undo_view), name="catalog_importrun_undo"),
            *super().get_urls(),
        ]

    # Bringing

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",  # noqa: ARG002 — as Django calls it
        extra_context: Any = None,  # noqa: ARG002
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            try:
                run = round_trip.bring(
                    upload=form.cleaned_data["file"],
                    actor=request.user,  # type: ignore[arg-type]
                    now=timezone.now(),
                )
            except FileRefused as refusal:
                form.add_error("file", refusal.message)
            else:
                return HttpResponseRedirect(_page_of(run.pk))
        sheet = columns.sheet(with_cost=request.user.has_perm(round_trip.COST))
        context = {"title": _("Import products"), "form": form, "columns": sheet.columns.values()}
        return self._page(request, "upload", context)

    def _page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        common = self.admin_site.each_context(request) | {"opts": self.opts}
        back = reverse("admin:catalog_importrun_changelist")
        template = f"admin/catalog/importrun/{name}.html"
        return TemplateResponse(request, template, common | {"back": back} | context)

    # The report

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",  # noqa: ARG002 — as Django calls it
        extra_context: Any = None,  # noqa: ARG002
    ) -> HttpResponse:
        run = get_object_or_404(ImportRun.objects.select_related("actor"), pk=_number(object_id))
        if not self.has_view_permission(request, run):
            raise PermissionDenied
        rows = _narrowed(run.rows.order_by("number"), request)
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        may_change = self.has_change_permission(request, run)
        context = {
            "title": run.name,
            "run": run,
            "tone": TONES.get(Status(run.status), "info"),
            "is_busy": run.status in BUSY,
            "is_read": run.status not in (Status.CHECKING, Status.FAILED),
            "can_apply": may_change and run.status == Status.READY and run.created + run.updated,
            "can_undo": run.status == Status.APPLIED and request.user.has_perm(UNDO),
            "counts": _counts(run, request.GET.get("outcome", "")),
            "q": request.GET.get("q", "")[:LONGEST],
            "outcome": request.GET.get("outcome", ""),
            "page": page,
            "rows": page.object_list,
            "lines": _lines(page.object_list),
            "query": _query_without_page(request),
        }
        return self._page(request, "report", context)

    # Applying and undoing

    def apply_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._step(request, pk, allowed=self.has_change_permission(request), is_undo=False)

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._step(request, pk, allowed=request.user.has_perm(UNDO), is_undo=True)

    def _step(self, request: HttpRequest, pk: int, *, allowed: bool, is_undo: bool) -> HttpResponse:
        if not allowed:
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        run = get_object_or_404(ImportRun, pk=pk)
        is_short = not run.file and run.total <= AT_ONCE
        step = round_trip.undo if is_undo else round_trip.apply
        if is_short and not is_undo:
            step = round_trip.apply_at_once
        try:
            step(run_id=pk, actor=request.user, now=timezone.now())  # type: ignore[arg-type]
        except Refused as refusal:
            messages.error(request, refusal.message)
        return HttpResponseRedirect(_page_of(pk))


def _page_of(pk: int) -> str:
    return reverse("admin:catalog_importrun_change", args=[pk])


def _number(written: str) -> int:
    return int(written) if written.isdecimal() and len(written) < 18 else 0


def _narrowed(rows: QuerySet[ImportRow], request: HttpRequest) -> QuerySet[ImportRow]:
    outcome, words = request.GET.get("outcome", ""), request.GET.get("q", "").strip()[:LONGEST]
    if outcome in Outcome.values:
        rows = rows.filter(outcome=outcome)
    if words:
        rows = rows.filter(Q(sku__icontains=words) | Q(problem__icontains=words))
    return rows


def _counts(run: ImportRun, chosen: str) -> list[dict[str, Any]]:
    return [
        {
            "words": outcome.label,
            "count": getattr(run, runs.COUNTED[outcome]),
            "outcome": outcome.value,
            "is_chosen": outcome.value == chosen,
        }
        for outcome in Outcome
    ]


def _query_without_page(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()


def _lines(rows: Iterable[ImportRow]) -> list[Line]:
    found = list(rows)
    ids = {int(_product(row) or 0) for row in found}
    titles = dict(Product.objects.filter(pk__in=ids).values_list("pk", "title"))
    return [_line(row, titles) for row in found]


def _product(row: ImportRow) -> str:
    return str(row.before.get(changing.PRODUCT) or row.after.get(changing.PRODUCT) or "")


def _line(row: ImportRow, titles: dict[int, str]) -> Line:
    product_id = int(_product(row) or 0)
    link = reverse("admin:catalog_product_change", args=[product_id])
    changes = [
        (name, row.before.get(name, "")[:LONGEST], text[:LONGEST])
        for name, text in changing.columns_of(row.after).items()
    ]
    return Line(
        row=row,
        tone=ROW_TONES.get(Outcome(row.outcome), "default"),
        title=titles.get(product_id, row.after.get("title", "")),
        link=link if product_id in titles else "",
        changes=changes,
    )
