"""Draft orders of what is about to run out."""

import datetime as dt
import threading
from decimal import Decimal

import pytest
from django.db import connection, transaction

from catalog.models import Product
from inventory.models import BuyingPolicy, PurchaseOrder, PurchaseOrderLine, StockPolicy
from inventory.services import purchases
from inventory.services.purchases import Wanted
from inventory.services.reasons import words
from shop.lib.locks import try_singleton
from shop.processes.replenishment import suggesting
from tests.factories.buying import on_order
from tests.factories.sourcing import forecast_of, offered, supplier
from tests.factories.stock import in_stock

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 20, 3, tzinfo=dt.UTC)


def wanted(units=5, *, by="pottery", weekly="7", **fields):
    """A variant with so many on the shelf, a reorder point of 17 and 40 to fill up to."""
    variant = in_stock(units)
    offered(variant, by=by, **fields)
    forecast_of(variant, weekly)
    return variant


def drafts():
    return PurchaseOrder.objects.filter(status="draft").order_by("pk")


def lines():
    rows = PurchaseOrderLine.objects.filter(order__status="draft").order_by("order", "position")
    return {line.variant_id: line.quantity for line in rows}


def test_what_stands_at_its_reorder_point_is_suggested_up_to_its_level():
    at, above = wanted(17), wanted(18)

    suggesting.suggest(now=NOW)

    assert lines() == {at.pk: 23}
    assert above.pk not in lines()


def test_there_is_one_draft_for_each_supplier():
    wanted(by="pottery")
    wanted(by="pottery")
    wanted(by="mill")

    done = suggesting.suggest(now=NOW)

    assert sorted(order.supplier.code for order in drafts()) == ["mill", "pottery"]
    assert all(order.is_suggested for order in drafts())
    assert sorted(done.orders) == [order.pk for order in drafts()]


def test_a_line_says_why_it_is_there():
    wanted(5)

    suggesting.suggest(now=NOW)

    told = words(PurchaseOrderLine.objects.get().reasons)
    assert told.startswith("5 can be sold: enough for 5 days at 7.0 a week.")
    assert "35 fill it up to 40." in told


def test_running_twice_changes_the_draft_instead_of_adding_one():
    variant = wanted(5)
    suggesting.suggest(now=NOW)
    before = drafts().get()

    forecast = variant.forecasts.get()
    forecast.order_up_to = 60
    forecast.save()
    suggesting.suggest(now=NOW)

    assert drafts().get() == before
    assert lines() == {variant.pk: 55}


def test_what_is_on_order_is_not_ordered_again():
    variant = wanted(5)
    on_order(supplier("pottery"), (variant, 30), now=NOW)

    suggesting.suggest(now=NOW)

    assert lines() == {}


def test_a_suggestion_that_is_not_needed_any_more_goes():
    variant = wanted(5)
    suggesting.suggest(now=NOW)

    in_stock(50, variant=variant)
    done = suggesting.suggest(now=NOW)

    assert (done.orders, done.withdrawn) == ([], 1)
    assert not drafts().exists()


def test_a_draft_of_a_person_is_left_alone_and_counted():
    variant = wanted(5)
    by_hand = purchases.draft(
        supplier=supplier("pottery"),
        location=variant.stock_items.get().location,
        lines=[Wanted(variant.pk, 13)],
        now=NOW,
    ).order

    suggesting.suggest(now=NOW)

    assert list(drafts()) == [by_hand]
    assert lines() == {variant.pk: 13}


def test_a_number_that_a_person_changed_stays():
    first, second = wanted(5), wanted(5)
    suggesting.suggest(now=NOW)
    purchases.set_line(order_id=drafts().get().pk, wanted=Wanted(first.pk, 99))

    suggesting.suggest(now=NOW)

    assert lines() == {first.pk: 99, second.pk: 35}


@pytest.mark.parametrize("status", [Product.Status.PHASE_OUT, Product.Status.ARCHIVED])
def test_what_is_sold_off_is_not_bought_again(status):
    variant = wanted(5)
    Product.objects.filter(pk=variant.product_id).update(status=status)

    suggesting.suggest(now=NOW)

    assert lines() == {}


def test_what_is_not_to_be_reordered_is_not():
    variant = wanted(5)
    StockPolicy.objects.create(variant=variant, is_reordered=False)

    suggesting.suggest(now=NOW)

    assert lines() == {}


def test_a_shop_that_orders_by_hand_gets_no_suggestions():
    BuyingPolicy.objects.create(pk=1, is_on=False)
    wanted(5)

    assert suggesting.suggest(now=NOW) is None
    assert lines() == {}


def test_a_budget_goes_to_what_runs_out_first():
    BuyingPolicy.objects.create(pk=1, budget=Decimal(100))
    calm = wanted(12, by="mill", cost="2.00")
    urgent = wanted(1, cost="2.00")

    suggesting.suggest(now=NOW)

    assert lines() == {urgent.pk: 39, calm.pk: 11}


def test_units_are_bought_in_packs():
    variant = wanted(5, pack_size=12)

    suggesting.suggest(now=NOW)

    assert lines() == {variant.pk: 36}


def test_backorders_are_ordered_on_top():
    variant = wanted(0)
    variant.backorders.create(
        holder="00000000-0000-0000-0000-000000000001", quantity=6, created_at=NOW
    )

    suggesting.suggest(now=NOW)

    assert lines() == {variant.pk: 46}


@pytest.mark.django_db(transaction=True)
def test_two_jobs_at_once_make_one_draft():
    wanted(5)
    together = threading.Barrier(2)

    def job():
        together.wait()
        try:
            suggesting.suggest(now=NOW)
        finally:
            connection.close()

    jobs = [threading.Thread(target=job) for _ in range(2)]
    for one in jobs:
        one.start()
    for one in jobs:
        one.join()

    assert drafts().count() == 1
    assert len(lines()) == 1


@pytest.mark.django_db(transaction=True)
def test_a_job_gives_way_to_the_one_that_runs_already():
    wanted(5)
    told = []

    def job():
        told.append(suggesting.suggest(now=NOW))
        connection.close()

    with transaction.atomic():
        try_singleton("replenishment.suggest")
        late = threading.Thread(target=job)
        late.start()
        late.join()

    assert told == [None]
    assert not drafts().exists()
