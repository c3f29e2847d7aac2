from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.lib.money import CurrencyMismatch, Money, from_minor, round_money, split, to_minor
from shop.lib.tax import Taxed, tax_amount

CURRENCIES = st.sampled_from(["GBP", "EUR", "JPY", "KWD"])
AMOUNTS = st.decimals(min_value=0, max_value=10**7, places=4, allow_nan=False)
WEIGHTS = st.lists(st.decimals(min_value=0, max_value=1000, places=2), min_size=1, max_size=12)
RATES = st.decimals(min_value=0, max_value=30, places=2)


def test_rounds_halves_away_from_zero():
    assert round_money(Decimal("1.005"), "GBP") == Decimal("1.01")
    assert round_money(Decimal("-1.005"), "GBP") == Decimal("-1.01")


def test_rounds_to_the_currencys_own_exponent():
    assert round_money(Decimal("10.5"), "JPY") == Decimal(11)
    assert round_money(Decimal("1.2345"), "KWD") == Decimal("1.235")


def test_refuses_to_mix_currencies():
    with pytest.raises(CurrencyMismatch):
        Money(Decimal(1), "GBP") + Money(Decimal(1), "EUR")


@given(AMOUNTS, WEIGHTS, CURRENCIES)
def test_the_parts_of_a_split_add_up_exactly(amount, weights, currency):
    whole = round_money(amount, currency)

    parts = split(whole, weights, currency)

    assert sum(parts) == whole
    assert all(part == round_money(part, currency) for part in parts)


@given(AMOUNTS, CURRENCIES)
def test_minor_units_are_the_same_money(amount, currency):
    whole = round_money(amount, currency)

    assert from_minor(to_minor(whole, currency), currency) == whole


@given(AMOUNTS, RATES, st.booleans(), CURRENCIES)
def test_net_plus_tax_is_gross_whatever_the_rate(amount, rate, included, currency):
    whole = round_money(amount, currency)

    taxed = tax_amount(whole, rate=rate, included=included, currency=currency)

    assert taxed.net + taxed.tax == taxed.gross
    assert (taxed.gross if included else taxed.net) == whole
    assert taxed.tax == round_money(taxed.tax, currency)


def test_an_amount_that_does_not_add_up_cannot_exist():
    with pytest.raises(ValueError, match="is not"):
        Taxed(Decimal(1), Decimal(1), Decimal(3))
