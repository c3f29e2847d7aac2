"""Closing a month, and the daily answer to whether the numbers agree."""

import datetime as dt
import threading

import pytest
import time_machine
from django.db import connection, transaction

from orders.models import Order
from payments.models import JournalEntry, MonthClose, PayoutLine, Reconciliation
from payments.services.books import posting, sales
from payments.services.books.drafts import Draft, against
from payments.services.books.roles import Role
from shop import tasks
from shop.processes.bookkeeping import closing
from shop.processes.bookkeeping.closing import NotClosable, NotClosed, State
from tests.analytics.books import at, credit, sale
from tests.factories import MarketFactory
from tests.factories.people import staff
from tests.payments.books.reading import unguarded

pytestmark = pytest.mark.django_db(transaction=True)
OCTOBER = dt.date(2026, 10, 1)
NOW = at("2026-11-21 19:00")


@pytest.fixture(autouse=True)
def _market():
    MarketFactory()


def close(month=OCTOBER, *, actor=None, now=NOW):
    return closing.close_month(month=month, actor=actor, now=now)


def draft(source="manual-x", *, on=OCTOBER, amount=5):
    return Draft(
        kind=JournalEntry.Kind.MANUAL,
        source=source,
        on=on,
        at=NOW,
        currency="GBP",
        rate=1,
        lines=against(Role.BANK, amount, Role.OPENING),
    )


def test_a_closed_month_takes_nothing_more():
    sale("2026-10-10 10:00")

    closed = close()

    assert closed.figures["entries"] == JournalEntry.objects.count()
    with pytest.raises(posting.MonthIsClosed), transaction.atomic():
        posting.post(draft())
    assert posting.post(draft(on=dt.date(2026, 11, 2)))


def test_the_figures_of_a_closed_month_are_its_movements_and_balances():
    sale("2026-09-10 10:00")
    order = sale("2026-10-10 10:00")

    figures = close().figures

    assert figures["moved"]["2100"] == f"{-order.tax:.3f}"
    assert figures["closing"]["2100"] == f"{-2 * order.tax:.3f}"


def test_a_month_is_opened_again_with_a_reason_and_closed_once_more():
    close()
    with pytest.raises(NotClosed):
        closing.reopen(month=OCTOBER, reason=" ", actor=None, now=NOW)

    closing.reopen(month=OCTOBER, reason="A bill came late", actor=None, now=NOW)

    assert posting.post(draft())
    assert close().figures["entries"] == 1
    assert MonthClose.objects.get(opened_at__isnull=False).reason == "A bill came late"


def test_a_month_is_not_closed_before_it_is_over_nor_twice():
    with pytest.raises(NotClosable, match="not over"):
        close(dt.date(2026, 11, 1))
    close()
    with pytest.raises(NotClosable, match="closed already"):
        close()


def test_a_month_is_not_closed_while_a_promise_is_broken():
    order = sale("2026-10-10 10:00")
    Order.objects.filter(pk=order.pk).update(shipping_net=1, shipping_tax=0, shipping_gross=1)

    with pytest.raises(NotClosable, match=r"orders\.totals"):
        close()


def test_lines_nobody_understands_are_a_warning_and_no_more():
    PayoutLine.objects.create(
        provider="card",
        provider_ref="txn_1",
        kind="other",
        gross=5,
        net=5,
        currency="GBP",
        happened_at=at("2026-10-31 23:30"),
    )

    found = closing.checklist(month=OCTOBER, now=NOW)

    (warning,) = [step for step in found.steps if step.state == State.WARNING]
    assert (warning.name, warning.count, found.can_close) == ("payouts", 1, True)


def test_a_sale_that_is_being_booked_is_in_the_month_or_refused():
    """Closing waits for who is booking; who comes after is refused."""
    order = sale("2026-10-31 20:00")
    booked, done = threading.Event(), threading.Event()
    closed = []

    def close_it():
        booked.wait(10)
        closed.append(close())
        done.set()
        connection.close()

    with time_machine.travel(NOW, tick=True):
        closer = threading.Thread(target=close_it)
        closer.start()
        with transaction.atomic():
            posting.post(draft("manual-before"))
            booked.set()
            waited = not done.wait(1.5)
        closer.join(20)

    assert waited
    assert closed[0].figures["entries"] == JournalEntry.objects.count()
    assert JournalEntry.objects.filter(source="manual-before").exists()
    with pytest.raises(posting.MonthIsClosed), transaction.atomic():
        posting.post(draft("manual-after"))
    assert order.status == Order.Status.CONFIRMED


def test_every_night_the_answer_is_kept_and_the_last_of_a_day_counts():
    with time_machine.travel(NOW, tick=False):
        order = sale("2026-11-10 10:00")
        tasks.keep_reconciliation()
        first = Reconciliation.objects.get()
        Order.objects.filter(pk=order.pk).update(total=1, net=1, tax=0)
        tasks.keep_reconciliation()

    second = Reconciliation.objects.get()
    assert [one for one in first.findings if one["level"] == "broken"] == []
    assert second.promises > 30
    assert "orders.totals" in {one["name"] for one in second.findings}


def names_of_broken():
    return {one.name for one in closing.reconcile(now=NOW) if one.is_broken}


def test_the_dashboard_and_the_books_agree_for_every_market_and_month():
    sale("2026-09-30 23:30", refunded="5.00")
    order = sale("2026-10-31 23:30")
    credit(order, "3.00", on="2026-11-01 00:30")

    assert not {name for name in names_of_broken() if name.startswith("analytics.")}


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ({"confirmed_at": at("2026-11-03 10:00")}, {"analytics.net_sales", "analytics.tax"}),
        ({"confirmed_at": None}, {"analytics.net_sales", "analytics.tax"}),
    ],
)
def test_a_sale_that_the_pages_tell_otherwise_is_found(change, broken):
    order = sale("2026-10-10 10:00")

    Order.objects.filter(pk=order.pk).update(**change)

    assert broken <= names_of_broken()


def test_an_entry_that_slips_into_a_closed_month_is_found():
    sale("2026-10-10 10:00")
    close()
    posting.post(draft(on=dt.date(2026, 11, 2)))

    with transaction.atomic():
        unguarded("""update payments_journalentry set "on" = '2026-10-20' where kind = 'manual'""")

    assert "books.closed_months" in names_of_broken()


def test_a_month_is_closed_and_opened_on_its_page(client):
    client.force_login(staff("manager"))
    page = "/dashboard/books/months/2026-10/"
    with time_machine.travel(NOW, tick=False):
        looked = client.get(page)
        closed = client.post(page)
        refused = client.post(page, {"reason": ""})
        opened = client.post(page, {"reason": "A bill came late"})

    assert looked.context["can_close"]
    assert (closed.status_code, refused.status_code, opened.status_code) == (302, 400, 302)
    assert MonthClose.objects.get().opened_at is not None


def test_only_who_may_close_months_does(client):
    client.force_login(staff("marketing"))

    assert client.post("/dashboard/books/months/2026-10/").status_code == 403
    assert not MonthClose.objects.exists()


def test_nothing_is_booked_twice_into_a_month():
    order = sale("2026-10-10 10:00")

    sales.post_sale(order=order, now=NOW)

    assert JournalEntry.objects.filter(source=f"order-{order.number}-sale").count() == 1
