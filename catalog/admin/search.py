"""What the search is taught, and what people looked for."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from catalog.models import SearchCount, Synonym, Unit
from catalog.queries import search_language
from shop.admin.base import OnPages, ReadOnlyAdmin, ShopAdmin


class Teaches(OnPages):
    """Taught anew at once here; other processes follow within seconds."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001
        super().save_model(request, obj, form, change)  # type: ignore[misc]
        search_language.forget()


@admin.register(Synonym)
class SynonymAdmin(Teaches, ShopAdmin):
    list_display = ("words", "means", "language")
    list_filter = ("language",)
    search_fields = ("words", "means")
    ordering = ("language", "words")


@admin.register(Unit)
class UnitAdmin(Teaches, ShopAdmin):
    """Measures in texts are found under their new units once their products' cards are rebuilt."""

    list_display = ("symbol", "spellings", "factor", "base")
    search_fields = ("symbol", "spellings")
    ordering = ("base", "factor")


class FoundFilter(admin.SimpleListFilter):
    title = _("found")
    parameter_name = "found"

    def lookups(self, *_args: Any) -> list[tuple[str, Any]]:
        return [("nothing", _("nothing")), ("something", _("something"))]

    def queryset(self, _request: HttpRequest, queryset: Any) -> Any:
        chosen = {"nothing": {"results": 0}, "something": {"results__gt": 0}}.get(
            self.value() or ""
        )
        return queryset.filter(**chosen) if chosen else queryset


@admin.register(SearchCount)
class SearchCountAdmin(ReadOnlyAdmin):
    """Searches by day; the filter "found nothing" shows what the shop lacks, or calls otherwise."""

    list_display = ("text", "day", "times", "results", "market", "teach")
    list_filter = (FoundFilter, "market")
    list_select_related = ("market",)
    search_fields = ("text",)
    date_hierarchy = "day"
    ordering = ("-day", "-searches", "text")

    @admin.display(description=_("searches"), ordering="searches")
    def times(self, row: SearchCount) -> int:
        """Pages that were seen. A browser without scripts tells us of none, though there was one."""
        return max(1, row.searches)

    @admin.display(description=_("what to do"))
    def teach(self, row: SearchCount) -> SafeString | str:
        if row.results:
            return ""
        taught = {"words": row.text, "language": row.market.language.partition("-")[0]}
        address = f"{reverse('admin:catalog_synonym_add')}?{urlencode(taught)}"
        return format_html('<a href="{}">{}</a>', address, _("Make a synonym"))
