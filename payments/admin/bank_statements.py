"""Bank statements: brought as a file, looked over, imported once."""

import contextlib
from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from payments.admin.bank_forms import MappingForm, UploadForm
from payments.models import BankStatement
from payments.services import statements
from payments.services.statements import Statement
from shop.admin.base import ReadOnlyAdmin
from shop.lib.errors import Refused
from shop.processes import banking
from shop.processes.banking import Upload
from shop.templatetags.shop_text import money

NAME = "payments_bankstatement"
LINES = "admin:payments_bankline_changelist"
# A file waits so long between its preview and the button.
KEPT = 3600
SHOWN = 200


@admin.register(BankStatement)
class BankStatementAdmin(ReadOnlyAdmin):
    list_display = ("name", "format", "account", "starts_on", "ends_on", "lines", "imported_at")
    list_filter = ("format", "account")
    search_fields = ("name", "account")
    ordering = ("-imported_at", "-id")
    fields = (
        "name",
        "format",
        "account",
        "currency",
        "starts_on",
        "ends_on",
        "opening",
        "closing",
        "lines",
        "imported_by",
        "imported_at",
    )
    readonly_fields = ("lines",)

    @admin.display(description=lazy("lines"))
    def lines(self, statement: BankStatement) -> SafeString:
        link = f"{reverse(LINES)}?statement__id__exact={statement.pk}"
        return format_html('<a href="{}">{}</a>', link, statement.lines.count())

    def list_tools(self, request: HttpRequest) -> Sequence[dict[str, str]]:
        tools = [*super().list_tools(request)]
        if self._may_import(request):
            link = reverse(f"admin:{NAME}_upload")
            tools.insert(0, {"words": _("Import a statement"), "link": link})
        return tools

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("import/", wrap(self.upload_view), name=f"{NAME}_upload"),
            path("import/<slug:digest>/", wrap(self.preview_view), name=f"{NAME}_preview"),
            *super().get_urls(),
        ]

    def _may_import(self, request: HttpRequest) -> bool:
        return request.user.has_perms(("payments.add_bankstatement", "payments.change_bankline"))

    def upload_view(self, request: HttpRequest) -> HttpResponse:
        """Take a file. Nothing is written but the file itself, for an hour."""
        if not self._may_import(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            upload = Upload(str(file.name), file.read())
            if known := banking.known_file(upload):
                form.add_error(
                    "file", _("This file was imported on %s.") % known.imported_at.date()
                )
            else:
                cache.set(_key(request, upload.digest), (upload.name, upload.data), KEPT)
                page = reverse(f"admin:{NAME}_preview", args=[upload.digest])
                return HttpResponseRedirect(page)
        context = {"form": form, "title": _("Import a statement"), "back": _list()}
        return self._shown(request, "upload", context)

    def preview_view(self, request: HttpRequest, digest: str) -> HttpResponse:
        """What a file says, and what its lines would be matched with; the button imports it."""
        if not self._may_import(request):
            raise PermissionDenied
        kept = cache.get(_key(request, digest))
        if kept is None:
            messages.error(request, _("The file has waited too long: bring it again."))
            return HttpResponseRedirect(reverse(f"admin:{NAME}_upload"))
        upload = Upload(*kept)
        mapping = _mapping(request, upload)
        try:
            statement = statements.read(upload.data, mapping.mapped() if mapping else None)
        except Refused as refusal:
            return self._shown(request, "preview", _page(upload, mapping, why=refusal.message))
        if request.method == "POST":
            return self._import(request, statement, upload)
        return self._shown(request, "preview", _page(upload, mapping, statement))

    def _import(self, request: HttpRequest, statement: Statement, upload: Upload) -> HttpResponse:
        try:
            done = banking.import_statement(
                statement=statement,
                upload=upload,
                actor=request.user,  # type: ignore[arg-type]
                now=timezone.now(),
            )
        except Refused as refusal:
            messages.error(request, refusal.message)
            return HttpResponseRedirect(_list())
        cache.delete(_key(request, upload.digest))
        matched = banking.match_open(now=timezone.now(), statement=done.statement)
        words = _("%(added)s lines are new, %(known)s were known; %(matched)s found their match.")
        figures = {"added": done.added, "known": done.known, "matched": matched}
        messages.success(request, words % figures)
        return HttpResponseRedirect(f"{reverse(LINES)}?statement__id__exact={done.statement.pk}")

    def _shown(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        base = {**self.admin_site.each_context(request), "opts": self.opts}
        template = f"admin/payments/bankstatement/{name}.html"
        return TemplateResponse(request, template, base | context)


def _key(request: HttpRequest, digest: str) -> str:
    return f"bank-statement-{request.user.pk}-{digest}"


def _list() -> str:
    return reverse(f"admin:{NAME}_changelist")


def _mapping(request: HttpRequest, upload: Upload) -> MappingForm | None:
    """For a table alone: what is what in it, as the address says."""
    with contextlib.suppress(Refused):
        if columns := statements.columns_of(upload.data):
            return MappingForm(request.GET, columns=columns)
    return None


def _page(
    upload: Upload, mapping: MappingForm | None, statement: Statement | None = None, why: str = ""
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "title": _("Look the statement over"),
        "name": upload.name,
        "mapping": mapping,
        "why": why,
        "statement": statement,
        "back": reverse(f"admin:{NAME}_upload"),
    }
    if statement is not None:
        known = banking.known_lines(statement)
        found["rows"] = [
            {
                "line": line,
                "sum": money(line.amount, line.currency),
                "is_known": line.reference in known,
            }
            for line in statement.lines[:SHOWN]
        ]
        found["more"] = max(0, len(statement.lines) - SHOWN)
        found["new"] = len(statement.lines) - len(known)
    return found
