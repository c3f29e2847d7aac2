"""The kinds of staff page: editable, written by the shop alone, and rows inside another page."""

from collections.abc import Callable, Mapping
from functools import cache, wraps
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.contrib.postgres.forms import RangeWidget
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.forms import Field, MultiWidget
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import checkbox
from unfold.enums import ActionVariant

from shop.admin.discretion import Discreet, DiscreetInline
from shop.admin.kit import (
    DateInput,
    TextInput,
    UnfoldChangeList,
    UnfoldFormSet,
)
from shop.admin.saved import SavedViews
from shop.lib.page_cache import throw_away_pages

Words = str | Promise
Shown = TypeVar("Shown", bound=Callable[..., Any])
# Rows that may be added at once.
MOST_NEW_ROWS = 200
NEVER = "–"


def badge(
    description: Words, tones: Mapping[Any, str], *, ordering: str | None = None
) -> Callable[[Callable[..., Any]], Callable[..., SafeString]]:
    """Show a column as a coloured label. The method returns (state, words); tones: by state.

    Words without a state stay plain.

    Written here and not by unfold's template: a list has hundreds of them.
    """

    def decorate(method: Callable[..., Any]) -> Callable[..., SafeString]:
        @wraps(method)
        def shown(page: Any, row: Any) -> SafeString:
            state, words = method(page, row)
            if state == "":
                return format_html("{}", words)
            tone = tones.get(state, "default")
            return format_html('<span class="state state--{}">{}</span>', tone, words)

        shown.short_description = description  # type: ignore[attr-defined]
        shown.admin_order_field = ordering  # type: ignore[attr-defined]
        return shown

    return decorate


def button(words: Words, icon: str) -> Callable[[Shown], Shown]:
    """Make a method a button on an object's page: it gets (request, object_id) and redirects.

    Named in `actions_detail`. The button is a link, so the method must change nothing. Whoever may
    not see the object learns nothing by it, and what is not there is not found.
    """

    def decorate(method: Shown) -> Shown:
        @wraps(method)
        def guarded(page: Any, request: HttpRequest, object_id: Any) -> HttpResponse:
            # A button that saves first gets the object itself.
            is_saved = isinstance(object_id, models.Model)
            found = object_id if is_saved else page.get_object(request, object_id)
            if not page.has_view_or_change_permission(request, found):
                raise PermissionDenied
            if found is None:
                raise Http404
            answer: HttpResponse = method(page, request, object_id)
            return answer

        looks: dict[str, Any] = {"short_description": words, "icon": icon, "attrs": {}}
        for name, value in (looks | {"variant": ActionVariant.DEFAULT}).items():
            setattr(guarded, name, value)
        return guarded  # type: ignore[return-value]

    return decorate


def name_parts(field: Field, label: str) -> None:
    """Give each half of a two-part field a name of its own: one label can't name two inputs."""
    if isinstance(field.widget, MultiWidget):
        is_range = isinstance(field.widget, RangeWidget)
        names = (_("from"), _("to")) if is_range else (_("date"), _("time"))
        for part, name in zip(field.widget.widgets, names, strict=False):
            part.attrs["aria-label"] = f"{label}: {name}"


def is_list(request: HttpRequest) -> bool:
    """Whether the list is asked for, and not the page of one object."""
    match = request.resolver_match
    return match is not None and str(match.url_name).endswith("_changelist")


class LabelledFormSet(UnfoldFormSet):
    """Rows whose fields say which row they belong to: a column's heading labels no input."""

    def total_form_count(self) -> int:
        """No more than the rows there are and a page of new ones, whatever the form says it holds."""
        count: int = super().total_form_count()
        return min(count, len(self.get_queryset()) + MOST_NEW_ROWS)

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        row = str(form.instance) if form.instance.pk else _("new row")
        for field in form.fields.values():
            label = f"{field.label or ''}, {row}"
            # A select with its add and change links is a widget around the widget.
            widget = getattr(field.widget, "widget", field.widget)
            widget.attrs.setdefault("aria-label", label)
            name_parts(field, label)


@cache
def _tick_box() -> str:
    """The box before every row, rendered once instead of row by row."""
    return str(checkbox.render(ACTION_CHECKBOX_NAME, "{}"))


class ShopList(UnfoldChangeList):
    """Counts what was asked for, and not the whole table beside it."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if self.full_result_count is None:
            self.full_result_count = self.result_count


class ShopAdmin(SavedViews, Discreet):
    """A page where staff change things."""

    list_per_page = 50
    show_full_result_count = False
    warn_unsaved_form = True
    list_filter_submit = True
    empty_value_display = NEVER
    formfield_overrides = {
        ArrayField: {"widget": TextInput},
        DateRangeField: {"widget": RangeWidget(DateInput)},
    }

    @admin.display(description=checkbox.render("action_toggle_all", 1))
    def action_checkbox(self, obj: models.Model) -> SafeString:
        return format_html(_tick_box(), obj.pk)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """The whole story of one thing is in the audit log; Django's own knows what pages saved."""
        if not request.user.has_perm("audit.view_entry"):
            return super().history_view(request, object_id, extra_context)
        told = urlencode({"of": self.opts.db_table, "row": object_id})
        return HttpResponseRedirect(f"{reverse('admin:audit_entry_changelist')}?{told}")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ShopList]:  # noqa: ARG002
        return ShopList

    def formfield_for_dbfield(
        self, db_field: "models.Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        if isinstance(db_field, models.URLField):
            kwargs.setdefault("assume_scheme", "https")
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            name_parts(field, str(field.label))
        return field


class OnPages:
    """For what kept public pages show: they are thrown away when it changes."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        super().save_related(request, form, formsets, change)  # type: ignore[misc]
        transaction.on_commit(throw_away_pages)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)  # type: ignore[misc]
        transaction.on_commit(throw_away_pages)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        super().delete_queryset(request, queryset)  # type: ignore[misc]
        transaction.on_commit(throw_away_pages)


class ReadOnly:
    """Written by the shop, looked at by staff."""

    def has_add_permission(self, request: HttpRequest, *_args: Any) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False


class ReadOnlyAdmin(ReadOnly, ShopAdmin):
    """A list and pages that nobody edits."""

    actions: Any = ()


class ShopInline(DiscreetInline):
    """Rows edited inside another page."""

    formset = LabelledFormSet
    extra = 0


class ReadOnlyInline(ReadOnly, DiscreetInline):
    """Rows shown inside another page."""

    extra = 0
    can_delete = False
