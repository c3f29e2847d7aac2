"""What a shopper may add to a piece, with a surcharge per market in the row."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from catalog.admin.money import price_field
from catalog.models import Extra, ExtraPrice, Market
from shop.admin.base import ShopInline
from shop.admin.kit import Textarea
from shop.lib.money import round_money

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Extra]
else:
    ModelForm = forms.ModelForm

PLAIN = (
    "name",
    "kind",
    "role",
    "help_text",
    "choices",
    "max_length",
    "is_required",
    "position",
)
# What each part of a gift card can be asked as.
ASKED_AS = {
    Extra.Role.TO: {Extra.Kind.TEXT},
    Extra.Role.ADDRESS: {Extra.Kind.EMAIL},
    Extra.Role.WORDS: {Extra.Kind.TEXT},
    Extra.Role.DAY: {Extra.Kind.DATE},
}


class ExtraForm(ModelForm):
    """extra_form() adds a surcharge per market."""

    markets: ClassVar[list[Market]] = []

    class Meta:
        model = Extra
        fields = PLAIN
        widgets = {"choices": Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            amounts = {price.market_id: price.amount for price in self.instance.prices.all()}
            for market in self.markets:
                if (amount := amounts.get(market.pk)) is not None:
                    self.initial[f"price_{market.code}"] = round_money(amount, market.currency)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") == Extra.Kind.CHOICE and not (cleaned.get("choices") or "").strip():
            self.add_error("choices", _("A choice has something to choose from."))
        role = cleaned.get("role")
        if role and cleaned.get("kind") not in ASKED_AS[role]:
            self.add_error("role", _("This part of a gift card is asked as another kind."))
        return cleaned

    def _save_m2m(self) -> None:
        super()._save_m2m()  # type: ignore[misc]
        for market in self.markets:
            self._save_price(market, self.cleaned_data.get(f"price_{market.code}"))

    def _save_price(self, market: Market, amount: Decimal | None) -> None:
        rows = ExtraPrice.objects.filter(extra=self.instance, market=market)
        if not amount:
            rows.delete()
        elif not rows.update(amount=amount):
            ExtraPrice.objects.create(extra=self.instance, market=market, amount=amount)


def extra_form() -> type[ExtraForm]:
    markets = list(Market.objects.in_order())
    fields: dict[str, Any] = {
        f"price_{market.code}": price_field(market, _("surcharge")) for market in markets
    }
    return type("ProductExtraForm", (ExtraForm,), {"markets": markets, **fields})


class ExtraInline(ShopInline):
    model = Extra
    tab = True
    hide_title = True
    verbose_name_plural = lazy("extras")
    ordering_field = "position"
    ordering = ("position", "id")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Extra]:
        return super().get_queryset(request).prefetch_related("prices")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        return super().get_formset(request, obj, form=extra_form(), **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if not self.has_change_permission(request, obj):
            return PLAIN
        prices = [name for name in extra_form().base_fields if name.startswith("price_")]
        return ("name", "kind", *prices, *PLAIN[2:])
