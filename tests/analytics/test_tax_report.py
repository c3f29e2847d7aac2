"""The tax report: sums equal the tax lines, refunds stand apart, and every figure leads to orders."""

import csv
import datetime as dt
import io
import re
from decimal import Decimal
from html import unescape

import pytest
import time_machine
from django.db.models import Sum

from analytics.queries import periods, tax
from analytics.queries.tax import Cell
from catalog.queries import markets
from orders.models import Order, TaxLine
from payments.models import GrantedLine
from tests.analytics.books import NOW, credit, sale
from tests.exported import without_mark
from tests.factories import MarketFactory
from tests.factories.people import staff

pytestmark = pytest.mark.django_db
PAGE = "/dashboard/tax/"
QUARTER = periods.quarter(now=NOW)


@pytest.fixture(autouse=True)
def _now():
    MarketFactory()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def manager(client):
    client.force_login(staff("manager"))
    return client


def told(order, *, currency="GBP", exchange="1", relief="", **line):
    """Rewrite what an order was taxed as: the report reads what is on record."""
    Order.objects.filter(pk=order.pk).update(
        currency=currency, exchange_rate=Decimal(exchange), tax_relief=relief
    )
    TaxLine.objects.filter(order=order).update(**line)
    order.refresh_from_db()
    return order


def charged():
    return tax.charged(QUARTER, currency="GBP")


def given_back():
    return tax.given_back(QUARTER, currency="GBP")


def rows_of(answer):
    return list(csv.DictReader(io.StringIO(without_mark(answer.getvalue().decode()))))


def test_a_quarter_runs_from_its_first_month_to_the_next():
    quarters = [periods.quarter(now=NOW, back=back) for back in range(4)]

    assert [one.first for one in quarters] == [dt.date(2026, month, 1) for month in (10, 7, 4, 1)]
    assert [one.end for one in quarters] == [
        *(dt.date(2027, 1, 1), dt.date(2026, 10, 1), dt.date(2026, 7, 1), dt.date(2026, 4, 1))
    ]


def test_sums_are_those_of_the_tax_lines():
    for _order in range(3):
        sale()
    told(sale(), country="DE", region="helgoland", rate=Decimal(0))

    rows = charged()
    lines = TaxLine.objects.values("country", "region", "rate").annotate(
        net=Sum("base"), tax=Sum("amount")
    )

    assert {(r.cell.country, r.cell.region, r.cell.rate, r.net, r.tax) for r in rows} == {
        (one["country"], one["region"], one["rate"], one["net"], one["tax"]) for one in lines
    }
    assert [row.orders for row in rows] == [1, 3]
    assert tax.total(rows).tax == TaxLine.objects.aggregate(Sum("amount"))["amount__sum"]


def test_each_rate_relief_and_currency_has_a_line_of_its_own():
    sale()
    euros = MarketFactory(eu=True).currency
    told(sale(), country="DE", currency=euros, exchange="0.85", relief="")
    told(sale(), country="DE", currency=euros, relief="reverse_charge", amount=0)

    keys = [(row.cell.country, row.cell.relief, row.cell.currency) for row in charged()]

    assert keys == [("DE", "", "EUR"), ("DE", "reverse_charge", "EUR"), ("GB", "", "GBP")]


def test_amounts_are_converted_at_the_rate_of_their_order():
    first = told(sale(), currency="EUR", exchange="0.85")
    second = told(sale(), currency="EUR", exchange="0.87")

    (row,) = charged()

    # Order by order, as the books convert them.
    expected = sum(
        (order.tax * order.exchange_rate).quantize(Decimal("0.01"), rounding="ROUND_HALF_UP")
        for order in (first, second)
    )
    assert row.converted_tax == expected
    assert row.tax == sum(order.tax for order in (first, second))


def test_only_what_was_sold_in_the_period_counts():
    inside = sale("2026-10-01 00:30")
    sale("2026-09-30 21:00")
    told(sale("2026-11-20 10:00"), country="FR")
    Order.objects.filter(tax_lines__country="FR").update(confirmed_at=None)

    (row,) = charged()

    assert (row.orders, row.tax) == (1, inside.tax)


def test_what_is_given_back_stands_apart_in_its_own_period():
    order = sale("2026-09-10 10:00")
    credit(order, order.total)

    (row,) = given_back()

    assert charged() == []
    assert (row.orders, row.net, row.tax) == (1, order.net, order.tax)


def test_a_part_is_given_back_of_every_rate():
    order = sale()
    lines = list(order.tax_lines.order_by("pk"))
    TaxLine.objects.filter(pk=lines[1].pk).update(rate=Decimal(5))
    credit(order, order.total / 2)

    rows = given_back()

    granted = GrantedLine.objects.values_list("tax", flat=True)
    assert sorted(row.tax for row in rows) == sorted(granted)
    assert tax.total(charged()).tax == order.tax


def test_two_refunds_of_one_order_are_one_order():
    order = sale()
    credit(order, order.total / 2)
    credit(order, order.total / 2, on="2026-11-20 13:00")

    (row,) = given_back()

    granted = sum(GrantedLine.objects.values_list("tax", flat=True))
    assert (row.orders, row.tax) == (1, granted)


def test_the_orders_behind_a_line_add_up_to_it():
    first, second = sale(), sale()
    told(sale(), country="DE")
    (row,) = [row for row in charged() if row.cell.country == "GB"]

    found = list(tax.orders_behind(QUARTER, row.cell, refunded=False))

    assert {order.pk for order in found} == {first.pk, second.pk}
    assert sum(order.cell_net for order in found) == row.net
    assert sum(order.cell_tax for order in found) == row.tax


def test_two_queries_make_the_figures(django_assert_num_queries):
    credit(sale(), "1.00")

    with django_assert_num_queries(2):
        charged()
        given_back()


# Pages


def test_the_report_is_for_managers(client):
    client.force_login(staff("warehouse"))

    answers = [client.get(f"{PAGE}{path}").status_code for path in ("", "orders/", "charged.csv")]

    assert answers == [403, 403, 403]


def test_a_manager_reads_it_and_follows_a_figure(manager):
    order = told(sale(), country="DE", relief="reverse_charge")
    page = manager.get(PAGE)
    text = page.content.decode()
    link = unescape(re.search(r'href="(/dashboard/tax/orders/[^"]+)"', text)[1])

    behind = manager.get(link)

    assert page.status_code == behind.status_code == 200
    assert "Reverse charge" in text
    assert f"£{order.tax:.2f}" in text
    assert order.number in behind.content.decode()
    assert f"/admin/orders/order/{order.pk}/change/" in behind.content.decode()


def test_refunds_lead_to_their_orders_too(manager):
    order = sale("2026-09-10 10:00")
    credit(order, order.total)
    text = manager.get(PAGE).content.decode()
    link = unescape(re.search(r'href="(/dashboard/tax/orders/[^"]+)"', text)[1])

    assert order.number in manager.get(link).content.decode()


def test_the_files_have_the_same_figures(manager):
    order = told(sale(), currency="EUR", exchange="0.5")

    (row,) = rows_of(manager.get(f"{PAGE}charged.csv"))

    assert (row["country"], row["currency"], row["orders"]) == ("GB", "EUR", "1")
    assert Decimal(row["tax_amount"]) == order.tax
    assert row["converted_currency"] == markets.markets()[0].currency
    assert rows_of(manager.get(f"{PAGE}given-back.csv")) == []


def test_quarters_can_be_chosen(manager):
    sale("2026-08-10 10:00")

    before = manager.get(PAGE, {"start": "2026-07-01", "end": "2026-09-30"}).content.decode()

    assert "Quarter 4 of 2026" in manager.get(PAGE).content.decode()
    assert re.search(r'aria-current="page">Quarter 3 of 2026<', before)
    assert "VAT 20%" in before


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"start": "2026-12-01", "end": "2026-01-01"}, 400),
        ({"start": "nonsense"}, 400),
        ({"start": "1000-01-01", "end": "2026-01-01"}, 400),
        ({"start": "2020-01-01", "end": "2026-01-01"}, 400),
    ],
)
def test_days_that_make_no_sense_are_told(manager, query, status):
    assert manager.get(PAGE, query).status_code == status


@pytest.mark.parametrize(
    "path", ["orders/", "orders/?country=DE&rate=x&name=V&currency=EUR", "else.csv"]
)
def test_addresses_nobody_was_given_are_not_found(manager, path):
    assert manager.get(PAGE + path).status_code == 404


def test_a_cell_nobody_bought_in_is_empty():
    cell = Cell("XX", "", "VAT", Decimal(1), "", "GBP")

    assert not tax.orders_behind(QUARTER, cell, refunded=True).exists()
