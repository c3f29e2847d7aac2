"""The books' pages: figures that add up, links to the rows behind them, files, permissions."""

import csv
import io
import re
from decimal import Decimal
from html import unescape

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.db.models import Sum

from payments.models import JournalEntry, JournalLine, LedgerAccount
from payments.services.books.chart import account
from payments.services.books.roles import Role
from tests.analytics.books import NOW, credit, sale
from tests.exported import without_mark
from tests.factories import MarketFactory
from tests.factories.people import staff

pytestmark = pytest.mark.django_db
BOOKS = "/dashboard/books/"
PAGES = [
    *("", "balance/", "journal/", "profit/", "cash/", "margins/", "vat/", "payouts/"),
    *("months/", "checks/", "balance.csv", "journal.csv", "accounts.csv", "vat.csv"),
    *("margins.csv", "by-month/profit.csv", "by-month/cash.csv"),
]


@pytest.fixture(autouse=True)
def _now():
    MarketFactory()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def reader(client):
    client.force_login(staff("manager"))
    return client


def rows_of(answer):
    return list(csv.DictReader(io.StringIO(without_mark(answer.getvalue().decode()))))


def text_of(answer):
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


def links_of(answer):
    return [
        unescape(url) for url in re.findall(r'href="(/dashboard/[^"]+)"', answer.content.decode())
    ]


@pytest.mark.parametrize("path", PAGES)
def test_the_books_are_for_those_who_may_read_them(client, path):
    client.force_login(staff("marketing"))

    assert client.get(BOOKS + path).status_code == 403


@pytest.mark.parametrize("path", PAGES)
def test_a_manager_reads_every_page_of_empty_books(reader, path):
    assert reader.get(BOOKS + path).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_every_number_leads_to_a_page(reader, path):
    sale(refunded="5.00")

    answer = reader.get(BOOKS + path)

    assert answer.status_code == 200
    if not path.endswith(".csv"):
        assert {reader.get(url).status_code for url in set(links_of(answer))} == {200}


def test_the_trial_balance_adds_up_to_zero(reader):
    order = sale()

    rows = rows_of(reader.get(f"{BOOKS}balance.csv"))

    closing = {row["number"]: Decimal(row["closing"]) for row in rows}
    assert sum(closing.values()) == 0
    assert sum(Decimal(row["debit"]) - Decimal(row["credit"]) for row in rows) == 0
    assert closing[account(Role.OUTPUT_TAX).code] == -order.tax
    assert "out of balance" not in text_of(reader.get(f"{BOOKS}balance/"))


def test_what_was_before_the_period_is_its_opening(reader):
    order = sale("2026-10-10 10:00")

    days = {"start": "2026-11-01", "end": "2026-11-21"}
    (row,) = [
        one
        for one in rows_of(reader.get(f"{BOOKS}balance.csv", days))
        if one["number"] == account(Role.OUTPUT_TAX).code
    ]

    assert Decimal(row["opening"]) == Decimal(row["closing"]) == -order.tax
    assert Decimal(row["credit"]) == 0


def test_without_a_first_day_it_is_as_of_the_last(reader):
    order = sale("2026-09-10 10:00")

    page = reader.get(f"{BOOKS}balance/", {"end": "2026-10-31"})

    assert "As of 31 Oct 2026" in text_of(page)
    (row,) = [row for row in page.context["table"].rows if row[0].text == str(account(Role.BANK))]
    assert [cell.text for cell in row[2:]] == [
        *("£0.00", f"£{order.total:.2f}", "£0.00", f"£{order.total:.2f}")
    ]


def test_an_account_tells_its_balance_after_each_line(reader):
    first, second = sale("2026-11-03 10:00"), sale("2026-11-04 10:00")
    code = account(Role.OUTPUT_TAX).code

    table = reader.get(f"{BOOKS}accounts/{code}/").context["table"]

    shown = [row[-1].text for row in table.rows]
    assert shown == [f"-£{first.tax + second.tax:.2f}", f"-£{first.tax:.2f}"]


def test_a_search_that_leaves_lines_out_tells_no_balance(reader):
    order = sale()
    code = account(Role.OUTPUT_TAX).code

    table = reader.get(f"{BOOKS}accounts/{code}/", {"order": order.number}).context["table"]

    assert [str(column.name) for column in table.columns][-1] == "Credit"
    assert len(table.rows) == 1


@pytest.mark.parametrize("by", ["order", "q", "amount", "kind", "account"])
def test_the_journal_is_searched(reader, by):
    order = sale(quantity=3)
    sale()
    asked = {
        "order": order.number,
        "q": f"order-{order.number}-sale",
        "amount": str(order.total),
        "kind": "sale",
        "account": account(Role.SALES).code,
    }[by]

    rows = reader.get(f"{BOOKS}journal/", {by: asked}).context["table"].rows

    sources = {row[0].text for row in rows}
    assert f"order-{order.number}-sale" in sources
    assert len(sources) == {"order": 2, "q": 1, "amount": 2, "kind": 2, "account": 2}[by]


def test_an_entry_shows_its_lines(reader):
    order = sale()
    entry = JournalEntry.objects.get(source=f"order-{order.number}-sale")

    answer = reader.get(f"{BOOKS}entries/{entry.pk}/")

    assert f"£{order.total:.2f}" in text_of(answer)
    assert "GB 20%" in text_of(answer)


def test_an_entry_is_made_by_hand_and_reversed_once(reader):
    bank, rent = account(Role.BANK), LedgerAccount.objects.get(code="6200")
    form = {
        "key": "k1",
        "on": "2026-11-20",
        "memo": "Rent",
        "line-TOTAL_FORMS": 6,
        "line-INITIAL_FORMS": 0,
        "line-0-account": rent.pk,
        "line-0-debit": "500",
        "line-1-account": bank.pk,
        "line-1-credit": "500",
    }

    made = reader.post(f"{BOOKS}entries/new/", form)
    again = reader.post(f"{BOOKS}entries/new/", form)
    entry = JournalEntry.objects.get(kind="manual")
    undone = reader.post(f"{BOOKS}entries/{entry.pk}/reverse/", {"reason": "Twice"})
    twice = reader.post(f"{BOOKS}entries/{entry.pk}/reverse/", {"reason": "Twice"})

    assert (made.status_code, again.status_code) == (302, 400)
    assert (undone.status_code, twice.status_code) == (302, 400)
    assert entry.reversed_by.memo == "Twice"
    assert JournalLine.objects.filter(account=rent).aggregate(Sum("base"))["base__sum"] == 0


def test_an_entry_by_hand_must_balance(reader):
    account(Role.BANK)
    form = {
        "key": "k1",
        "on": "2026-11-20",
        "memo": "Rent",
        "line-TOTAL_FORMS": 6,
        "line-INITIAL_FORMS": 0,
        "line-0-account": account(Role.BANK).pk,
        "line-0-debit": "5",
    }

    assert reader.post(f"{BOOKS}entries/new/", form).status_code == 400
    assert not JournalEntry.objects.exists()


def test_profit_of_a_month_leads_to_the_lines_it_is_made_of(reader):
    order = sale("2026-11-03 10:00")

    table = reader.get(f"{BOOKS}profit/").context["table"]

    (sales,) = [row for row in table.rows if row[0].text == str(account(Role.SALES))]
    (shown,) = [cell for cell in sales if cell.url]
    behind = reader.get(shown.url).context["table"]
    goods = order.net - order.shipping_net
    assert shown.text == f"£{goods:.2f}"
    assert len(behind.rows) == 1


def test_money_at_the_end_of_a_month_is_that_at_its_beginning_and_the_change(reader):
    order = sale("2026-10-03 10:00")
    sale("2026-11-03 10:00")

    table = reader.get(f"{BOOKS}cash/").context["table"]

    november_opening = table.rows[0][-3].text
    assert november_opening == f"£{order.total:.2f}"
    assert table.foot[1][-3].text == f"£{2 * order.total:.2f}"


def test_margins_by_order_and_market_agree(reader):
    order = sale(refunded="5.00")
    sale(quantity=2)

    by = {
        key: rows_of(reader.get(f"{BOOKS}margins.csv", {"by": key}))
        for key in ("order", "market", "channel", "product", "category")
    }

    assert {row["key"] for row in by["order"]} >= {order.number}
    for column in ("sales", "credits", "goods", "fees", "left"):
        in_orders = sum(Decimal(row[column]) for row in by["order"])
        assert in_orders == sum(Decimal(row[column]) for row in by["market"])
    assert sum(Decimal(row["sales"]) for row in by["product"]) == sum(
        Decimal(row["sales"]) for row in by["order"]
    )


def test_vat_from_the_books_is_that_of_the_tax_report(reader):
    order = sale(refunded="5.00")
    credit(sale(), "3.00")
    days = {"start": "2026-11-01", "end": "2026-11-21"}

    (booked,) = [
        row for row in rows_of(reader.get(f"{BOOKS}vat.csv", days)) if row["part"] == "charged"
    ]
    (told,) = rows_of(reader.get("/dashboard/tax/charged.csv", days))

    assert Decimal(booked["tax"]) == Decimal(told["tax_amount"]) == 2 * order.tax
    assert Decimal(booked["net"]) == Decimal(told["net"])
    assert Decimal(booked["books_tax"]) == Decimal(told["converted_tax"])


def test_the_export_has_every_line_in_a_steady_order_and_is_on_record(reader):
    sale()
    sale("2026-11-03 10:00")
    days = {"start": "2026-11-01", "end": "2026-11-21"}

    rows = rows_of(reader.get(f"{BOOKS}journal.csv", days))
    again = rows_of(reader.get(f"{BOOKS}journal.csv", days))

    assert rows == again
    assert len(rows) == JournalLine.objects.count()
    assert [row["date"] for row in rows] == sorted(row["date"] for row in rows)
    assert sum(Decimal(row["debit"]) - Decimal(row["credit"]) for row in rows) == 0
    assert LogEntry.objects.filter(change_message__contains="2026-11-01").count() == 2


@pytest.mark.parametrize("path", ["balance/", "journal/", "profit/?month=x", "margins/", "vat/"])
def test_days_that_make_no_sense_are_told(reader, path):
    query = {} if "?" in path else {"start": "2026-12-01", "end": "2026-01-01"}

    assert reader.get(BOOKS + path, query).status_code == 400 if query else True


@pytest.mark.parametrize("path", ["accounts/9999/", "entries/1/", "months/2026-13/", "payouts/1/"])
def test_what_is_not_there_is_not_found(reader, path):
    assert reader.get(BOOKS + path).status_code == 404


@pytest.mark.parametrize("path", ["balance/", "journal/", "profit/", "cash/", "margins/", "vat/"])
def test_pages_ask_the_same_number_of_questions_however_much_there_is(
    reader, path, django_assert_max_num_queries
):
    sale()
    with django_assert_max_num_queries(22) as few:
        reader.get(BOOKS + path)
    for day in range(1, 5):
        sale(f"2026-11-0{day} 10:00")

    with django_assert_max_num_queries(22) as many:
        reader.get(BOOKS + path)

    assert asked_of_books(many) <= asked_of_books(few)


def asked_of_books(context):
    """Questions about the books: a session may be read from the cache or from its table."""
    return len([one for one in context.captured_queries if "django_session" not in one["sql"]])
