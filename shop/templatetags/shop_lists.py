"""The rows of staff's lists, as unfold writes them; what is the same for a column is made once.

Unfold works out heading, classes and where a value comes from anew for every cell: two thirds of
what a list of fifty rows costs.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from django.contrib.admin.templatetags.admin_list import result_hidden_fields
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.templatetags.base import InclusionAdminNode
from django.contrib.admin.utils import lookup_field
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db import models
from django.template import Library
from django.template.base import Parser, Token
from django.urls import NoReverseMatch
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from unfold.templatetags import unfold_list
from unfold.utils import (
    display_for_dropdown,
    display_for_field,
    display_for_header,
    display_for_label,
    display_for_value,
)

register = Library()
MOMENTS = (dt.date, dt.time)
# Fields whose values stay on one line.
NARROW = (models.DateField, models.TimeField, models.ForeignKey)
# Of what field, from what method, which value.
Found = tuple[Any, Any, Any]


class Column:
    """How the cells of a column begin, and what stands in them."""

    def __init__(self, cl: Any, place: int, heading: Any) -> None:
        page = cl.model_admin
        name = cl.list_display[place]
        is_tick = name == "action_checkbox"
        own = f"field-{unfold_list._coerce_field_name(name, place)}"  # noqa: SLF001
        classes = unfold_list.CHECKBOX_CLASSES if is_tick else [own, *unfold_list.ROW_CLASSES]
        if getattr(page, "hide_ordering_field", False) and page.ordering_field == name:
            classes = [*classes, "!hidden"]
        self.name = name
        self.classes = " ".join(classes)
        self.heading = conditional_escape(heading)
        self.empty = page.get_empty_value_display()
        self.find = _finder(cl, name)

    def cell(self, row: models.Model, *, tag: str = "td", link: str = "") -> SafeString:
        """link: the opening tag of a link around what is shown."""
        narrow = ""
        try:
            field, method, value = self.find(row)
        except ObjectDoesNotExist:
            shown = self.empty
        else:
            shown = self._shown(row, field, method, value)
            of_method = field is None or field.auto_created
            if isinstance(*((value, MOMENTS) if of_method else (field, NARROW))):
                narrow = " nowrap"
        if link:
            shown = format_html("{}{}</a>", link, shown)
        return format_html(
            '<{} class="{}{}" data-label="{}">{}</{}>',
            *(tag, self.classes, narrow, self.heading, shown, tag),
        )

    def _shown(self, row: models.Model, field: Any, method: Any, value: Any) -> Any:
        empty = getattr(method, "empty_value_display", self.empty)
        if field is not None and not field.auto_created:
            if not isinstance(field.remote_field, models.ManyToOneRel):
                return display_for_field(value, field, empty)
            return empty if value is None else value
        if label := getattr(method, "label", False):
            return display_for_label(value, empty, label)
        if getattr(method, "dropdown", False):
            return display_for_dropdown(row, self.name, value, empty)
        if getattr(method, "header", False):
            return display_for_header(value, empty)
        return display_for_value(value, empty, getattr(method, "boolean", False))


def _finder(cl: Any, name: Any) -> Callable[[models.Model], Found]:
    """As `lookup_field`, without asking for each row whether there is a field of that name."""
    method = getattr(cl.model_admin, name, None) if isinstance(name, str) else None
    if not callable(method) or name == "__str__":
        return partial(lookup_field, name, model_admin=cl.model_admin)
    try:
        cl.opts.get_field(name)
    except FieldDoesNotExist:
        return lambda row: (None, method, method(row))
    return lambda row: lookup_field(name, row, cl.model_admin)


class Links:
    """Where rows lead: after its own address each has the same, so that is worked out once."""

    def __init__(self, cl: Any) -> None:
        self.cl = cl
        self.rest: str | None = None

    def to(self, row: models.Model) -> SafeString | str:
        try:
            page = self.cl.url_for_result(row)
        except NoReverseMatch:
            return ""
        if self.rest is None:
            kept = {"preserved_filters": self.cl.preserved_filters, "opts": self.cl.opts}
            self.rest = str(add_preserved_filters(kept, page))[len(page) :]
        classes = " ".join(unfold_list.LINK_CLASSES)
        return format_html(
            '<a href="{}" class="{}" {}>', page + self.rest, classes, self._opener(row)
        )

    def _opener(self, row: models.Model) -> str:
        if not self.cl.is_popup:
            return ""
        told = str(self.cl.to_field) if self.cl.to_field else self.cl.lookup_opts.pk.attname
        return format_html(' data-popup-opener="{}"', row.serializable_value(told))


def rows(cl: Any, headers: Sequence[Mapping[str, Any]]) -> Iterator[Any]:
    """As unfold's own `results`."""
    if getattr(cl, "formset", None):
        # Cells with inputs: few, short lists.
        yield from unfold_list.results(cl)
        return
    linked, links = _linked(cl), Links(cl)
    told = [header["text"] for header in headers]
    if told and 0 not in linked:
        told[0] = gettext("Select record")
    columns = [Column(cl, place, heading) for place, heading in enumerate(told)]
    for row in cl.result_list:
        link = links.to(row) if linked else ""
        cells = (
            column.cell(row, tag="th" if place == linked[0] else "td", link=link)
            if place in linked
            else column.cell(row)
            for place, column in enumerate(columns)
        )
        yield unfold_list.UnfoldResultList(row, None, cells)


def _linked(cl: Any) -> list[int]:
    """The places of the columns that lead to the row's page."""
    if cl.list_display_links is None:
        return []
    if not cl.list_display_links:
        return [0]
    return [place for place, name in enumerate(cl.list_display) if name in cl.list_display_links]


def result_list(context: Any, cl: Any) -> dict[str, Any]:
    """As unfold's own: what change_list_results.html is drawn from."""
    headers = list(unfold_list.result_headers(cl))
    return {
        "cl": cl,
        "result_hidden_fields": list(result_hidden_fields(cl)),
        "result_headers": headers,
        "num_sorted_fields": sum(1 for one in headers if one["sortable"] and one["sorted"]),
        "results": list(rows(cl, headers)),
        "actions_row": context.get("actions_row"),
        "has_add_permission": cl.model_admin.has_add_permission(context["request"]),
    }


@register.tag(name="shop_result_list")
def result_list_tag(parser: Parser, token: Token) -> InclusionAdminNode:
    shown = "change_list_results.html"
    return InclusionAdminNode(parser, token, func=result_list, template_name=shown)  # type: ignore[call-arg,arg-type]
