"""Collections: chosen by hand in an order, or by rules that are typed as rows."""

from functools import partial
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from catalog.admin.uploads import written_anew
from catalog.models import Attribute, Collection, CollectionEntry
from catalog.services import collection_rules, collections
from catalog.services.collection_rules import BadRules
from shop.admin.base import OnPages, ShopAdmin, ShopInline, badge
from shop.admin.kit import Select, Textarea, TextInput
from shop.lib.text import clean, clean_html
from shop.processes import assortment, browsing

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Collection]
else:
    ModelForm = forms.ModelForm

SPARE = 3
SHOWN = 12
FIELDS = {
    "price": lazy("price"),
    "category": lazy("category (address)"),
    "brand": lazy("brand"),
    "tag": lazy("tag"),
    "stock": lazy("units in stock"),
    "age": lazy("days on sale"),
    "margin": lazy("margin in per cent"),
    "sale": lazy("reduced (yes or no)"),
    "rating": lazy("stars"),
}
OPS = {
    "eq": lazy("is"),
    "ne": lazy("is not"),
    "in": lazy("is one of (commas between)"),
    "lt": lazy("is less than"),
    "lte": lazy("is at most"),
    "gt": lazy("is more than"),
    "gte": lazy("is at least"),
}
MAIN = ("title", "slug", "kind", "description", "image", "is_active")


class CollectionForm(ModelForm):
    """Made by collection_form(), which adds the rows of the rules."""

    count = 0

    class Meta:
        model = Collection
        fields = (*MAIN, "match_all", "meta_title", "meta_description")
        widgets = {"description": Textarea(attrs={"rows": 4})}

    def clean_description(self) -> str:
        return clean_html(self.cleaned_data["description"])

    def clean_image(self) -> Any:
        name = self.cleaned_data.get("slug") or "collection"
        return written_anew(self.cleaned_data["image"], name=name)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.instance.rules = self._rules(cleaned)
        if cleaned.get("kind") == Collection.Kind.RULES:
            try:
                collection_rules.check(self.instance.rules)
            except BadRules as refusal:
                for problem in refusal.problems:
                    self.add_error(None, problem)
        return cleaned

    def _rules(self, cleaned: dict[str, Any]) -> list[dict[str, Any]]:
        rules = []
        for number in range(self.count):
            field, op = cleaned.get(f"rule_{number}_field"), cleaned.get(f"rule_{number}_op")
            value = clean(cleaned.get(f"rule_{number}_value") or "")
            if field or value:
                rules.append({"field": field, "op": op or "eq", "value": _value(str(op), value)})
        return rules


def _value(op: str, written: str) -> Any:
    if op == "in":
        return [one.strip() for one in written.split(",") if one.strip()]
    return written


def collection_form(collection: Collection | None) -> type[CollectionForm]:
    """The form of one collection, with its rules and a few empty rows."""
    rules = list(collection.rules) if collection else []
    count = min(len(rules) + SPARE, collection_rules.MOST_RULES)
    asked = Attribute.objects.order_by("name", "pk").values_list("code", "name")
    attributes = [(f"{collection_rules.PREFIX}{code}", name) for code, name in asked]
    named = [("", "–"), *FIELDS.items(), *attributes]
    fields: dict[str, Any] = {"count": count}
    for number in range(count):
        rule = rules[number] if number < len(rules) else {"field": "", "op": "eq", "value": ""}
        value = rule["value"]
        text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        told = {"number": number + 1}
        fields |= {
            f"rule_{number}_field": forms.ChoiceField(
                label=_("Rule %(number)s") % told,
                choices=named,
                initial=rule["field"],
                required=False,
                widget=Select(),
            ),
            f"rule_{number}_op": forms.ChoiceField(
                label=_("compared"),
                choices=list(OPS.items()),
                initial=rule["op"],
                required=False,
                widget=Select(),
            ),
            f"rule_{number}_value": forms.CharField(
                label=_("value"), initial=text, max_length=600, required=False, widget=TextInput()
            ),
        }
    return type("RuledCollectionForm", (CollectionForm,), fields)


class EntryInline(ShopInline):
    model = CollectionEntry
    fields = ("product", "position")
    autocomplete_fields = ("product",)
    ordering = ("position", "id")
    verbose_name_plural = lazy("products, in this order")
    per_page = 100

    def get_queryset(self, request: HttpRequest) -> QuerySet[CollectionEntry]:
        return super().get_queryset(request).select_related("product")


@admin.register(Collection)
class CollectionAdmin(OnPages, ShopAdmin):
    list_display = ("title", "slug", "kind", "shown", "held", "refreshed_at")
    list_filter = ("kind", "is_active")
    search_fields = ("title", "slug")
    search_help_text = lazy("Title or address")
    ordering = ("title", "id")
    prepopulated_fields = {"slug": ("title",)}

    @badge(lazy("shown"), {True: "success"}, ordering="is_active")
    def shown(self, collection: Collection) -> tuple[bool, str]:
        return collection.is_active, _("Shown") if collection.is_active else _("Hidden")

    @admin.display(description=lazy("products"))
    def held(self, collection: Collection) -> int:
        return int(getattr(collection, "product_count", 0))

    @admin.display(description=lazy("products that follow the saved rules"))
    def matches(self, collection: Collection) -> SafeString | str:
        """How many there are now, and the first of them."""
        ground = assortment.ground_at(timezone.now())
        rules = collection.rules
        try:
            found = collection_rules.matching(
                rules, match_all=collection.match_all, ground=ground
            ).order_by("-popularity", "pk")
        except BadRules as refusal:
            return refusal.message
        rows = (
            (reverse("admin:catalog_product_change", args=[one.pk]), one.title)
            for one in found[:SHOWN]
        )
        listed = format_html_join(" · ", '<a href="{}">{}</a>', rows)
        return format_html("{}: {}", found.count(), listed)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Collection]:
        rows: QuerySet[Collection] = super().get_queryset(request)
        return rows.annotate(product_count=Count("entries"))

    # The page

    def get_form(
        self,
        request: HttpRequest,
        obj: Any = None,
        change: bool = False,  # noqa: FBT001, FBT002 — as Django calls it
        **kwargs: Any,
    ) -> Any:
        return super().get_form(request, obj, change, **{**kwargs, "form": collection_form(obj)})

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002
        return ("matches",) if _is_ruled(obj) else ()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        count = collection_form(obj).count if self.has_change_permission(request, obj) else 0
        rows = [
            tuple(f"rule_{number}_{part}" for part in ("field", "op", "value"))
            for number in range(count)
        ]
        matches = ("matches",) if _is_ruled(obj) else ()
        told = _("For collections by rules. Save to see what follows them.")
        return [
            (None, {"fields": MAIN}),
            (_("Rules"), {"fields": ("match_all", *rows, *matches), "description": told}),
            (
                _("Search engines"),
                {"classes": ["tab"], "fields": ("meta_title", "meta_description")},
            ),
        ]

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002
        """What rules choose has no places to set by hand."""
        return () if _is_ruled(obj) else (EntryInline,)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        super().save_related(request, form, formsets, change)
        collection, now = form.instance, timezone.now()
        if _is_ruled(collection):
            refresh = partial(assortment.refresh_collection, collection_id=collection.pk, now=now)
            transaction.on_commit(refresh)
            return
        entries = collection.entries.order_by("position", "pk")
        wanted = list(entries.values_list("product_id", flat=True))
        stale = collections.arrange(collection=collection, product_ids=wanted)
        browsing.cards_are_stale(product_ids=stale, now=now)


def _is_ruled(collection: Collection | None) -> bool:
    return collection is not None and collection.kind == Collection.Kind.RULES
