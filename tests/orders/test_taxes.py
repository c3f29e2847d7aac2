"""Whose tax, at which rate, and who is let off."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.models import Customer, VatCheck
from catalog.models import TaxClass, TaxRate, TaxRegistration, TaxTerritory
from catalog.services import tax_rates
from orders.services import taxes
from tests.factories import MarketFactory

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 22)
NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
GERMAN, FRENCH, IRISH, NORTHERN = "DE325249188", "FR32653628719", "IE6547363Q", "XI602224692"
COUNTRIES = ["DE", "ES", "FR", "GB", "GR", "IE", "IT", "PT", "US", "DK"]


@pytest.fixture(autouse=True)
def _rates():
    tax_rates.load(countries=COUNTRIES)


@pytest.fixture
def eu():
    return MarketFactory(eu=True)


@pytest.fixture
def uk():
    return MarketFactory()


def registered(country, scheme="domestic", number="IE6547363Q", valid=(None, None)):
    return TaxRegistration.objects.create(
        country=country, scheme=scheme, number=number, valid=DateRange(*valid)
    )


def proved(number, *, state=VatCheck.State.VALID, at=NOON):
    return VatCheck.objects.create(number=number, state=state, asked_at=at, answered_at=at)


def found(market, country, **more):
    return taxes.rules(market=market, country=country, on=more.pop("on", TODAY), **more)


def rate(market, country, tax_class="standard", **more):
    return found(market, country, **more).rate(tax_class).rate


# Where


def test_without_a_registration_every_known_rate_is_charged(eu):
    assert [rate(eu, country) for country in ("DE", "IE", "GB")] == [19, 23, 20]
    assert found(eu, "DE").relief == ""


def test_the_day_decides(eu):
    days = [dt.date(2020, 6, 30), dt.date(2020, 7, 1), dt.date(2021, 1, 1)]

    assert [rate(eu, "DE", on=day) for day in days] == [19, 16, 19]


@pytest.mark.parametrize(
    ("country", "postcode", "region", "standard", "reduced"),
    [
        ("ES", "35001", "canaries", 0, 0),
        ("ES", "38900", "canaries", 0, 0),
        ("ES", "51001", "ceuta", 0, 0),
        ("ES", "52006", "melilla", 0, 0),
        ("ES", "28001", "", 21, 10),
        ("DE", "27498", "helgoland", 0, 0),
        ("DE", "78266", "buesingen", 0, 0),
        ("DE", "27499", "", 19, 7),
        ("FR", "20000", "corsica", 20, "2.1"),
        ("FR", "97110", "guadeloupe", "8.5", "2.1"),
        ("FR", "97400", "reunion", "8.5", "2.1"),
        ("FR", "97300", "guyane", 0, 0),
        ("FR", "75001", "", 20, "5.5"),
        ("GR", "63086", "athos", 0, 0),
        ("GR", "630 86", "athos", 0, 0),
        ("IT", "23041", "livigno", 0, 0),
        ("PT", "9000-123", "madeira", 22, 4),
        ("PT", "9500 001", "azores", 16, 4),
        ("PT", "1000-001", "", 23, 6),
        ("GB", "bt1 1aa", "northern-ireland", 20, 5),
        ("GB", "N1 9GU", "", 20, 5),
        ("US", "94105", "CA", "7.25", "7.25"),
        ("US", "94105-1804", "CA", "7.25", "7.25"),
        ("US", "97201", "OR", 0, 0),
        ("US", "10001", "NY", 4, 4),
        ("DE", "", "", 19, 7),
        ("DE", "x" * 5000, "", 19, 7),
    ],
)
def test_a_postcode_leads_to_its_territory(eu, country, postcode, region, standard, reduced):
    rules = found(eu, country, postcode=postcode)

    assert rules.region == region
    assert [rules.rate(code).rate for code in ("standard", "reduced")] == [
        Decimal(standard),
        Decimal(reduced),
    ]


def test_what_a_territory_does_not_say_its_country_does(eu):
    rules = found(eu, "PT", postcode="9000-123")

    assert rules.rate("parking").rate == 13


@pytest.mark.parametrize(
    ("country", "tax_class", "rate_charged"),
    [
        ("GB", "zero", 0),
        ("IE", "zero", 0),
        ("DE", "zero", 7),
        ("DE", "super_reduced", 7),
        ("DE", "reduced2", 7),
        ("DE", "parking", 19),
        ("DK", "zero", 25),
        ("IE", "super_reduced", "4.8"),
        ("DE", "toys", 19),
    ],
)
def test_a_class_that_a_country_does_not_know_is_never_untaxed(
    eu, country, tax_class, rate_charged
):
    TaxClass.objects.create(code="toys", name="Toys")

    assert rate(eu, country, tax_class) == Decimal(rate_charged)


@pytest.mark.parametrize("pattern", ["(", "[9-0]", "a{99999999999}", "(?P<n>", "\\"])
def test_a_broken_pattern_is_passed_over(eu, pattern):
    TaxTerritory.objects.create(country="ES", region="a", name="Nowhere", postcodes=pattern)

    assert found(eu, "ES", postcode="35001").region == "canaries"


def test_a_country_without_rates_has_none(eu):
    rules = found(eu, "CH", postcode="8001")

    assert (rules.rates, rules.relief, rules.rate("standard").rate) == ({}, "", 0)


def test_the_market_says_whether_prices_include_tax(uk):
    uk.prices_include_tax = False

    assert found(uk, "GB").included is False


# Registrations


def test_where_the_shop_is_registered_its_rates_are_charged(eu):
    registered("IE")
    registered("DE", number=GERMAN)

    assert [(rate(eu, c), found(eu, c).country) for c in ("IE", "DE")] == [(23, "IE"), (19, "DE")]


def test_the_one_stop_shop_covers_the_union(eu):
    registered("IE")
    registered("IE", scheme="oss")

    rules = found(eu, "FR", postcode="97110")

    assert (rules.country, rules.region, rules.relief) == ("FR", "guadeloupe", "")
    assert rules.rate("standard").rate == Decimal("8.5")


def test_a_small_seller_of_the_union_charges_its_own_rates(eu):
    registered("IE")

    rules = found(eu, "FR", postcode="97110")

    assert (rules.country, rules.region, rules.relief) == ("IE", "", "")
    assert rules.rate("standard").rate == 23


@pytest.mark.parametrize("country", ["GB", "US", "CH"])
def test_elsewhere_is_an_export_and_prices_lose_the_tax_of_home(eu, country):
    registered("IE")
    registered("IE", scheme="oss")

    rules = found(eu, country, postcode="94105")

    assert (rules.country, rules.relief) == (country, "export")
    assert rules.rate("standard").rate == 23


def test_a_british_seller_exports_to_the_union(uk):
    registered("GB", number="GB228453711")

    assert (found(uk, "GB").relief, rate(uk, "GB")) == ("", 20)
    assert (found(uk, "DE").relief, rate(uk, "DE")) == ("export", 20)


def test_territories_outside_the_tax_of_the_union_are_exports(eu):
    registered("IE")
    registered("IE", scheme="oss")

    rules = found(eu, "ES", postcode="35001")

    assert (rules.region, rules.relief) == ("canaries", "export")
    assert rules.rate("standard").rate == 23


def test_a_state_without_sales_tax_is_not_an_export(uk):
    registered("US", number="12-3456789")

    rules = found(uk, "US", postcode="97201")

    assert (rules.relief, rules.rate("standard").rate) == ("", 0)


def test_a_registration_counts_in_its_time(eu):
    registered("IE", valid=(dt.date(2026, 1, 1), dt.date(2027, 1, 1)))

    days = [dt.date(2025, 12, 31), dt.date(2026, 1, 1), dt.date(2027, 1, 1)]

    assert [found(eu, "GB", on=day).relief for day in days] == ["", "export", ""]


# Businesses and exempt customers


@pytest.mark.parametrize("schemes", [["domestic"], ["domestic", "oss"]])
def test_a_proved_business_of_another_member_state_is_charged_in_reverse(eu, schemes):
    for scheme in schemes:
        registered("IE", scheme=scheme)
    proved(GERMAN)

    rules = found(eu, "DE", vat_number="de 325 249 188")

    assert (rules.country, rules.relief) == ("DE", "reverse_charge")
    assert rules.rate("standard").rate == (19 if "oss" in schemes else 23)


def test_a_business_may_have_its_goods_sent_to_a_third_member_state(eu):
    registered("IE")
    proved(GERMAN)

    assert found(eu, "FR", vat_number=GERMAN).relief == "reverse_charge"


@pytest.mark.parametrize(
    ("country", "number", "state"),
    [
        ("DE", GERMAN, "unanswered"),
        ("DE", GERMAN, "invalid"),
        ("DE", FRENCH, None),
        ("DE", "nonsense", None),
        ("DE", "", None),
        ("IE", GERMAN, "valid"),
        ("DE", IRISH, "valid"),
        ("DE", NORTHERN, "valid"),
    ],
)
def test_tax_is_charged_when_reverse_charge_does_not_hold(eu, country, number, state):
    registered("IE")
    registered("IE", scheme="oss")
    if state:
        proved(number, state=state)

    rules = found(eu, country, vat_number=number)

    assert rules.relief == ""
    assert rules.rate("standard").rate in (19, 23)


def test_without_a_registration_in_the_union_nothing_is_reversed(eu):
    proved(GERMAN)

    assert found(eu, "DE", vat_number=GERMAN).relief == ""


def test_where_the_shop_has_a_local_registration_it_charges_businesses_too(eu):
    registered("IE")
    registered("DE", number=GERMAN)
    proved(FRENCH)

    assert found(eu, "DE", vat_number=FRENCH).relief == ""
    assert found(eu, "FR", vat_number=FRENCH).relief == "reverse_charge"


def test_a_proof_is_relied_on_for_ninety_days(eu):
    registered("IE")
    proved(GERMAN, at=NOON - dt.timedelta(days=89))
    young = found(eu, "DE", vat_number=GERMAN)
    VatCheck.objects.update(answered_at=NOON - dt.timedelta(days=92))

    assert young.relief == "reverse_charge"
    assert found(eu, "DE", vat_number=GERMAN).relief == ""


def test_an_exempt_customer_pays_no_tax(uk):
    customer = Customer(email="school@example.com", is_tax_exempt=True, exemption="Charity 7")

    rules = found(uk, "GB", customer=customer)

    assert (rules.relief, rules.rate("standard").rate) == ("exempt", 20)
    assert found(uk, "GB", customer=Customer(email="a@example.com")).relief == ""


def test_rates_are_read_once_and_two_queries_are_enough_from_then_on(
    eu, django_assert_max_num_queries
):
    registered("IE")
    registered("IE", scheme="oss")
    proved(GERMAN)
    found(eu, "DE", postcode="27499", vat_number=GERMAN)

    with django_assert_max_num_queries(2):
        found(eu, "DE", postcode="27499", vat_number=GERMAN, customer=Customer(email="a@b.c"))


def test_rates_of_territories_do_not_leak_into_the_country(eu):
    assert TaxRate.objects.filter(country="FR").exclude(region="").exists()
    assert rate(eu, "FR") == 20
