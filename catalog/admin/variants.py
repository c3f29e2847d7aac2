"""Variants on the product's page: values, prices of every market and stock in one row."""

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from catalog.models import Market, Option, OptionValue, Price, Product, Variant
from catalog.services import options
from inventory.models import StockItem
from shop.admin.base import LabelledFormSet, ShopInline
from shop.admin.kit import NumberInput, Select, TextInput
from shop.lib.money import quantum, round_money

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Variant]
else:
    ModelForm = forms.ModelForm

PLAIN = ("sku", "barcode", "grams", "cost", "max_quantity", "position", "is_active")
MOST = Decimal(1_000_000)


class VariantForm(ModelForm):
    """Made for one product by variant_form(), which adds its options and the markets."""

    choices: ClassVar[list[Option]] = []
    markets: ClassVar[list[Market]] = []

    on_hand = forms.IntegerField(
        label=lazy("on hand"),
        min_value=0,
        max_value=1_000_000,
        required=False,
        widget=NumberInput(),
    )

    class Meta:
        model = Variant
        fields = PLAIN

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial.update({**self._prices(), **self._values(), **self._stock()})

    def _prices(self) -> dict[str, Decimal | None]:
        found: dict[str, Decimal | None] = {}
        prices = {price.market_id: price for price in self.instance.prices.all()}
        for market in self.markets:
            if price := prices.get(market.pk):
                found[f"price_{market.code}"] = round_money(price.amount, market.currency)
                was = price.compare_at
                found[f"was_{market.code}"] = was and round_money(was, market.currency)
        return found

    def _values(self) -> dict[str, int]:
        return {f"option_{value.option_id}": value.pk for value in self.instance.values.all()}

    def _stock(self) -> dict[str, int]:
        items = list(self.instance.stock_items.all())
        if len(items) > 1:  # which shelf, one number can't say: the stock pages can
            self.fields["on_hand"].disabled = True
        self.promised = sum(item.allocated for item in items)
        return {"on_hand": sum(item.on_hand for item in items)}

    def clean_on_hand(self) -> int | None:
        counted: int | None = self.cleaned_data["on_hand"]
        promised = getattr(self, "promised", 0)
        if counted is not None and counted < promised:
            raise ValidationError(_("%(count)s are promised to orders.") % {"count": promised})
        return counted

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for market in self.markets:
            price, was = cleaned.get(f"price_{market.code}"), cleaned.get(f"was_{market.code}")
            if was is not None and (price is None or was <= price):
                self.add_error(f"was_{market.code}", _("Must be higher than the price."))
        if self.choices and not self.errors:
            self.instance.label = options.label_of(self.chosen())
        return cleaned

    def chosen(self) -> list[OptionValue]:
        """The values this row stands for."""
        wanted = {int(self.cleaned_data[f"option_{option.pk}"]) for option in self.choices}
        return [
            value for option in self.choices for value in option.values.all() if value.pk in wanted
        ]

    def _save_m2m(self) -> None:
        super()._save_m2m()  # type: ignore[misc]
        if self.choices:
            self.instance.values.set(self.chosen())
        for market in self.markets:
            self._save_price(market)

    def _save_price(self, market: Market) -> None:
        amount = self.cleaned_data.get(f"price_{market.code}")
        if amount is None:
            Price.objects.filter(variant=self.instance, market=market).delete()
            return
        was = self.cleaned_data.get(f"was_{market.code}")
        Price.objects.update_or_create(
            variant=self.instance, market=market, defaults={"amount": amount, "compare_at": was}
        )


def variant_form(product: Product | None) -> type[VariantForm]:
    """The row form of one product: a select per option, two price fields per market."""
    markets = list(Market.objects.in_order())
    choices = _options_of(product)
    fields: dict[str, Any] = {"choices": choices, "markets": markets}
    for option in choices:
        names = [("", "–"), *((value.pk, value.name) for value in option.values.all())]
        fields[f"option_{option.pk}"] = forms.ChoiceField(
            label=option.name, choices=names, widget=Select()
        )
    for market in markets:
        fields[f"price_{market.code}"] = _price_field(market, _("price"))
        fields[f"was_{market.code}"] = _price_field(market, _("was"))
    return type("ProductVariantForm", (VariantForm,), fields)


def _options_of(product: Product | None) -> list[Option]:
    if product is None:
        return []
    values = OptionValue.objects.select_related("option").order_by("position", "pk")
    rows = product.options.order_by("position", "pk")
    return list(rows.prefetch_related(models.Prefetch("values", queryset=values)))


def _price_field(market: Market, word: str) -> forms.DecimalField:
    step = {"step": str(quantum(market.currency)), "inputmode": "decimal", "type": "number"}
    return forms.DecimalField(
        label=f"{market.code.upper()} {word} ({market.currency})",
        min_value=Decimal(0),
        max_value=MOST,
        max_digits=14,
        decimal_places=-int(quantum(market.currency).as_tuple().exponent),
        required=False,
        widget=TextInput(attrs=step),
    )


class VariantFormSet(LabelledFormSet):
    """Rows that are unlike each other."""

    def clean(self) -> None:
        super().clean()
        kept = [form for form in self.forms if _is_kept(form)]
        skus = Counter(form.cleaned_data["sku"].upper() for form in kept)
        labels = Counter(form.instance.label for form in kept)
        for form in kept:
            if skus[form.cleaned_data["sku"].upper()] > 1:
                form.add_error("sku", _("Another row has this SKU."))
            if labels[form.instance.label] > 1:
                form.add_error(None, _("Another row stands for the same values."))

    def free_labels(self) -> None:
        """Give up the labels that are about to change, so that two variants can swap theirs."""
        ids = [form.instance.pk for form in self.initial_forms if form.has_changed()]
        for variant_id in ids:
            Variant.objects.filter(pk=variant_id).update(label=f"#{variant_id}")


def _is_kept(form: Any) -> bool:
    cleaned = getattr(form, "cleaned_data", {})
    return bool(cleaned.get("sku")) and not cleaned.get("DELETE") and not form.errors


class VariantInline(ShopInline):
    model = Variant
    formset = VariantFormSet
    hide_title = True
    verbose_name_plural = lazy("variants")
    ordering = ("position", "id")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Variant]:
        rows = super().get_queryset(request)
        return rows.prefetch_related("values", "prices__market", "stock_items")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        return super().get_formset(request, obj, form=variant_form(obj), **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if not self.has_change_permission(request, obj):
            return ("sku", "label", "barcode", "prices", "grams", "on_hand", "is_active")
        form = variant_form(obj)
        asked = [
            name for name in form.base_fields if name.startswith(("option_", "price_", "was_"))
        ]
        return ("sku", *asked, "on_hand", *PLAIN[1:])

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return () if self.has_change_permission(request, obj) else ("prices", "on_hand")

    def prices(self, variant: Variant) -> str:
        return ", ".join(
            f"{price.amount:.2f} {price.market.currency}" for price in variant.prices.all()
        )

    def on_hand(self, variant: Variant) -> int:
        items: list[StockItem] = list(variant.stock_items.all())
        return sum(item.on_hand for item in items)
