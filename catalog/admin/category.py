from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.admin.uploads import written_anew
from catalog.models import Category
from catalog.services import categories
from shop.admin.base import OnPages, ShopAdmin
from shop.admin.kit import Select
from shop.lib.errors import Refused
from shop.lib.text import clean_html
from shop.processes import browsing

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Category]
    ChoiceField = forms.ModelChoiceField[Category]
else:
    ModelForm, ChoiceField = forms.ModelForm, forms.ModelChoiceField


class ParentField(ChoiceField):
    """Categories as a tree, by indentation."""

    def label_from_instance(self, obj: Category) -> str:
        return _indented(obj)


class CategoryForm(ModelForm):
    parent = ParentField(
        label=_("below"),
        queryset=Category.objects.order_by("path"),
        required=False,
        empty_label=_("– at the top –"),
        widget=Select(),
    )

    class Meta:
        model = Category
        fields = ("name", "slug", "description", "image", "meta_title", "meta_description")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            above = self.instance.path[: -self.instance.steplen]
            self.initial["parent"] = Category.objects.filter(path=above).first()

    def clean_description(self) -> str:
        return clean_html(self.cleaned_data["description"])

    def clean_image(self) -> Any:
        name = self.cleaned_data.get("slug") or "category"
        return written_anew(self.cleaned_data["image"], name=name)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "slug" in cleaned and "parent" in cleaned:
            self.instance.slug = cleaned["slug"]
            try:
                categories.check(category=self.instance, parent=cleaned["parent"])
            except Refused as refusal:
                self.add_error("parent", refusal.message)
        return cleaned


@admin.register(Category)
class CategoryAdmin(OnPages, ShopAdmin):
    """The tree as an indented list; a category is moved by saying below which one it hangs."""

    form = CategoryForm
    list_display = ("tree", "url_path", "products")
    list_per_page = 500
    ordering = ("path",)
    search_fields = ("name", "url_path")
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = (
        (None, {"fields": ("name", "slug", "parent", "description", "image")}),
        (_("Search engines"), {"fields": ("meta_title", "meta_description")}),
    )
    actions = ("move_up", "move_down")

    @admin.display(description=_("category"))
    def tree(self, category: Category) -> str:
        return _indented(category)

    @admin.display(description=_("products"))
    def products(self, category: Category) -> int:
        return int(getattr(category, "product_count", 0))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        rows = super().get_queryset(request).annotate(product_count=Count("products"))
        counted: QuerySet[Category] = rows
        return counted

    def save_model(self, request: HttpRequest, obj: Category, form: Any, change: bool) -> None:  # noqa: ARG002, FBT001
        touched = categories.place(category=obj, parent=form.cleaned_data["parent"])
        browsing.cards_are_stale(product_ids=touched, now=timezone.now())

    @admin.action(description=_("Move up"), permissions=["change"])
    def move_up(self, request: HttpRequest, chosen: QuerySet[Category]) -> None:  # noqa: ARG002
        for category in chosen.order_by("path"):
            categories.shift(category=Category.objects.get(pk=category.pk), by=-1)

    @admin.action(description=_("Move down"), permissions=["change"])
    def move_down(self, request: HttpRequest, chosen: QuerySet[Category]) -> None:  # noqa: ARG002
        for category in chosen.order_by("-path"):
            categories.shift(category=Category.objects.get(pk=category.pk), by=1)


def _indented(category: Category) -> str:
    return f"{'— ' * (category.depth - 1)}{category.name}"
