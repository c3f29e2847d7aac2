import datetime as dt
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from orders.services.pricing import Delivery, Item, Rate, TaxRules, quote

PRICES = st.decimals(min_value=0, max_value=5000, places=2)
ITEMS = st.lists(
    st.builds(
        Item,
        key=st.integers(1, 10**6),
        quantity=st.integers(1, 99),
        unit_price=PRICES,
        tax_class=st.sampled_from(["standard", "reduced", "zero", "unknown"]),
    ),
    max_size=8,
)
RATES = {
    "standard": Rate("VAT", Decimal(20)),
    "reduced": Rate("VAT", Decimal("5.5")),
    "zero": Rate("VAT", Decimal(0)),
}


def delivery(price="3.90", free_from=None):
    day = dt.date(2026, 11, 24)
    return Delivery(
        code="tracked-48",
        name="Tracked 48",
        carrier="Royal Mail",
        price=Decimal(price),
        tax_class="standard",
        arrives_from=day,
        arrives_by=day,
        free_from=free_from,
    )


def rules(*, included=True):
    return TaxRules(country="GB", included=included, rates=RATES)


@given(ITEMS, st.booleans(), st.booleans())
def test_the_total_is_the_sum_of_its_parts(items, included, has_delivery):
    figures = quote(
        items=items,
        delivery=delivery() if has_delivery else None,
        rules=rules(included=included),
        currency="GBP",
    )

    parts = [one.amount for one in figures.items] + [figures.delivery_amount]
    assert figures.total.gross == sum(part.gross for part in parts)
    assert figures.total.tax == sum(part.tax for part in parts)
    assert figures.total.net + figures.total.tax == figures.total.gross


@given(ITEMS)
def test_no_figure_is_negative(items):
    figures = quote(items=items, delivery=delivery(), rules=rules(), currency="GBP")

    assert all(min(one.amount.net, one.amount.tax) >= 0 for one in figures.items)


@given(ITEMS)
def test_prices_with_tax_in_are_what_the_shopper_pays(items):
    figures = quote(items=items, delivery=None, rules=rules(), currency="GBP")

    assert figures.total.gross == sum((i.unit_price * i.quantity for i in items), Decimal(0))


def test_prices_without_tax_grow_by_it():
    item = Item(key=1, quantity=2, unit_price=Decimal("10.00"), tax_class="standard")

    figures = quote(items=[item], delivery=None, rules=rules(included=False), currency="EUR")

    assert figures.goods == Decimal("20.00")
    assert figures.total.gross == Decimal("24.00")


def test_goods_without_a_rate_are_not_taxed():
    item = Item(key=1, quantity=1, unit_price=Decimal("10.00"), tax_class="unknown")

    figures = quote(items=[item], delivery=None, rules=rules(), currency="GBP")

    assert figures.total.tax == 0


def test_zero_decimal_currencies_have_no_fractions():
    item = Item(key=1, quantity=3, unit_price=Decimal(333), tax_class="reduced")

    figures = quote(items=[item], delivery=None, rules=rules(), currency="JPY")

    assert figures.total.tax == figures.total.tax.to_integral_value()
