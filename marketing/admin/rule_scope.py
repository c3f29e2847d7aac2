"""Which goods a rule is about, as form fields."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.db.models.functions import Upper
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from unfold.widgets import UnfoldAdminSelect2Widget

from catalog.models import CollectionEntry, Product, Variant
from marketing.admin.rule_offers import Offers
from marketing.admin.rule_parts import Fields, Params, Simple, Words

if TYPE_CHECKING:
    ProductsField = forms.ModelMultipleChoiceField[Product]
else:
    ProductsField = forms.ModelMultipleChoiceField

MOST = 500
# Fields of a scope, by what they are called in the JSON.
LISTS = ("categories", "collections", "choices")


class FindSelect(forms.SelectMultiple):
    """A list to search with script, and a plain one without."""

    def __init__(self) -> None:
        look = {"class": "unfold-admin-autocomplete rule__list", "data-theme": "admin-autocomplete"}
        super().__init__(attrs=look)

    @property
    def media(self) -> forms.Media:
        found: forms.Media = UnfoldAdminSelect2Widget().media
        return found


class WrittenProducts(forms.CharField):
    """Products by SKU, barcode or address, as they stand in a message or a sheet."""

    def clean(self, value: Any) -> list[int]:
        words = str(super().clean(value)).replace(",", " ").replace(";", " ").split()
        if len(words) > MOST:
            raise ValidationError(_("At most %(count)s at a time.") % {"count": MOST})
        found = _products(words)
        missing = [word for word in words if word.upper() not in found]
        if missing:
            told = {"words": ", ".join(missing[:5])}
            raise ValidationError(_("There is no product “%(words)s”.") % told)
        return list(dict.fromkeys(found[word.upper()] for word in words))


def _products(words: list[str]) -> dict[str, int]:
    wanted = [word.upper() for word in words]
    by_sku = Variant.objects.annotate(code=Upper("sku")).filter(code__in=wanted)
    by_slug = Product.objects.annotate(code=Upper("slug")).filter(code__in=wanted)
    return dict(by_slug.values_list("code", "pk")) | dict(by_sku.values_list("code", "product_id"))


def products_field(label: Words) -> ProductsField:
    """Products to search for, with script."""
    field = CollectionEntry._meta.get_field("product")  # noqa: SLF001
    return ProductsField(
        label=label,
        queryset=Product.objects.all(),
        required=False,
        widget=AutocompleteSelectMultiple(field, admin.site),
    )


def written_field() -> WrittenProducts:
    return WrittenProducts(
        label=lazy("More products, by SKU or address"),
        help_text=lazy("Several with spaces between."),
        max_length=20_000,
        required=False,
        widget=forms.TextInput(attrs={"class": "input"}),
    )


@dataclass(frozen=True, slots=True)
class Goods:
    """A scope. Nothing chosen: everything."""

    name: str
    key: str
    label: Words
    needed: Words = ""
    help_text: Words = ""
    layout: str = "goods"
    # A second scope leaves out sales as the first does.
    has_sales: bool = True

    def fields(self, offers: Offers) -> Fields:
        found: Fields = {
            f"{self.name}_products": products_field(lazy("Products")),
            f"{self.name}_written": written_field(),
        }
        labels = (lazy("Categories"), lazy("Collections"), lazy("Attributes"))
        for key, label in zip(LISTS, labels, strict=True):
            found[f"{self.name}_{key}"] = forms.TypedMultipleChoiceField(
                label=label,
                choices=offers.of(key),
                coerce=int,
                required=False,
                widget=FindSelect(),
                help_text=lazy("With everything below them.") if key == "categories" else "",
            )
        if self.has_sales:
            found[f"{self.name}_without_sale"] = forms.BooleanField(
                label=lazy("Leave out what is on sale"), required=False
            )
        return found

    def read(self, params: Params) -> dict[str, Any]:
        scope = params.get(self.key) or {}
        return {f"{self.name}_{key}": value for key, value in scope.items()}

    def write(self, cleaned: Params) -> dict[str, Any]:
        chosen = cleaned.get(f"{self.name}_products") or ()
        products = [one.pk for one in chosen] + list(cleaned.get(f"{self.name}_written") or ())
        scope: dict[str, Any] = {"products": list(dict.fromkeys(products))}
        scope |= {key: list(cleaned.get(f"{self.name}_{key}") or ()) for key in LISTS}
        scope["without_sale"] = bool(cleaned.get(f"{self.name}_without_sale"))
        kept = {key: value for key, value in scope.items() if value}
        return {self.key: kept} if kept else {}

    def problems(self, cleaned: Params) -> dict[str, Words]:  # noqa: ARG002
        return {}


class WrittenPiece(forms.CharField):
    """A variant by its SKU."""

    def clean(self, value: Any) -> int | None:
        sku = str(super().clean(value)).strip()
        if not sku:
            return None
        found = Variant.objects.filter(sku__iexact=sku).values_list("pk", flat=True).first()
        if found is None:
            raise ValidationError(_("There is no piece with the SKU “%(sku)s”.") % {"sku": sku})
        return found


@dataclass(frozen=True, slots=True)
class Piece(Simple):
    def fields(self, offers: Offers) -> Fields:  # noqa: ARG002
        look = {"class": "input", "list": "skus", "autocomplete": "off", "placeholder": "SKU"}
        return {
            self.name: WrittenPiece(
                label=self.label,
                help_text=lazy("Its SKU."),
                max_length=100,
                required=False,
                widget=forms.TextInput(attrs=look),
            )
        }

    def read(self, params: Params) -> dict[str, Any]:
        wanted = Variant.objects.filter(pk=params.get(self.key) or 0)
        return {self.name: wanted.values_list("sku", flat=True).first()}

    def write(self, cleaned: Params) -> dict[str, Any]:
        return {self.key: cleaned[self.name]} if cleaned.get(self.name) else {}
