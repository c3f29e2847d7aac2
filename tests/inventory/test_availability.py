import datetime as dt
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from inventory.models import Backorder, Batch, Location, Reservation, StockItem, StockPolicy
from inventory.queries import availability
from inventory.services import backorders
from tests.factories import VariantFactory, in_stock
from tests.factories.ahead import on_order, preordered, sold_ahead

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def of(variant, shopper=None, now=NOW):
    return availability([variant.pk], shopper, now=now)[variant.pk]


def reserved(variant, units, *, holder=None, until=NOW + DAY):
    """As inventory.services.reservations keeps units, without its locks."""
    item = StockItem.objects.get(variant=variant)
    holder = holder or uuid4()
    Reservation.objects.create(
        holder=holder, stock_item=item, quantity=units, created_at=NOW, until=until
    )
    StockItem.objects.filter(pk=item.pk).update(reserved=item.reserved + units)
    return holder


def owed(variant, units, kind=Backorder.Kind.BACKORDER):
    Backorder.objects.create(
        holder=uuid4(), variant=variant, kind=kind, quantity=units, created_at=NOW
    )
    if kind != Backorder.Kind.SHORT:
        StockPolicy.objects.filter(variant=variant).update(waiting=units)


def test_what_others_reserved_is_not_to_be_had_but_told():
    variant = in_stock(3)
    reserved(variant, 2)

    found = of(variant)

    assert (found.available, found.paying) == (1, 2)


def test_own_reservations_are_never_in_the_way():
    variant = in_stock(3)
    me = reserved(variant, 2)
    reserved(variant, 1)

    assert of(variant, me).available == 2
    assert of(variant, me).paying == 1
    assert of(variant).available == 0


def test_a_reservation_that_is_over_is_in_nobodys_way():
    variant = in_stock(1)
    reserved(variant, 1, until=NOW - DAY)

    assert (of(variant).available, of(variant).paying) == (1, 0)


def test_places_that_send_nothing_have_nothing_for_shoppers():
    variant = in_stock(4)
    Location.objects.update(sends_orders=False)

    assert of(variant).sellable == 0


def test_sells_ahead_up_to_the_limit_for_the_day_of_its_lead_time():
    variant = sold_ahead(in_stock(2), limit=5, lead_days=10)
    owed(variant, 1, Backorder.Kind.BACKORDER)

    found = of(variant)

    # One of the two on the shelf goes to whoever waits already.
    assert (found.available, found.later, found.sellable) == (1, 4, 5)
    assert found.later_on == dt.date(2026, 12, 2)


def test_promises_the_first_delivery_that_is_not_owed_to_others():
    variant = sold_ahead(VariantFactory(), limit=9)
    on_order(variant, 3, dt.date(2026, 12, 1))
    on_order(variant, 3, dt.date(2026, 12, 8))
    owed(variant, 3)

    assert of(variant).later_on == dt.date(2026, 12, 8)


def test_a_delivery_that_is_late_promises_nothing():
    variant = sold_ahead(VariantFactory(), limit=9, lead_days=7)
    on_order(variant, 3, dt.date(2026, 11, 20))

    assert of(variant).later_on == dt.date(2026, 11, 29)


def test_a_preorder_is_sold_for_its_first_day_only_whatever_lies_there():
    variant = preordered(in_stock(10), dt.date(2026, 12, 12), limit=4)

    found = of(variant)

    assert (found.available, found.later, found.is_preorder) == (0, 4, True)
    assert found.later_on == dt.date(2026, 12, 12)


def test_from_its_first_day_on_a_preorder_is_sold_from_the_shelf():
    variant = preordered(in_stock(10), dt.date(2026, 11, 22), limit=4)

    found = of(variant)

    assert (found.available, found.later, found.is_preorder) == (10, 0, False)


def test_what_comes_from_suppliers_is_told_though_it_is_not_sold_ahead():
    variant = VariantFactory()
    on_order(variant, 5, dt.date(2026, 12, 1))

    found = of(variant)

    assert (found.sellable, found.more_on) == (0, dt.date(2026, 12, 1))


def test_what_is_past_its_date_is_not_sold():
    variant = in_stock(5)
    sold_ahead(variant, 0, selling="shelf", tracks_batches=True, days_fresh=10)
    item = StockItem.objects.get(variant=variant)
    Batch.objects.filter(stock_item=item).delete()
    for units, days in ((2, 9), (3, 10)):
        day = NOW.date() + days * DAY
        Batch.objects.create(stock_item=item, expires_on=day, on_hand=units, received_at=NOW)

    assert of(variant).available == 3


def test_asks_once_however_much_is_wanted(django_assert_num_queries):
    variants = [sold_ahead(in_stock(1)), VariantFactory(), preordered(in_stock(2), NOW.date())]

    with django_assert_num_queries(1):
        availability(variant.pk for variant in variants)


def test_few_are_not_called_few_while_more_can_be_had():
    variant = sold_ahead(in_stock(2), limit=5)

    assert not of(variant).is_low
    with time_machine.travel(NOW):
        assert availability([variant.pk])[variant.pk].later_on > timezone.now().date()


@pytest.mark.parametrize("waiting", [0, 2, 3, 7])
def test_the_page_names_the_day_that_is_promised(waiting):
    variant = sold_ahead(VariantFactory(), limit=9)
    for units, day in ((3, dt.date(2026, 12, 8)), (2, dt.date(2026, 12, 1)), (9, None)):
        on_order(variant, units, day)
    if waiting:
        owed(variant, waiting)

    assert of(variant).later_on == backorders.promise(variant_id=variant.pk, now=NOW)
