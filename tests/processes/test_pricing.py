"""Sales begin and end by themselves, and a checkout pays what holds at its second."""

import datetime as dt
import threading
from decimal import Decimal

import pytest
from celery import current_app
from django.db import connection
from django.utils import timezone

from catalog.models import Card, Price
from orders.models import OrderLine
from shop.outbox.models import Message
from shop.processes import browsing, checkout, pricing
from tests.factories import CartLineFactory, checkout_of, in_stock
from tests.factories.pricing import DAY, HOUR, SaleFactory, give_past

MINUTE = dt.timedelta(minutes=1)


def on_shelf(amount=20):
    variant = in_stock()
    Price.objects.filter(variant=variant).update(amount=Decimal(amount))
    give_past(Price.objects.get(variant=variant), (90, amount))
    browsing.refresh_cards(product_ids=[variant.product_id], now=timezone.now())
    return variant


def deliver(topic):
    """Run what is owed under a topic as a worker would."""
    for message in Message.objects.filter(topic=topic, done_at=None, due_at__lte=timezone.now()):
        current_app.tasks[topic](message_id=message.pk)


def card_of(variant):
    return Card.objects.get(product=variant.product)


@pytest.mark.django_db
def test_a_saved_sale_owes_prices_now_when_it_begins_and_when_it_ends():
    now = timezone.now()
    sale = SaleFactory(starts_at=now + HOUR, ends_at=now + DAY)

    pricing.sale_saved(sale=sale, now=now)

    owed = Message.objects.filter(topic="pricing.apply").order_by("due_at")
    assert [one.due_at for one in owed] == [now, sale.starts_at, sale.ends_at]


@pytest.mark.django_db
def test_saving_again_owes_the_same_moments_once():
    now = timezone.now()
    sale = SaleFactory(starts_at=now + HOUR, ends_at=now + DAY)
    pricing.sale_saved(sale=sale, now=now)

    pricing.sale_saved(sale=sale, now=now + MINUTE)

    due = Message.objects.filter(topic="pricing.apply").values_list("due_at", flat=True)
    assert sorted(due) == [now, now + MINUTE, sale.starts_at, sale.ends_at]


@pytest.mark.django_db(transaction=True)
def test_a_sale_begins_and_ends_on_cards_through_its_messages(demo_market):
    variant, now = on_shelf(), timezone.now()
    sale = SaleFactory()
    pricing.sale_saved(sale=sale, now=now)
    deliver("pricing.apply")
    deliver("browsing.refresh_cards")
    during = card_of(variant).price_from, card_of(variant).compare_at
    sale.ends_at = timezone.now()
    sale.save()
    pricing.sale_saved(sale=sale, now=timezone.now())

    deliver("pricing.apply")
    deliver("browsing.refresh_cards")

    assert during == (18, 20)
    assert (card_of(variant).price_from, card_of(variant).compare_at) == (20, None)


@pytest.mark.django_db
def test_the_clock_makes_up_for_a_sale_that_nobody_announced(demo_market):
    on_shelf()
    SaleFactory(starts_at=timezone.now() - MINUTE)

    owed = pricing.follow_clock(now=timezone.now())

    assert owed == 2
    assert pricing.follow_clock(now=timezone.now()) == 0


@pytest.mark.django_db
def test_the_clock_ends_what_is_over_and_still_counts(demo_market):
    variant, now = on_shelf(), timezone.now()
    sale = SaleFactory()
    pricing.apply(product_ids=None, now=now)
    type(sale).objects.filter(pk=sale.pk).update(starts_at=now - 10 * DAY, ends_at=now - 5 * DAY)

    assert pricing.follow_clock(now=now) == 1

    pricing.apply(product_ids=None, now=now)
    assert Price.objects.get(variant=variant).current == 20


@pytest.mark.django_db
def test_the_clock_asks_little_when_there_is_nothing_to_do(django_assert_max_num_queries):
    now = timezone.now()
    pricing.sale_saved(sale=SaleFactory(), now=now)

    with django_assert_max_num_queries(3):
        assert pricing.follow_clock(now=now) == 0


@pytest.mark.django_db
def test_only_products_whose_prices_moved_are_owed_new_cards(demo_market):
    one, other = on_shelf(), on_shelf()
    Message.objects.all().delete()
    SaleFactory(covers_all=False, product_ids=[one.product_id])

    changed = pricing.apply(product_ids=None, now=timezone.now())

    assert changed == {one.product_id} != {other.product_id}
    owed = Message.objects.get(topic="browsing.refresh_cards")
    assert owed.payload == {"product_ids": [one.product_id]}


@pytest.mark.django_db(transaction=True)
def test_an_order_pays_the_sale_and_the_regular_price_a_second_after_its_end(demo_market):
    choice, now = checkout_of(), timezone.now()
    SaleFactory(starts_at=now - HOUR, ends_at=now + HOUR)
    pricing.apply(product_ids=None, now=now)
    paid = []
    for moment in (now, now + HOUR + dt.timedelta(seconds=1)):
        line = CartLineFactory(variant=on_shelf(20))
        order = checkout.place_order(cart=line.cart, choice=choice, now=moment)
        paid.append(order.lines.get().unit_price)

    assert paid == [18, 20]


@pytest.mark.django_db(transaction=True)
def test_a_sale_that_begins_while_a_checkout_runs_gives_one_whole_price(demo_market):
    variants, choice = [on_shelf(20) for _n in range(3)], checkout_of()
    line = CartLineFactory(variant=variants[0])
    for variant in variants[1:]:
        CartLineFactory(cart=line.cart, variant=variant)
    begin, now = threading.Barrier(2), timezone.now()

    def start():
        try:
            begin.wait()
            SaleFactory(starts_at=now)
            pricing.apply(product_ids=None, now=timezone.now())
        finally:
            connection.close()

    worker = threading.Thread(target=start)
    worker.start()
    begin.wait()
    order = checkout.place_order(cart=line.cart, choice=choice, now=timezone.now())
    worker.join()

    paid = set(OrderLine.objects.filter(order=order).values_list("unit_price", flat=True))
    assert paid in ({Decimal(18)}, {Decimal(20)})
    assert set(Price.objects.values_list("current", flat=True)) == {Decimal(18)}
