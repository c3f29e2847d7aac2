"""Prices in forms: in the currency of a market, no finer than its smallest coin."""

from decimal import Decimal

from django import forms

from catalog.models import Market
from shop.admin.kit import TextInput
from shop.lib.money import quantum

MOST = Decimal(1_000_000)


def price_field(market: Market, word: str) -> forms.DecimalField:
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
