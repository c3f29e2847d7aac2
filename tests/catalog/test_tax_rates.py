"""The rates that come with the shop, held against the list they were taken from."""

import datetime as dt
import json
import re
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.backends.postgresql.psycopg_any import DateRange

from catalog.models import TaxClass, TaxRate, TaxTerritory
from catalog.models.market import EU
from catalog.services import tax_rates
from catalog.services.tax_rates import UnknownCountry

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parents[1] / "data" / "tax" / "vat_rates_2025.json"
COUNTRIES = json.loads(DATA.read_text())["items"]
CLASS_OF = {"reduced1": "reduced"}
# Estonia names the rate of the press; it is the lower of its two.
ESTONIA = {"press_publications": "reduced", "reduced": "reduced2"}
LISTED_ON = dt.date(2025, 8, 12)
TODAY = dt.date(2026, 11, 22)
STANDARD = {
    "AT": 20,
    "BE": 21,
    "BG": 20,
    "CY": 19,
    "CZ": 21,
    "DE": 19,
    "DK": 25,
    "EE": 24,
    "ES": 21,
    "FI": "25.5",
    "FR": 20,
    "GB": 20,
    "GR": 24,
    "HR": 25,
    "HU": 27,
    "IE": 23,
    "IT": 22,
    "LT": 21,
    "LU": 17,
    "LV": 21,
    "MT": 18,
    "NL": 21,
    "PL": 23,
    "PT": 23,
    "RO": 21,
    "SE": 25,
    "SI": 22,
    "SK": 23,
}


def listed():
    """(country, class, day, rate) for every rate of the list, on its first day and on its last."""
    for country, periods in COUNTRIES.items():
        ends = [LISTED_ON + dt.timedelta(days=1), *(_day(one) for one in periods)]
        for end, period in zip(ends, periods, strict=False):
            first = _day(period) or end - dt.timedelta(days=1)
            for key, rate in period["rates"].items():
                is_latest_estonia = country == "EE" and "press_publications" in period["rates"]
                code = (ESTONIA if is_latest_estonia else CLASS_OF).get(key, key)
                for day in {first, end - dt.timedelta(days=1)}:
                    yield country, code, day, Decimal(str(rate))


def _day(period):
    text = period["effective_from"]
    return None if text.startswith("0000") else dt.date.fromisoformat(text)


def rate_of(country, code, day, region=""):
    found = TaxRate.objects.on(day).filter(country=country, region=region, tax_class__code=code)
    return found.values_list("rate", flat=True).first()


@pytest.fixture
def loaded(db):
    return tax_rates.load()


def test_every_country_has_its_standard_rate_of_today(loaded):
    found = {country: rate_of(country, "standard", TODAY) for country in STANDARD}

    assert found == {country: Decimal(rate) for country, rate in STANDARD.items()}
    assert len(found) == 28
    assert set(found) == EU | {"GB"}


def test_every_rate_of_the_list_holds_on_its_first_and_last_day(loaded):
    rows = list(listed())

    wrong = [row for row in rows if rate_of(*row[:3]) != row[3]]

    assert not wrong
    assert len({row[0] for row in rows}) == 28
    assert len(rows) > 200


def test_no_country_has_a_rate_that_the_list_does_not_know(loaded):
    known = {(country, code): set() for country, code, _day, _rate in listed()}
    for country, code, _day, rate in listed():
        known[country, code].add(rate)
    later = {("FI", "reduced2"): Decimal("13.5"), ("LT", "reduced2"): Decimal(12)}

    rows = TaxRate.objects.filter(region="").exclude(tax_class__code="zero")
    unknown = {
        (rate.country, rate.tax_class.code, rate.rate)
        for rate in rows.select_related("tax_class")
        if rate.rate not in known.get((rate.country, rate.tax_class.code), set())
    }

    assert unknown == {(*key, rate) for key, rate in later.items()}


@pytest.mark.parametrize(
    ("country", "code", "day", "rate"),
    [
        ("DE", "standard", "2020-06-30", 19),
        ("DE", "standard", "2020-07-01", 16),
        ("DE", "standard", "2020-12-31", 16),
        ("DE", "standard", "2021-01-01", 19),
        ("EE", "standard", "2025-06-30", 22),
        ("EE", "standard", "2025-07-01", 24),
        ("FI", "reduced2", "2025-12-31", 14),
        ("FI", "reduced2", "2026-01-01", "13.5"),
        ("LT", "reduced2", "2025-12-31", 9),
        ("LT", "reduced2", "2026-01-01", 12),
        ("RO", "reduced", "2025-07-31", 5),
        ("RO", "reduced", "2025-08-01", 11),
        ("RO", "reduced2", "2025-08-01", None),
        ("CZ", "reduced2", "2023-12-31", 15),
        ("CZ", "reduced2", "2024-01-01", None),
        ("IE", "zero", "2026-01-01", 0),
        ("IE", "super_reduced", "2026-01-01", "4.8"),
    ],
)
def test_a_rate_holds_from_its_day_on(loaded, country, code, day, rate):
    found = rate_of(country, code, dt.date.fromisoformat(day))

    assert found == (None if rate is None else Decimal(rate))


def test_the_seventeen_exceptions_of_the_list_are_territories(loaded):
    wanted = {
        (country, one["name"]): one
        for country, periods in COUNTRIES.items()
        for period in periods
        for one in period.get("exceptions", [])
    }
    spelt = {"Reunion": "Réunion"}
    # The list still has what held in the Azores until June 2021.
    day = {"Azores": dt.date(2021, 6, 30)}

    found = {}
    for country, name in wanted:
        territory = TaxTerritory.objects.get(country=country, name=spelt.get(name, name))
        on = day.get(name, TODAY)
        found[country, name] = (
            territory.postcodes,
            rate_of(country, "standard", on, territory.region),
        )

    assert len(wanted) == 17
    assert found == {
        key: (one["postcode"], Decimal(str(one["standard"]))) for key, one in wanted.items()
    }


@pytest.mark.parametrize(
    ("country", "region", "code", "rate"),
    [
        ("PT", "azores", "standard", 16),
        ("PT", "madeira", "reduced", 4),
        ("FR", "corsica", "reduced", "2.1"),
        ("FR", "reunion", "reduced2", "2.1"),
        ("FI", "aland", "reduced", 0),
        ("ES", "canaries", "super_reduced", 0),
        ("US", "CA", "standard", "7.25"),
        ("US", "LA", "standard", 5),
        ("US", "OR", "standard", 0),
        ("US", "NJ", "standard", "6.625"),
    ],
)
def test_a_territory_has_rates_of_its_own(loaded, country, region, code, rate):
    assert rate_of(country, code, TODAY, region) == Decimal(rate)


def test_every_state_and_every_pattern_can_be_read(loaded):
    territories = TaxTerritory.objects.all()

    assert territories.filter(country="US").count() == 51
    for territory in territories:
        re.compile(territory.postcodes)


def test_loading_twice_changes_nothing(loaded):
    before = list(TaxRate.objects.order_by("pk").values())

    again = tax_rates.load()

    assert (again.added, again.ended, again.territories, again.kept) == (0, 0, 0, [])
    assert list(TaxRate.objects.order_by("pk").values()) == before


def test_what_staff_changed_stays_and_is_named(loaded):
    TaxRate.objects.filter(country="DK", tax_class__code="standard").update(rate=26)
    TaxTerritory.objects.filter(country="GR").update(postcodes="6308[67]")
    TaxClass.objects.filter(code="zero").update(name="Nought")

    again = tax_rates.load()

    assert again.kept == ["DK standard", "GR athos"]
    assert rate_of("DK", "standard", TODAY) == 26
    assert TaxTerritory.objects.get(country="GR").postcodes == "6308[67]"
    assert TaxClass.objects.get(code="zero").name == "Nought"


def test_an_open_rate_of_an_older_list_ends_where_the_next_begins(db):
    tax_rates.load_classes()
    reduced2 = TaxClass.objects.get(code="reduced2")
    old = TaxRate.objects.create(
        country="FI", tax_class=reduced2, rate=14, valid=DateRange(None, None)
    )

    loaded = tax_rates.load(countries=["fi"])

    old.refresh_from_db()
    assert loaded.ended == 1
    assert old.valid.upper == dt.date(2026, 1, 1)
    assert rate_of("FI", "reduced2", TODAY) == Decimal("13.5")


def test_only_the_countries_asked_for_are_loaded(db):
    said = StringIO()

    call_command("load_tax_rates", "--country", "de", "FR", stdout=said)

    assert set(TaxRate.objects.values_list("country", flat=True)) == {"DE", "FR"}
    assert "rates added" in said.getvalue()


def test_the_command_says_what_it_left_alone(loaded):
    TaxRate.objects.filter(country="DK").update(rate=26)
    said = StringIO()

    call_command("load_tax_rates", stdout=said)

    assert "Left as somebody changed them: DK standard." in said.getvalue()


def test_a_country_that_no_list_has_is_refused(db):
    with pytest.raises(UnknownCountry, match="XX"):
        tax_rates.load(countries=["XX", "DE"])
    with pytest.raises(CommandError, match="XX"):
        call_command("load_tax_rates", "--country", "XX")

    assert not TaxRate.objects.exists()
