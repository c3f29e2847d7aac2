"""A row of the variants: values, prices of every market and stock beside the columns of its own."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from stdnum import ean
from stdnum.exceptions import InvalidChecksum
from stdnum.exceptions import ValidationError as NotABarcode

from catalog.admin.money import price_field
from catalog.models import Market, Option, OptionValue, Price, Product, Variant
from catalog.services import options
from shop.admin.kit import NumberInput, Select
from shop.lib.money import round_money

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Variant]
else:
    ModelForm = forms.ModelForm

PLAIN = (
    "sku",
    "is_active",
    "position",
    "cost",
    "barcode",
    "mpn",
    "grams",
    "content",
    "content_unit",
)
LIMITS = ("min_quantity", "quantity_step", "max_quantity")
# What may be left empty, and what it means then.
DEFAULTS = {"grams": 0, "position": 0, "min_quantity": 1, "quantity_step": 1, "max_quantity": 99}


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
        fields = (*PLAIN, *LIMITS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in DEFAULTS.keys() & self.fields.keys():
            self.fields[name].required = False
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

    def clean_barcode(self) -> str:
        """The number alone, its check digit looked at; what stands there already is left alone."""
        typed: str = self.cleaned_data["barcode"]
        if not typed or "barcode" not in self.changed_data:
            return typed
        try:
            return str(ean.validate(typed))
        except InvalidChecksum:
            raise ValidationError(_("The last digit does not fit: look for a slip.")) from None
        except NotABarcode:
            raise ValidationError(_("A barcode has 8, 12, 13 or 14 digits.")) from None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned |= {name: n for name, n in DEFAULTS.items() if cleaned.get(name, n) is None}
        for market in self.markets:
            price, was = cleaned.get(f"price_{market.code}"), cleaned.get(f"was_{market.code}")
            if was is not None and (price is None or was <= price):
                self.add_error(f"was_{market.code}", _("Must be higher than the price."))
        self._clean_quantities(cleaned)
        self._clean_content(cleaned)
        if self.choices and not self.errors:
            self.instance.label = options.label_of(self.chosen())
        return cleaned

    def _clean_quantities(self, cleaned: dict[str, Any]) -> None:
        least, step, most = (cleaned.get(name) for name in LIMITS)
        for name, number in zip(LIMITS, (least, step, most), strict=True):
            if number == 0:
                self.add_error(name, _("At least 1."))
        if least and most and most < least:
            self.add_error("max_quantity", _("Must not be lower than the least per order."))

    def _clean_content(self, cleaned: dict[str, Any]) -> None:
        content, unit = cleaned.get("content"), cleaned.get("content_unit")
        if content is not None and content <= 0:
            self.add_error("content", _("Must be more than nothing."))
        elif content is not None and not unit:
            self.add_error("content_unit", _("Say in which unit."))
        elif unit and content is None and "content" not in self.errors:
            self.add_error("content", _("Say how much of it."))

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
        if not {f"price_{market.code}", f"was_{market.code}"} & set(self.changed_data):
            return
        amount = self.cleaned_data.get(f"price_{market.code}")
        if amount is None:
            Price.objects.filter(variant=self.instance, market=market).delete()
            return
        was = self.cleaned_data.get(f"was_{market.code}")
        Price.objects.update_or_create(
            variant=self.instance,
            market=market,
            defaults={"amount": amount, "compare_at": was, "is_fixed": True},
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
        fields[f"price_{market.code}"] = price_field(market, _("price"))
        fields[f"was_{market.code}"] = price_field(market, _("was"))
    return type("ProductVariantForm", (VariantForm,), fields)


def _options_of(product: Product | None) -> list[Option]:
    if product is None:
        return []
    values = OptionValue.objects.select_related("option").order_by("position", "pk")
    rows = product.options.order_by("position", "pk")
    return list(rows.prefetch_related(models.Prefetch("values", queryset=values)))
