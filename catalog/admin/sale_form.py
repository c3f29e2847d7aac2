"""A sale as a form: when, how much off, of what; prices of single pieces are pasted."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from unfold.widgets import UnfoldAdminSelect2MultipleWidget

from catalog.models import Category, Collection, CollectionEntry, Product, Sale
from catalog.queries.markets import markets
from catalog.services import sale_entries
from catalog.services.sale_entries import BadLines, Written
from shop.admin.kit import Textarea

if TYPE_CHECKING:
    SaleModelForm = forms.ModelForm[Sale]
    ProductsField = forms.ModelMultipleChoiceField[Product]
else:
    SaleModelForm = forms.ModelForm
    ProductsField = forms.ModelMultipleChoiceField

LONGEST = 200_000
SCOPE = ("products", "categories", "collections")


def _products() -> ProductsField:
    field = CollectionEntry._meta.get_field("product")  # noqa: SLF001 — Django's public Meta API
    return ProductsField(
        label=lazy("Products"),
        queryset=Product.objects.all(),
        required=False,
        widget=AutocompleteSelectMultiple(field, admin.site),
    )


def _several(label: Any, help_text: Any = "") -> forms.TypedMultipleChoiceField:
    return forms.TypedMultipleChoiceField(
        label=label,
        coerce=int,
        required=False,
        help_text=help_text,
        widget=UnfoldAdminSelect2MultipleWidget(),
    )


class SaleForm(SaleModelForm):
    products = _products()
    categories = _several(lazy("Categories"), lazy("With everything below them."))
    collections = _several(lazy("Collections"))
    lines = forms.CharField(
        label=lazy("Paste prices"),
        required=False,
        max_length=LONGEST,
        widget=Textarea(attrs={"rows": 5, "spellcheck": "false"}),
        help_text=lazy(
            "A line for each piece: SKU and price, and the code of a market where it is not the "
            "sale's own. They are added to the prices below."
        ),
    )

    class Meta:
        model = Sale
        fields = (
            *("name", "kind", "market", "is_active", "starts_at", "ends_at"),
            *("percent", "rounding", "covers_all"),
        )
        help_texts = {
            "starts_at": lazy("By the shop's clock."),
            "ends_at": lazy("A change of price without an end becomes the price itself."),
            "rounding": lazy("Empty: as the market rounds."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.written: list[Written] = []
        shelves = Category.objects.order_by("path").values_list("pk", "name", "depth")
        titles = Collection.objects.order_by("title").values_list("pk", "title")
        offered = {
            "categories": [(pk, f"{'— ' * (depth - 1)}{name}") for pk, name, depth in shelves],
            "collections": list(titles),
        }
        for name, choices in offered.items():
            if name in self.fields:
                self.fields[name].choices = choices  # type: ignore[attr-defined]
        sale = self.instance
        self.initial["products"] = sale.product_ids
        self.initial["categories"] = sale.category_ids
        self.initial["collections"] = sale.collection_ids

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("It has to end after it begins."))
        if cleaned.get("kind") == Sale.Kind.SALE and not ends and "ends_at" not in self.errors:
            self.add_error("ends_at", _("A sale has an end."))
        named = cleaned.get("covers_all") or any(cleaned.get(name) for name in SCOPE)
        if named and cleaned.get("percent") is None and "percent" not in self.errors:
            self.add_error("percent", _("How many per cent off what it covers?"))
        if cleaned.get("percent") is not None and not named:
            self.add_error("percent", _("Say what the percentage comes off: everything, or what?"))
        self._read_lines(cleaned)
        return cleaned

    def _read_lines(self, cleaned: dict[str, Any]) -> None:
        main = next(iter(markets()), None)
        market = cleaned.get("market") or main
        try:
            self.written = sale_entries.read(cleaned.get("lines") or "", market=market)
        except BadLines as refusal:
            self.add_error("lines", refusal.problems[:10])

    def save(self, commit: bool = True) -> Sale:  # noqa: FBT001, FBT002 — as Django calls it
        cleaned = self.cleaned_data
        self.instance.product_ids = [one.pk for one in cleaned.get("products", ())]
        self.instance.category_ids = list(cleaned.get("categories", ()))
        self.instance.collection_ids = list(cleaned.get("collections", ()))
        saved: Sale = super().save(commit)
        return saved
