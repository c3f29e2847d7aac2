import csv
import io
import re
from html import unescape

import pytest
import time_machine
from django.urls import reverse

from catalog.models import Market
from catalog.queries import markets
from payments.models import Reconciliation
from tests.analytics.books import NOW, sale
from tests.exported import without_mark
from tests.factories import MarketFactory, ProductFactory, in_stock
from tests.factories.people import UserFactory, staff

pytestmark = pytest.mark.django_db
BUDGET = 15
DASHBOARD = "/dashboard/"


@pytest.fixture(autouse=True)
def _now():
    MarketFactory()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def manager(client):
    client.force_login(staff("manager"))
    return client


def kpi_urls(page):
    """The address behind each tile, by its label."""
    tiles = re.findall(
        r'kpi__label"[^>]*>([^<]+)</p>\s*<p class="kpi__value"><a [^>]*href="([^"]+)"', page
    )
    return {unescape(label): unescape(url) for label, url in tiles}


def text_of(answer):
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


def rows_of(answer):
    return list(csv.reader(io.StringIO(without_mark(answer.getvalue().decode()))))


def test_strangers_are_sent_to_the_login(client):
    answer = client.get(DASHBOARD)

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("path", ["", "orders/", "orders.csv", "days.csv"])
def test_staff_without_the_permission_are_told_no(client, path):
    client.force_login(staff("warehouse"))

    assert client.get(DASHBOARD + path).status_code == 403


def test_shoppers_with_a_login_are_told_no(client):
    client.force_login(UserFactory())

    assert client.get(DASHBOARD).status_code == 403


def test_a_manager_sees_what_was_sold(manager):
    order = sale()

    answer = manager.get(DASHBOARD)

    assert answer.status_code == 200
    assert f"£{order.net:.2f}" in text_of(answer)
    assert "Data until Sat 21 Nov 2026, 19:00" in text_of(answer)


def test_who_may_not_open_orders_sees_the_figures_without_links(client):
    order = sale()
    client.force_login(staff("marketing"))

    page = client.get(f"{DASHBOARD}orders/").content.decode()

    assert order.number in page
    assert "/admin/orders/order/" not in page


def test_a_list_of_orders_tells_no_names(manager):
    sale(name="Ada Byron", email="ada@example.com")

    page = manager.get(f"{DASHBOARD}orders/").content.decode()

    assert "Byron" not in page
    assert "ada@" not in page


def test_the_dashboard_is_only_read(manager):
    assert manager.post(DASHBOARD).status_code == 405


def test_every_figure_leads_to_its_orders(manager):
    sale("2026-09-10 10:00", email="alice@example.com")
    sale("2026-11-20 10:00", email="alice@example.com")
    sale("2026-11-19 10:00", email="bob@example.com", refunded="3.00")
    page = manager.get(DASHBOARD).content.decode()

    listed = {label: manager.get(url).context for label, url in kpi_urls(page).items()}

    orders = {label: context["sums"]["orders"] for label, context in listed.items()}
    assert orders == {
        "Net sales": 2,
        "Orders": 2,
        "Average order": 2,
        "Units sold": 2,
        "Refund rate": 1,
        "Returning customers": 1,
    }
    rows = listed["Orders"]["rows"]
    assert len(rows) == 2
    assert sum(row.counted for row in rows) == listed["Net sales"]["sums"]["net"]


def test_better_and_worse_are_said_in_words(manager):
    sale("2026-10-20 10:00")
    sale("2026-11-10 10:00")
    sale("2026-11-11 10:00", refunded="2.00")

    text = text_of(manager.get(DASHBOARD))

    assert "▲ 100%, better; before: 1" in text
    assert "▲ 50.0 points, worse; before: 0.0%" in text


def test_a_month_is_shown_beside_a_shorter_one(manager):
    response = manager.get(DASHBOARD, {"period": "last-month"})

    # October has a day more than September.
    assert [(row.on, row.before_on) for row in response.context["days"]][-2:] == [
        ("Fri 30 Oct", "Wed 30 Sept"),
        ("Sat 31 Oct", ""),
    ]


def test_it_asks_the_same_number_of_questions_for_one_order_and_for_many(
    manager, django_assert_max_num_queries
):
    sale()
    markets.forget()
    with django_assert_max_num_queries(BUDGET):
        manager.get(DASHBOARD)
    for day in range(1, 8):
        sale(f"2026-11-0{day} 10:00")

    markets.forget()
    with django_assert_max_num_queries(BUDGET):
        manager.get(DASHBOARD)


@pytest.mark.parametrize(
    "query",
    [
        "period=custom",
        "period=custom&start=2026-11-10&end=2026-11-01",
        "period=custom&start=2026-02-30&end=2026-03-01",
        "period=custom&start=1990-01-01&end=2026-03-01",
        "period=forever",
        "market=mars",
    ],
)
def test_a_question_without_sense_is_answered_with_400_and_a_page(manager, query):
    answer = manager.get(f"{DASHBOARD}?{query}")

    assert answer.status_code == 400
    assert "field__error" in answer.content.decode()


def test_nothing_in_the_page_needs_inline_styles_or_scripts(manager):
    sale()

    page = manager.get(DASHBOARD).content.decode()

    assert "style=" not in page
    assert "onclick" not in page


def test_the_chart_says_in_words_what_it_draws(manager):
    sale()

    page = manager.get(DASHBOARD).content.decode()

    assert '<title id="plot-title">Net sales per day, 23 Oct – 21 Nov 2026: £21.58' in page


def test_the_days_come_as_csv_with_exact_figures(manager):
    order = sale("2026-11-20 10:00")

    rows = rows_of(manager.get(f"{DASHBOARD}days.csv?period=7d"))

    assert rows[0][:4] == ["currency", "day", "net", "orders"]
    assert len(rows) == 8
    assert rows[6][:4] == ["GBP", "2026-11-20", f"{order.net:.3f}", "1"]


def test_the_orders_come_as_csv(manager):
    order = sale()

    rows = rows_of(manager.get(f"{DASHBOARD}orders.csv"))

    assert [row[0] for row in rows] == ["number", order.number]


def test_a_spreadsheet_takes_no_title_for_a_formula(manager):
    sale(variant=in_stock(9, product=ProductFactory(title="=HYPERLINK(1)", slug="trap")))

    rows = rows_of(manager.get(f"{DASHBOARD}products.csv"))

    assert rows[1][2] == "'=HYPERLINK(1)"


def test_there_is_no_sheet_of_another_name(manager):
    assert manager.get(f"{DASHBOARD}people.csv").status_code == 404


def test_orders_are_listed_page_by_page(manager):
    for _number in range(51):
        sale()

    first, second = (manager.get(f"{DASHBOARD}orders/?page={page}") for page in (1, 2))

    assert len(first.context["rows"]) == 50
    assert len(second.context["rows"]) == 1
    assert "51 orders" in text_of(second)


def test_a_shop_without_a_market_says_what_to_do(client):
    Market.objects.all().delete()
    client.force_login(staff("manager"))

    answer = client.get(DASHBOARD)

    assert "There is no market yet" in text_of(answer)


@pytest.mark.parametrize(
    ("findings", "words"),
    [([], "The books agree"), ([{"level": "broken"}], "Promises broken: 1")],
)
def test_the_dashboard_says_whether_the_books_agree(manager, findings, words):
    Reconciliation.objects.create(day=NOW.date(), ran_at=NOW, promises=40, findings=findings)

    assert words in text_of(manager.get(DASHBOARD))
