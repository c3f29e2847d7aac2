"""Taxes in the staff pages: what holds now, what comes next, and what can't be typed in."""

import datetime as dt

import pytest
import time_machine
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from catalog.models import TaxClass, TaxRate, TaxRegistration, TaxTerritory
from catalog.services import tax_rates
from tests.factories.people import staff

pytestmark = pytest.mark.django_db
RATES = reverse("admin:catalog_taxrate_changelist")
NOW = dt.datetime(2025, 9, 1, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _rates():
    tax_rates.load(countries=["FI", "ES"])


@pytest.fixture
def manager(client):
    client.force_login(staff("manager"))
    with time_machine.travel(NOW, tick=False):
        yield client


def text_of(client, **query):
    return client.get(RATES, query).content.decode()


def add(client, model, **fields):
    page = reverse(f"admin:catalog_{model}_add")
    return client.post(page, fields)


def errors(answer):
    return " ".join(str(error) for error in answer.context["adminform"].form.errors.values())


def test_the_list_says_what_changes_next(manager):
    page = text_of(manager, q="FI")

    assert "13.5% from 1 Jan 2026" in page
    assert "always – 31 Aug 2024" in page


def test_rates_can_be_narrowed_to_those_in_force(manager):
    past, now, to_come = (text_of(manager, q="FI", time=t) for t in ("over", "in_force", "to_come"))

    assert ["always – 31 Aug 2024" in page for page in (past, now, to_come)] == [True, False, False]
    assert ["1 Sep 2024 – …" in page for page in (past, now, to_come)] == [False, True, False]
    assert ["1 Jan 2026 – …" in page for page in (past, now, to_come)] == [False, False, True]


def test_a_country_is_written_in_two_capitals(manager):
    standard = TaxClass.objects.get(code="standard")
    fields = {"region": "", "tax_class": standard.pk, "name": "VAT", "rate": "8"}

    refused = add(manager, "taxrate", **fields, country="S1")
    taken = add(manager, "taxrate", **fields, country="ch")

    assert "two letters" in errors(refused)
    assert taken.status_code == 302
    assert TaxRate.objects.get(country="CH").valid == DateRange(None, None)


@pytest.mark.parametrize("pattern", ["(35", "[9-0]", "a{99999999999}"])
def test_a_pattern_that_can_not_be_read_is_refused(manager, pattern):
    answer = add(
        manager, "taxterritory", country="ES", region="x", name="Nowhere", postcodes=pattern
    )

    assert "not a regular expression" in errors(answer)
    assert not TaxTerritory.objects.filter(region="x").exists()


def test_a_registration_has_a_number_whose_figures_fit(manager):
    wrong = add(manager, "taxregistration", country="ie", scheme="domestic", number="IE6547363R")
    right = add(manager, "taxregistration", country="ie", scheme="domestic", number="6547363 q")

    assert "do not fit together" in errors(wrong)
    assert right.status_code == 302
    assert TaxRegistration.objects.get().number == "IE6547363Q"


def test_the_one_stop_shop_is_the_unions(manager):
    answer = add(manager, "taxregistration", country="GB", scheme="oss", number="GB228453711")

    assert "member state" in errors(answer)


def test_pages_of_one_thing_open(manager):
    add(manager, "taxregistration", country="ie", scheme="domestic", number="IE6547363Q")

    for model in (TaxRate, TaxTerritory, TaxRegistration, TaxClass):
        page = f"admin:catalog_{model._meta.model_name}_change"
        assert manager.get(reverse(page, args=[model.objects.first().pk])).status_code == 200


def test_the_code_of_a_class_stays(manager):
    standard = TaxClass.objects.get(code="standard")
    page = reverse("admin:catalog_taxclass_change", args=[standard.pk])

    manager.post(page, {"name": "Ordinary goods", "code": "other"})

    standard.refresh_from_db()
    assert (standard.name, standard.code) == ("Ordinary goods", "standard")
