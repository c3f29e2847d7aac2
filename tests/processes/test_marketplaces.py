from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone

from channels.models import ImportedOrder, Marketplace
from orders.models import Order
from shop.processes import marketplaces
from shop.processes.bookkeeping import reconcile
from tests.factories import PriceFactory, RateFactory, TaxRateFactory, in_stock, stock_of

pytestmark = pytest.mark.django_db(transaction=True)
NOW = timezone.now()
HEAD = "reference,email,name,line1,city,postcode,country,currency,shipping,sku,quantity,price"


@pytest.fixture
def mug():
    price = PriceFactory()
    in_stock(5, variant=price.variant)
    TaxRateFactory()
    RateFactory()
    return price


@pytest.fixture
def bazaar(mug):
    return Marketplace.objects.create(
        code="bazaar", name="Bazaar", market=mug.market, skus={"BZ-1": mug.variant.sku}
    )


def _row(sku, quantity=1, reference="BZ-1001", **fields):
    facts = {"country": "GB", "currency": "GBP", **fields}
    who = f"ada@example.com,Ada,1 Row,London,N1 9GU,{facts['country']},{facts['currency']}"
    return f"{reference},{who},3.90,{sku},{quantity},20.00"


def _brought(bazaar, *rows):
    file = ContentFile("\n".join([HEAD, *rows]).encode(), name="orders.csv")
    return marketplaces.bring(marketplace=bazaar, file=file, actor=None, now=NOW)


def _worked(bazaar, *rows):
    return marketplaces.work(run_id=_brought(bazaar, *rows).pk, now=NOW)


def test_an_order_joins_the_queue_paid_and_takes_from_the_stock(bazaar, mug):
    run = _worked(bazaar, _row("BZ-1", 2))

    order = Order.objects.get()
    assert (run.total, run.created, run.refused) == (1, 1, 0)
    assert order.status == Order.Status.CONFIRMED
    assert order.payment_status == Order.Payment.PAID
    assert order.total == Decimal("43.90")
    assert (order.channel, order.reference) == ("marketplace", "BZ-1001")
    assert stock_of(mug.variant) == (5, 2)


def test_the_books_say_what_the_marketplace_owes(bazaar):
    _worked(bazaar, _row("BZ-1", 2))

    assert [one for one in reconcile(now=NOW) if one.is_broken] == []


def test_told_twice_it_is_taken_once(bazaar):
    _worked(bazaar, _row("BZ-1"))

    again = _worked(bazaar, _row("BZ-1"))

    assert (again.created, again.known) == (0, 1)
    assert Order.objects.count() == 1


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (_row("NO-SUCH"), "NO-SUCH"),
        (_row("BZ-1", 6), ""),
        (_row("BZ-1", country="US"), "US"),
        (_row("BZ-1", currency="EUR"), "EUR"),
    ],
)
def test_what_can_not_be_taken_says_why_and_leaves_no_order(bazaar, row, words):
    run = _worked(bazaar, row)

    kept = ImportedOrder.objects.get()
    assert run.refused == 1
    assert kept.problem
    assert words in kept.problem
    assert not Order.objects.exists()


def test_a_refused_one_is_taken_once_there_is_stock(bazaar, mug):
    _worked(bazaar, _row("BZ-1", 6))
    in_stock(5, variant=mug.variant)

    again = marketplaces.try_again(row=ImportedOrder.objects.get(), now=NOW)

    assert again.order is not None
    assert again.problem == ""


def test_one_bad_order_does_not_stop_the_others(bazaar):
    run = _worked(bazaar, _row("NO-SUCH", reference="1"), _row("BZ-1", reference="2"))

    assert (run.created, run.refused) == (1, 1)


def test_two_workers_with_one_file_make_one_order(bazaar):
    run = _brought(bazaar, _row("BZ-1"))

    def work(_worker):
        try:
            return marketplaces.work(run_id=run.pk, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))

    assert Order.objects.count() == 1


def test_a_file_that_is_none_says_so(bazaar):
    file = ContentFile(b"hello", name="orders.csv")
    run = marketplaces.bring(marketplace=bazaar, file=file, actor=None, now=NOW)

    assert marketplaces.work(run_id=run.pk, now=NOW).problem
