"""Any list of the staff site as a CSV file: its columns, as it is filtered, searched and ordered."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import label_for_field, lookup_field
from django.core.exceptions import BadRequest, ObjectDoesNotExist, PermissionDenied
from django.db import models
from django.http import HttpRequest, StreamingHttpResponse
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.formats import localize
from django.utils.html import strip_tags
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from shop.admin.discretion import may_take
from shop.admin.kit import UnfoldAdmin
from shop.audit.exports import marked, taken
from shop.lib.batches import read_in_parts
from shop.lib.csvfiles import guard

CHUNK = 500
MOST = 50_000
# What a row is ticked by is no column.
BOX = "action_checkbox"


class ListFile(UnfoldAdmin):
    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.list_file_view)
        return [path("list.csv", view, name=self._list_file()), *super().get_urls()]

    def _list_file(self) -> str:
        # Ends as the list's own name does, so that rows come with what their columns need.
        return f"{self.opts.app_label}_{self.opts.model_name}_csv_changelist"

    def list_file_address(self, query: str) -> str:
        page = reverse(f"admin:{self._list_file()}")
        return f"{page}?{query}" if query else page

    def list_file_view(self, request: HttpRequest) -> StreamingHttpResponse:
        """The rows in pieces, as they are read."""
        if not self.has_view_permission(request) or not may_take(self.opts.label_lower, request):
            raise PermissionDenied
        columns = [name for name in self.get_list_display(request) if name != BOX]
        found = self.listed(request)[:MOST]
        name = f"{self.opts.model_name}-{timezone.localdate():%Y-%m-%d}.csv"
        mark = taken(request, act=name, count=found.count())
        return StreamingHttpResponse(
            marked(self._lines(columns, read_in_parts(found, CHUNK)), mark),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def listed(self, request: HttpRequest) -> models.QuerySet[Any]:
        """All rows of the list as it is filtered. Raises BadRequest for filters that say nothing."""
        try:
            return self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters as error:
            raise BadRequest(_("This list has no such filter.")) from error

    def _lines(self, columns: Sequence[Any], rows: Iterable[models.Model]) -> Iterator[str]:
        heads = [str(label_for_field(name, self.model, self)) for name in columns]
        # The mark by which spreadsheets know UTF-8.
        yield "\ufeff" + _line([capfirst(head) for head in heads])
        for row in rows:
            yield _line([self._text(name, row) for name in columns])

    def _text(self, name: Any, row: models.Model) -> str:
        try:
            field, _attribute, value = lookup_field(name, row, self)
        except ObjectDoesNotExist:
            return ""
        if field is not None and getattr(field, "flatchoices", None):
            value = dict(field.flatchoices).get(value, value)
        if value is None:
            return ""
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        written = localize(value, use_l10n=False) if field is not None else value
        return " ".join(strip_tags(str(written)).split())


def _line(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow([guard(cell) for cell in cells])
    return line.getvalue()
