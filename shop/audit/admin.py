"""The log as staff read it: found by who, what and when; each entry with what was and what is."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as lazy
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from shop.admin.base import NEVER, ReadOnlyAdmin, badge
from shop.admin.days import DaysFilter
from shop.admin.kit import DropdownFilter
from shop.admin.paging import BoundedPaginator
from shop.audit import tables
from shop.audit.models import Entry

Kind = Entry.Kind
TONES = {
    Kind.READ: "info",
    Kind.EXPORT: "warning",
    Kind.DOOR: "info",
    Kind.VIEW_AS: "warning",
    Kind.ERASE: "danger",
}
ACTS = {"insert": lazy("made"), "update": lazy("changed"), "delete": lazy("deleted")}
# As much of a change as a line of the list holds.
LINE = 120


@cache
def _models() -> dict[str, type[models.Model]]:
    return {model._meta.db_table: model for model in tables.watched()}  # noqa: SLF001


class ActorFilter(DropdownFilter):
    title = lazy("who")
    parameter_name = "who"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:  # noqa: ARG002
        people = get_user_model().objects.filter(is_staff=True).order_by("email")
        return [(str(person.pk), person.get_username()) for person in people]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Entry]) -> QuerySet[Entry]:  # noqa: ARG002
        who = self.value()
        return queryset.filter(actor=int(who)) if who and who.isdecimal() else queryset


class TableFilter(DropdownFilter):
    title = lazy("of what")
    parameter_name = "of"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:  # noqa: ARG002
        named = [
            (table, capfirst(str(model._meta.verbose_name)))  # noqa: SLF001
            for table, model in _models().items()
        ]
        return sorted(named, key=lambda one: one[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Entry]) -> QuerySet[Entry]:  # noqa: ARG002
        return queryset.filter(table=self.value()) if self.value() else queryset


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    list_display = ("time", "who", "what", "did", "thing", "change", "count", "address")
    list_filter = (
        ActorFilter,
        ("kind", ChoicesDropdownFilter),
        TableFilter,
        ("at", DaysFilter),
    )
    search_fields = ("actor_name", "act", "table", "=row", "path")
    search_help_text = lazy("Person, act, table, key of a row or page")
    ordering = ("-at", "-id")
    sortable_by = ("time",)
    list_select_related = ("actor",)
    paginator = BoundedPaginator
    fieldsets = (
        (None, {"fields": ("time", "who", "address", "path", "what", "did", "thing", "count")}),
        (lazy("What changed"), {"fields": ("changes",)}),
    )
    readonly_fields = ("time", "who", "what", "did", "thing", "changes")

    def get_list_display(self, request: HttpRequest) -> Any:
        """A line of the list holds the start of a change, a file all of it."""
        match = request.resolver_match
        is_file = match is not None and str(match.url_name).endswith("_csv_changelist")
        columns = {"change": ("was", "becomes", "path")} if is_file else {}
        return [name for one in self.list_display for name in columns.get(one, (one,))]

    @admin.display(description=lazy("time"), ordering="at")
    def time(self, entry: Entry) -> str:
        return date_format(timezone.localtime(entry.at), "j M Y, H:i:s")

    @admin.display(description=lazy("who"))
    def who(self, entry: Entry) -> str:
        return entry.actor_name or NEVER

    @badge(lazy("kind"), TONES)
    def what(self, entry: Entry) -> tuple[str, str]:
        return entry.kind, entry.get_kind_display()

    @admin.display(description=lazy("act"))
    def did(self, entry: Entry) -> str:
        return str(ACTS.get(entry.act, entry.act))

    @admin.display(description=lazy("of what"))
    def thing(self, entry: Entry) -> SafeString | str:
        """The row's kind and key; a link where it has a page."""
        model = _models().get(entry.table)
        if model is None:
            return f"{entry.table} {entry.row}".strip() or NEVER
        words = f"{capfirst(str(model._meta.verbose_name))} {entry.row}"  # noqa: SLF001
        address = _page_of(model, entry)
        return format_html('<a href="{}">{}</a>', address, words) if address else words

    @admin.display(description=lazy("change"))
    def change(self, entry: Entry) -> str:
        told = ", ".join(
            f"{name}: {was} → {becomes}" if entry.act == "update" else f"{name}: {was or becomes}"
            for name, was, becomes in changes(entry)
        )
        return told if len(told) <= LINE else f"{told[:LINE]}…"

    @admin.display(description=lazy("before"))
    def was(self, entry: Entry) -> str:
        return json.dumps(entry.before, ensure_ascii=False) if entry.before else ""

    @admin.display(description=lazy("after"))
    def becomes(self, entry: Entry) -> str:
        return json.dumps(entry.after, ensure_ascii=False) if entry.after else ""

    @admin.display(description="")
    def changes(self, entry: Entry) -> SafeString | str:
        found = changes(entry)
        return render_to_string("admin/audit/_changes.html", {"changes": found}) if found else NEVER


def changes(entry: Entry) -> list[tuple[str, str, str]]:
    """Each column with what it was and what it is, as words."""
    was, becomes = entry.before or {}, entry.after or {}
    names = [*was, *(name for name in becomes if name not in was)]
    return [(name, _told(was, name), _told(becomes, name)) for name in names]


def _told(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _page_of(model: type[models.Model], entry: Entry) -> str:
    if entry.act == "delete" or model not in admin.site._registry:  # noqa: SLF001
        return ""
    meta = model._meta  # noqa: SLF001
    try:
        return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[entry.row])
    except NoReverseMatch:
        return ""
