"""Prices by list: for groups, for many units, for a while."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.models import PriceList, ProductType
from catalog.queries.price_lists import best, list_prices, rungs_by
from catalog.queries.rounding import rounded
from tests.factories import MarketFactory, ProductFactory, TaxClassFactory, VariantFactory
from tests.factories.customers import GroupFactory, PriceListFactory, rungs

NOW = timezone.now()
HOUR = dt.timedelta(hours=1)


def price(variant, *, units=1, groups=(), base="24.00", now=NOW, market=None):
    found = list_prices(
        market=market or MarketFactory(),
        groups=[group.pk for group in groups],
        units={variant.pk: units},
        base={variant.pk: Decimal(base)},
        now=now,
    )
    amount, note = found[variant.pk]
    return str(amount), note


@pytest.mark.django_db
def test_without_a_list_everybody_pays_the_base_price():
    assert price(VariantFactory()) == ("24.00", "")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("units", "expected"),
    [
        (1, ("24.00", "")),
        (5, ("24.00", "")),
        (6, ("22.000", "From 6 units")),
        (11, ("22.000", "From 6 units")),
        (12, ("20.000", "From 12 units")),
        (500, ("20.000", "From 12 units")),
    ],
)
def test_the_deepest_rung_reached_is_charged(units, expected):
    mug = VariantFactory()
    rungs(PriceListFactory(name="Many"), mug, at_6="22.00", at_12="20.00")

    assert price(mug, units=units) == expected


@pytest.mark.django_db
def test_a_group_has_its_own_price_and_others_have_not():
    trade, press, mug = GroupFactory(), GroupFactory(code="press"), VariantFactory()
    rungs(PriceListFactory(group=trade), mug, at_1="18.00", at_12="16.00")

    assert price(mug) == ("24.00", "")
    assert price(mug, groups=[press]) == ("24.00", "")
    assert price(mug, groups=[trade]) == ("18.000", "Trade")
    assert price(mug, groups=[press, trade], units=12) == ("16.000", "Trade, from 12 units")


@pytest.mark.django_db
def test_of_several_lists_the_least_counts():
    trade, mug = GroupFactory(), VariantFactory()
    rungs(PriceListFactory(group=trade), mug, at_1="21.00")
    rungs(PriceListFactory(name="Many"), mug, at_6="19.00")

    assert price(mug, groups=[trade], units=1) == ("21.000", "Trade")
    assert price(mug, groups=[trade], units=6) == ("19.000", "From 6 units")


@pytest.mark.django_db
def test_a_percentage_is_off_everything_and_ends_as_the_list_says():
    mug = VariantFactory()
    PriceListFactory(name="Members", percent=Decimal(10), rounding="0.95")

    assert price(mug, base="24.00") == ("21.95", "Members")


@pytest.mark.django_db
def test_a_price_for_one_unit_says_more_than_the_percentage():
    mug, bowl = VariantFactory(), VariantFactory()
    rungs(PriceListFactory(percent=Decimal(50)), mug, at_1="20.00")

    assert price(mug) == ("20.000", "Trade")
    assert price(bowl) == ("12.00", "Trade")


@pytest.mark.django_db
def test_a_dearer_rung_never_makes_more_units_dearer():
    mug = VariantFactory()
    rungs(PriceListFactory(percent=Decimal(50)), mug, at_6="20.00")

    assert price(mug, units=6) == ("12.00", "Trade")


@pytest.mark.django_db
def test_a_price_above_the_base_price_is_left_alone():
    mug = VariantFactory()
    rungs(PriceListFactory(), mug, at_1="30.00")

    assert price(mug, base="24.00") == ("24.00", "")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "applies"),
    [
        ({}, True),
        ({"is_active": False}, False),
        ({"starts_at": NOW}, True),
        ({"starts_at": NOW + HOUR}, False),
        ({"ends_at": NOW}, False),
        ({"ends_at": NOW + HOUR}, True),
    ],
)
def test_a_list_keeps_to_its_days(fields, applies):
    mug = VariantFactory()
    PriceListFactory(percent=Decimal(25), **fields)

    assert price(mug) == (("18.00", "Trade") if applies else ("24.00", ""))


@pytest.mark.django_db
def test_a_list_holds_in_its_market_alone():
    mug, eu = VariantFactory(), MarketFactory(eu=True)
    PriceListFactory(percent=Decimal(25), market=eu)

    assert price(mug) == ("24.00", "")
    assert price(mug, market=eu) == ("18.00", "Trade")


@pytest.mark.django_db
def test_gift_cards_are_money_and_cost_what_they_are_worth():
    kind = ProductType.objects.create(
        code="card", name="Card", tax_class=TaxClassFactory(), is_gift_card=True
    )
    card = VariantFactory(product=ProductFactory(type=kind))
    PriceListFactory(percent=Decimal(25))

    assert price(card, base="50.00") == ("50.00", "")


@pytest.mark.django_db
def test_any_cart_takes_two_queries(django_assert_num_queries):
    market, mugs = MarketFactory(), VariantFactory.create_batch(5)
    for name in ("A", "B", "C"):
        listed = PriceListFactory(name=name, percent=Decimal(5))
        for mug in mugs:
            rungs(listed, mug, at_6="15.00")

    def ask():
        base = {mug.pk: Decimal(24) for mug in mugs}
        list_prices(market=market, groups=[1, 2], units={}, base=base, now=NOW)

    ask()  # the lists are kept from here on

    with django_assert_num_queries(2):
        ask()


AMOUNTS = st.decimals(min_value=0, max_value=200, places=2)
LADDERS = st.lists(
    st.tuples(
        st.builds(
            PriceList,
            id=st.integers(1, 9),
            name=st.just("List"),
            group_id=st.sampled_from([None, 1]),
            percent=st.none() | st.decimals(min_value="0.01", max_value=100, places=2),
            rounding=st.sampled_from(["", "0.99", "0.95", "1", "0.05"]),
        ),
        st.dictionaries(st.integers(1, 40), AMOUNTS, max_size=4),
    ),
    max_size=4,
)


def all_rungs(ladders, base):
    return [
        rung
        for one, entries in ladders
        for rung in rungs_by(one, sorted(entries.items()), base, "GBP")
    ]


@settings(max_examples=2000)
@given(LADDERS, AMOUNTS, st.integers(1, 60))
def test_is_never_above_the_base_price_nor_below_nought(ladders, base, units):
    amount, note = best(base, all_rungs(ladders, base), units)

    assert 0 <= amount <= base
    assert bool(note) == (amount < base)


@settings(max_examples=2000)
@given(LADDERS, AMOUNTS, st.integers(1, 60), st.integers(0, 60))
def test_more_units_never_cost_more_each(ladders, base, units, more):
    found = all_rungs(ladders, base)

    assert best(base, found, units + more)[0] <= best(base, found, units)[0]


@settings(max_examples=2000)
@given(LADDERS, AMOUNTS, st.integers(1, 60), st.randoms())
def test_the_order_of_lists_and_rungs_decides_nothing(ladders, base, units, chance):
    found = all_rungs(ladders, base)
    shuffled = chance.sample(found, len(found))

    assert best(base, found, units)[0] == best(base, shuffled, units)[0]


@pytest.mark.parametrize(
    ("amount", "rule", "currency", "expected"),
    [
        ("21.60", "", "GBP", "21.60"),
        ("21.605", "", "GBP", "21.61"),
        ("21.60", "0.99", "GBP", "21.99"),
        ("21.40", "0.99", "GBP", "20.99"),
        ("21.60", "0.95", "GBP", "21.95"),
        ("21.60", "0.90", "GBP", "21.90"),
        ("21.50", "1", "GBP", "22.00"),
        ("21.62", "0.05", "GBP", "21.60"),
        ("0.30", "0.99", "GBP", "0.99"),
        ("0", "0.99", "GBP", "0.00"),
        ("2160.4", "0.99", "JPY", "2160"),
        ("21.6004", "", "KWD", "21.600"),
    ],
)
def test_computed_prices_end_as_they_should(amount, rule, currency, expected):
    assert str(rounded(Decimal(amount), rule, currency)) == expected
