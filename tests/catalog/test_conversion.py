"""Markets that take their prices from another one."""

from decimal import Decimal
from functools import partial

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from catalog.gateways import ecb
from catalog.models import Card, ExchangeRate, Market, Price, Rounding
from catalog.queries.rates import exchange_rate, rates_at
from catalog.queries.rounding import rounded
from catalog.services import conversion
from shop.lib.fetch import Fetched, safe_fetch
from shop.lib.money import exponent, quantum
from shop.processes import browsing, pricing
from tests.factories import MarketFactory, PriceFactory, TaxRateFactory, VariantFactory
from tests.factories.pricing import DAY, ExchangeRateFactory, SaleFactory
from tests.lib.webserver import Answer, serving

XML = b"""<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01"
    xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
  <gesmes:subject>Reference rates</gesmes:subject>
  <Cube><Cube time="2026-11-20">
    <Cube currency="USD" rate="1.1012"/><Cube currency="GBP" rate="0.8000"/>
  </Cube></Cube>
</gesmes:Envelope>"""
ANY_RULE = st.sampled_from(["", *Rounding.values])
ANY_CURRENCY = st.sampled_from(["GBP", "EUR", "JPY", "KWD"])


def follower(**fields):
    """The euro market, following the main one; a pound is worth 1.25 euros."""
    main = MarketFactory()
    return MarketFactory(eu=True, base=main, **fields)


def converted(*, now=None):
    return conversion.apply(product_ids=None, now=now or timezone.now())


def euros(variant):
    return Price.objects.filter(variant=variant, market__code="eu").first()


@pytest.mark.django_db
def test_a_follower_has_prices_at_the_rate_of_the_day():
    variant = VariantFactory(price=Decimal("20.00"))
    follower(rounding="0.95")
    ExchangeRateFactory()

    changed = converted()

    assert (euros(variant).amount, euros(variant).is_fixed) == (Decimal("24.95"), False)
    assert changed == {variant.product_id}
    assert converted() == set()


@pytest.mark.django_db
def test_a_fixed_price_wins():
    variant = VariantFactory(price=Decimal("20.00"))
    PriceFactory(variant=variant, market=follower(), amount=Decimal("22.22"))
    ExchangeRateFactory()

    assert converted() == set()
    assert euros(variant).amount == Decimal("22.22")


@pytest.mark.django_db
def test_a_market_of_its_own_is_left_alone():
    variant = VariantFactory(price=Decimal("20.00"))
    MarketFactory(eu=True)
    ExchangeRateFactory()

    assert converted() == set()
    assert euros(variant) is None


@pytest.mark.django_db
def test_prices_follow_the_base_the_rate_and_the_rounding():
    variant, market = VariantFactory(price=Decimal("20.00")), follower()
    ExchangeRateFactory()
    converted()
    seen = [euros(variant).amount]

    Price.objects.filter(variant=variant, market__code="uk").update(amount=Decimal("22.00"))
    converted()
    seen.append(euros(variant).amount)
    ExchangeRateFactory(rate=Decimal("0.88"), at=timezone.now())
    converted()
    seen.append(euros(variant).amount)
    Market.objects.filter(pk=market.pk).update(rounding="0.99")
    converted()
    seen.append(euros(variant).amount)

    assert seen == [Decimal("25.00"), Decimal("27.50"), Decimal("25.00"), Decimal("24.99")]


@pytest.mark.django_db
def test_without_a_rate_there_is_no_price_and_so_no_card(demo_market):
    variant = VariantFactory(price=Decimal("20.00"))
    follower()
    rate = ExchangeRateFactory()
    browsing.refresh_cards(product_ids=[variant.product_id], now=timezone.now())
    assert Card.objects.filter(product=variant.product, market__code="eu").exists()
    rate.delete()

    browsing.refresh_cards(product_ids=[variant.product_id], now=timezone.now())

    assert not Card.objects.filter(product=variant.product, market__code="eu").exists()
    assert euros(variant) is None


@pytest.mark.django_db
def test_a_sale_is_taken_off_a_computed_price(demo_market):
    variant = VariantFactory(price=Decimal("20.00"))
    follower()
    ExchangeRateFactory()
    SaleFactory()

    browsing.refresh_cards(product_ids=[variant.product_id], now=timezone.now())

    assert euros(variant).current == Decimal("22.50")


@pytest.mark.django_db
def test_prices_without_tax_follow_prices_with_it():
    variant = VariantFactory(price=Decimal("24.00"))
    TaxRateFactory()
    follower(prices_include_tax=False)
    ExchangeRateFactory()

    converted()

    assert euros(variant).amount == Decimal("25.00")


# Rates


@pytest.mark.django_db
def test_a_rate_is_found_straight_back_and_through_a_third():
    MarketFactory()
    ExchangeRateFactory()
    ExchangeRateFactory(quote="USD", rate=Decimal("1.20"))
    now = timezone.now()

    found = [exchange_rate(code, now) for code in ("GBP", "EUR", "USD", "CHF")]

    assert found == [1, Decimal("0.8"), Decimal("0.66666667"), None]
    assert rates_at(now).of("GBP", "EUR", now=now).rate == Decimal("1.25")


@pytest.mark.django_db
def test_the_newest_rate_counts_and_an_old_one_is_called_old():
    MarketFactory()
    now = timezone.now()
    ExchangeRateFactory(rate=Decimal("0.70"), at=now - 8 * DAY)
    ExchangeRateFactory(rate=Decimal("0.90"), at=now + DAY)

    known = rates_at(now).of("EUR", "GBP", now=now)

    assert (known.rate, known.is_stale(now=now)) == (Decimal("0.7"), True)
    assert not rates_at(now + DAY).of("EUR", "GBP", now=now + DAY).is_stale(now=now + DAY)


def test_reads_the_banks_day():
    day = ecb.read(XML)

    assert f"{day.on}" == "2026-11-20"
    assert day.rates == {"USD": Decimal("1.1012"), "GBP": Decimal("0.8000")}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html></html>",
        XML.replace(b"0.8000", b"nought"),
        XML.replace(b"0.8000", b"-1"),
        XML.replace(b"GBP", b"pound"),
        XML.replace(b"2026-11-20", b"today"),
        XML.replace(b"<gesmes:Env", b'<!DOCTYPE x [<!ENTITY a "b">]><gesmes:Env', 1),
    ],
)
def test_refuses_what_is_not_a_day_of_rates(content):
    with pytest.raises(ecb.NotRates):
        ecb.read(content)


@pytest.mark.django_db(transaction=True)
def test_asks_the_bank_and_keeps_its_answer_once():
    with serving({"/daily.xml": Answer(XML, kind="text/xml")}) as server:
        ask = partial(
            pricing.fetch_rates,
            now=timezone.now(),
            address=f"{server.url}/daily.xml",
            fetcher=partial(safe_fetch, trusted={server.door}),
        )
        counts = ask(), ask()

    assert counts == (2, 0)
    assert sorted(ExchangeRate.objects.values_list("quote", "source")) == [
        ("GBP", "ECB"),
        ("USD", "ECB"),
    ]


@pytest.mark.django_db(transaction=True)
def test_goes_on_with_yesterdays_rates_when_the_bank_says_nonsense():
    def nonsense(address, **_how):
        return Fetched(b"<html>down for maintenance</html>", "text/xml", address)

    assert pricing.fetch_rates(now=timezone.now(), fetcher=nonsense) == 0


# Rounding


@given(amount=st.decimals("0", "99999", places=4), rule=ANY_RULE, currency=ANY_CURRENCY)
def test_a_rounded_price_is_payable_and_near(amount, rule, currency):
    found = rounded(amount, rule, currency)

    assert found >= 0
    assert found % quantum(currency) == 0
    assert abs(found - amount) <= 1
    if rule and exponent(currency) and amount > 0:
        step = Decimal(rule)
        ends = found % 1 == step if rule in {"0.99", "0.95", "0.90"} else found % step == 0
        assert ends


@given(amount=st.decimals("0", "99999", places=4), rule=ANY_RULE, currency=ANY_CURRENCY)
def test_rounding_twice_is_rounding_once(amount, rule, currency):
    once = rounded(amount, rule, currency)

    assert rounded(once, rule, currency) == once


@given(
    amounts=st.lists(st.decimals("0", "9999", places=3), min_size=2, max_size=2),
    rule=ANY_RULE,
    currency=ANY_CURRENCY,
)
def test_rounding_keeps_the_order_of_prices(amounts, rule, currency):
    low, high = sorted(amounts)

    assert rounded(low, rule, currency) <= rounded(high, rule, currency) or low == 0
