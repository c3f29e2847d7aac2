"""The pages about stock: who may read them, links that lead somewhere, files, a fixed price."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from analytics.views.stock import REPORTS
from catalog.models import Market, SearchCount
from marketing.models import Alert
from orders.models import Wishlist
from tests.analytics.stock.shelves import corrected, delivered, lines_of, links_of, text_of, week
from tests.factories.people import UserFactory, staff
from tests.factories.sourcing import forecast_of, offered

pytestmark = pytest.mark.django_db
STOCK = "/dashboard/stock/"
PAGES = [STOCK, *(f"{STOCK}reports/{name}/" for name in REPORTS)]
FILES = [f"{STOCK}reports/{name}.csv" for name in REPORTS]


@pytest.mark.parametrize("path", [*PAGES, *FILES])
def test_what_stock_is_worth_is_for_managers(warehouse, path):
    assert warehouse.get(path).status_code == 403


@pytest.mark.parametrize("path", [*PAGES[:2], FILES[0]])
def test_strangers_are_sent_to_the_login(client, path):
    assert client.get(path)["Location"].startswith(reverse("account_login"))


def test_customers_are_told_no(client):
    client.force_login(UserFactory())

    assert client.get(STOCK).status_code == 403


@pytest.mark.parametrize("path", PAGES)
def test_an_empty_shop_has_pages_that_say_so(manager, path):
    answer = manager.get(path)

    assert answer.status_code == 200
    assert path == STOCK or "Show all" in text_of(answer)


@pytest.mark.parametrize("path", FILES)
def test_files_of_an_empty_shop_have_a_line_of_names(manager, path):
    answer = manager.get(path)

    assert answer.status_code == 200
    assert lines_of(answer) == []


@pytest.mark.parametrize("path", PAGES)
def test_every_number_leads_to_a_page(manager, path):
    _a_bit_of_everything()

    answer = manager.get(path)

    assert {url: manager.get(url).status_code for url in links_of(answer)} == dict.fromkeys(
        links_of(answer), 200
    )


@pytest.mark.parametrize("name", [name for name in REPORTS if name != "suppliers"])
def test_the_file_has_the_rows_of_the_page(manager, name):
    _a_bit_of_everything()

    shown = manager.get(f"{STOCK}reports/{name}/").context["table"].rows
    lines = lines_of(manager.get(f"{STOCK}reports/{name}.csv"))

    assert len(shown) == len(lines) > 0


@pytest.mark.parametrize("path", PAGES)
def test_a_shop_with_more_goods_asks_no_more_of_the_database(manager, path):
    _a_bit_of_everything()
    few = _queries(manager, path)
    for _number in range(10):
        _a_bit_of_everything()

    assert _queries(manager, path) == few <= 26


@pytest.mark.parametrize("path", PAGES[1:])
def test_a_question_that_makes_no_sense_is_answered_kindly(manager, path):
    asked = {"supplier": "nobody", "location": "x", "on": "soon", "start": "never", "page": "z"}

    assert manager.get(path, asked).status_code in (200, 400)


def test_a_report_nobody_knows_is_not_found(manager):
    assert manager.get(f"{STOCK}reports/weather/").status_code == 404
    assert manager.get(f"{STOCK}reports/weather.csv").status_code == 404


def test_only_reading_is_possible(manager):
    assert manager.post(STOCK).status_code == 405


def test_the_menu_shows_where_one_is(manager):
    pages = manager.get(f"{STOCK}reports/dead/").context["pages"]

    assert [page["name"] for page in pages if page["is_current"]] == ["Dead stock"]


def test_marketing_reads_no_costs(client):
    client.force_login(staff("marketing"))

    assert client.get(STOCK).status_code == 403


def _a_bit_of_everything():
    """A variant that is in every report."""
    dead = delivered(40)
    forecast_of(dead, "1", abc="A", xyz="Z")
    offered(dead)
    week(dead, "2026-10-05", units=0, days_out=3)
    corrected(dead, -2)
    SearchCount.objects.get_or_create(
        market=_market(),
        day="2026-11-01",
        text=f"lamp {dead.pk}",
        defaults={"searches": 3},
    )
    Alert.objects.create(
        kind="back_in_stock",
        status="active",
        variant=dead,
        market=_market(),
        email="a@b.example",
        created_at=timezone.now(),
    )
    _wish(dead)


def _market():
    return Market.objects.get()


def _wish(variant):
    wishlist = Wishlist.objects.create(
        market=_market(), name="Wishes", created_at=timezone.now(), updated_at=timezone.now()
    )
    wishlist.lines.create(variant=variant, price_seen="9.00", added_at=timezone.now())


def _queries(client, path):
    """Of the second or third time: what is kept for seconds may just have been forgotten."""
    client.get(path)
    return min(_once(client, path) for _time in range(2))


def _once(client, path):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)
