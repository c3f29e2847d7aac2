"""A table that staff bring, taken as a whole or not at all; and the same columns to take along."""

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from shop.admin.base import ShopAdmin
from shop.admin.discretion import may_take
from shop.admin.kit import FileInput
from shop.audit.exports import marked, taken
from shop.lib.csvfiles import guard
from shop.lib.csvrows import RowsRefused

LARGEST = 5 * 1024 * 1024


class FileForm(forms.Form):
    file = forms.FileField(
        label=lazy("File"), help_text=lazy("A table (CSV). At most 5 MB."), widget=FileInput()
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("At most 5 MB: split the file."))
        return file


class FileIn(ShopAdmin):
    """Give `columns_told`, `columns`, `rows_of` and `take_file`."""

    # What each column is for, in a sentence or two.
    columns_told: Any = ""
    columns: Sequence[str] = ()

    def rows_of(self, request: HttpRequest) -> Iterable[Sequence[object]]:  # noqa: ARG002
        """What leaves, in the order of `columns`."""
        return ()

    def take_file(self, request: HttpRequest, file: Path) -> int:  # noqa: ARG002
        """Take it all and return how many rows changed something. Raises RowsRefused."""
        raise RowsRefused([_("This list takes no file.")])

    def may_bring(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request)

    def list_tools(self, request: HttpRequest) -> Sequence[dict[str, str]]:
        tools = [*super().list_tools(request)]
        if self.may_bring(request):
            tools.append({"words": _("Bring a CSV file"), "link": self._address("bring")})
        return tools

    def get_urls(self) -> list[URLPattern]:
        doors: list[tuple[str, str, Callable[..., Any]]] = [
            ("bring/", "bring", self.bring_view),
            ("rows.csv", "rows", self.rows_view),
        ]
        view = self.admin_site.admin_view
        own = [path(route, view(door), name=self._name(name)) for route, name, door in doors]
        return [*own, *super().get_urls()]

    def _name(self, what: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{what}"

    def _address(self, what: str) -> str:
        return reverse(f"admin:{self._name(what)}")

    def rows_view(self, request: HttpRequest) -> StreamingHttpResponse:
        """Everything, as it may be brought again."""
        label = self.opts.label_lower
        if not self.has_view_permission(request) or not may_take(label, request):
            raise PermissionDenied
        name = f"{self.opts.model_name}-rows-{timezone.localdate():%Y-%m-%d}.csv"
        lines = _lines(self.columns, self.rows_of(request))
        return StreamingHttpResponse(
            marked(lines, taken(request, act=name)),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def bring_view(self, request: HttpRequest) -> HttpResponse:
        if not self.may_bring(request):
            raise PermissionDenied
        form = FileForm(request.POST or None, request.FILES or None)
        problems: list[str] = []
        if request.method == "POST" and form.is_valid():
            try:
                count = self._take(request, form.cleaned_data["file"])
            except RowsRefused as refusal:
                problems = refusal.problems
            else:
                words = ngettext(
                    "%(count)s row was changed.", "%(count)s rows were changed.", count
                )
                messages.success(request, words % {"count": count})
                return HttpResponseRedirect(self._address("changelist"))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Bring a CSV file: %(what)s") % {"what": self.opts.verbose_name_plural},
            "form": form,
            "problems": problems,
            "told": self.columns_told,
            "rows": self._address("rows") if may_take(self.opts.label_lower, request) else "",
            "back": self._address("changelist"),
        }
        status = 422 if form.is_bound else 200
        return TemplateResponse(request, "admin/_bring.html", context, status=status)

    def _take(self, request: HttpRequest, file: Any) -> int:
        with tempfile.NamedTemporaryFile(suffix=".csv") as kept:
            for chunk in file.chunks():
                kept.write(chunk)
            kept.flush()
            return self.take_file(request, Path(kept.name))


def _lines(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    yield "\ufeff" + _line(columns)
    for row in rows:
        yield _line([guard(str(cell)) for cell in row])


def _line(cells: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()
