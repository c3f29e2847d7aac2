"""Goods without a parcel: paid, handed over, done. Keys are sold once."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from catalog.models import Card
from inventory.models import LicenceKey
from inventory.queries import availability, keys_of
from inventory.services import keys
from inventory.services.keys import BadKeys
from inventory.services.stock import OutOfStock
from orders.models import Download, Order
from orders.tasks import email_downloads
from shop.outbox.models import Mail, Message
from shop.processes import bookkeeping, checkout, fulfilment
from shop.processes.fulfilment import NothingToShip, Parcel
from tests.factories import (
    CartLineFactory,
    MarketFactory,
    checkout_of,
    in_stock,
    paid_order,
    placed_order,
    stock_of,
)
from tests.factories.shelf import shelve
from tests.factories.specials import file_variant, key_variant, online_variant

NOW = timezone.now()


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def left(variant):
    return availability([variant.pk])[variant.pk].available


def topics():
    return set(Message.objects.values_list("topic", flat=True))


def deliver(topic):
    message = Message.objects.get(topic=topic)
    email_downloads(message_id=message.pk)
    return Mail.objects.get(kind="orders/order_downloads")


def mixed_order():
    """A file and a mug, paid."""
    line = CartLineFactory(variant=in_stock(5))
    CartLineFactory(cart=line.cart, variant=file_variant())
    order = checkout.place_order(cart=line.cart, choice=checkout_of(), now=NOW)
    return checkout.mark_paid(order_id=order.pk, actor=None, reference="7", now=NOW)


def broken():
    return [one for one in bookkeeping.reconcile(now=NOW) if one.is_broken]


@pytest.mark.django_db
class TestFiles:
    def test_never_run_out(self):
        assert left(file_variant()) > 10_000

    def test_are_handed_over_when_paid_and_the_order_is_complete(self):
        order = paid_order(variant=file_variant(days=30, downloads=5), quantity=2)

        order.refresh_from_db()
        download = Download.objects.get()
        assert (order.status, order.fulfillment_status) == ("completed", "fulfilled")
        assert download.allowed == 10
        assert download.expires_at - download.created_at == dt.timedelta(days=30)
        assert not broken()

    def test_are_not_handed_over_before_the_money_is_in(self):
        placed_order(variant=file_variant(), payment_method="bank_transfer")

        assert not Download.objects.exists()
        assert "mail.order_downloads" not in topics()

    def test_come_by_mail_with_a_link(self):
        paid_order(variant=file_variant())

        mail = deliver("mail.order_downloads")

        token = Download.objects.get().token
        assert f"/downloads/{token}/" in mail.text
        assert f"/downloads/{token}/" in mail.html
        assert "Bowl pattern" in mail.text

    def test_take_no_delivery_and_no_address(self):
        line = CartLineFactory(variant=file_variant())
        choice = checkout_of(line1="", city="", postcode="")

        order = checkout.place_order(cart=line.cart, choice=choice, now=NOW)

        assert order.shipping_method == ""
        assert order.shipping_gross == 0
        assert order.tax > 0

    def test_what_hands_over_nothing_is_done_when_paid_as_well(self):
        order = paid_order(variant=online_variant())

        order.refresh_from_db()
        assert order.status == "completed"
        assert "mail.order_downloads" not in topics()


@pytest.mark.django_db
class TestMixedCarts:
    def test_only_the_rest_waits_for_a_parcel(self):
        order = mixed_order()

        order.refresh_from_db()
        waiting = {line.is_shipped: line.unfulfilled for line in order.lines.all()}
        assert waiting == {True: 1, False: 0}
        assert (order.status, order.fulfillment_status) == ("confirmed", "partially_fulfilled")
        assert Download.objects.count() == 1

    def test_the_parcel_holds_no_file_and_completes_the_order(self):
        order = mixed_order()

        parcel = fulfilment.dispatch(
            order_id=order.pk, quantities=None, parcel=Parcel(), actor=None, now=NOW
        )

        order.refresh_from_db()
        assert [line.order_line.is_shipped for line in parcel.lines.all()] == [True]
        assert order.status == "completed"
        assert not broken()

    def test_a_file_can_not_be_put_into_a_parcel(self):
        order = placed_order(variant=file_variant(), payment_method="bank_transfer")
        fulfilment.verify(order_id=order.pk, actor=None, now=NOW)

        with pytest.raises(NothingToShip):
            fulfilment.dispatch(
                order_id=order.pk, quantities=None, parcel=Parcel(), actor=None, now=NOW
            )

    def test_goods_sent_before_the_money_came_complete_with_it(self):
        line = CartLineFactory(variant=in_stock(5))
        CartLineFactory(cart=line.cart, variant=file_variant())
        order = checkout.place_order(cart=line.cart, choice=checkout_of("bank_transfer"), now=NOW)
        fulfilment.verify(order_id=order.pk, actor=None, now=NOW)
        fulfilment.dispatch(
            order_id=order.pk, quantities=None, parcel=Parcel(), actor=None, now=NOW
        )

        checkout.mark_paid(order_id=order.pk, actor=None, reference="7", now=NOW)

        order.refresh_from_db()
        assert order.status == "completed"
        assert not broken()


@pytest.mark.django_db
class TestKeys:
    def test_there_are_as_many_as_free_keys(self):
        assert left(key_variant("A", "B", "C")) == 3
        assert left(key_variant()) == 0

    def test_a_boxed_piece_needs_a_key_and_a_box(self):
        variant = in_stock(5, uses_keys=True)
        keys.add(variant=variant, codes=["A", "B"], now=NOW)

        order = placed_order(variant=variant, quantity=2)

        assert left(variant) == 0
        assert stock_of(variant) == (5, 2)
        assert keys_of([order.lines.get().holder]).popitem()[1] == ["A", "B"]

    def test_the_card_says_sold_out_without_keys(self):
        MarketFactory()
        variant = key_variant()

        shelve()

        assert not Card.objects.get(product=variant.product).in_stock

    def test_are_set_aside_when_ordered_and_shown_when_paid(self, client):
        variant = key_variant("KEY-1", "KEY-2")
        order = placed_order(variant=variant, payment_method="bank_transfer")
        before = client.get(order.get_absolute_url()).content.decode()

        checkout.mark_paid(order_id=order.pk, actor=None, reference="7", now=timezone.now())

        after = client.get(order.get_absolute_url()).content.decode()
        assert left(variant) == 1
        assert "KEY-1" not in before
        assert "KEY-1" in after
        assert "KEY-2" not in after
        assert "KEY-1" in deliver("mail.order_downloads").text
        assert not broken()

    def test_too_few_keys_sell_nothing(self):
        mug = in_stock(5)
        line = CartLineFactory(variant=key_variant("A"), quantity=2)
        CartLineFactory(cart=line.cart, variant=mug)

        with pytest.raises(OutOfStock) as caught:
            checkout.place_order(cart=line.cart, choice=checkout_of(), now=NOW)

        assert caught.value.short == {line.variant.pk: 1}
        assert stock_of(mug) == (5, 0)
        assert not LicenceKey.objects.filter(holder__isnull=False).exists()

    def test_nobody_saw_them_so_they_can_be_sold_again(self):
        variant = key_variant("A")
        order = placed_order(variant=variant)
        assert left(variant) == 0

        checkout.expire(now=order.expires_at)

        assert left(variant) == 1
        assert not broken()

    def test_a_cancelled_unpaid_order_gives_its_keys_back(self):
        variant = key_variant("A")
        order = placed_order(variant=variant, payment_method="bank_transfer")

        fulfilment.cancel(order_id=order.pk, reason="x", actor=None, now=NOW)

        assert left(variant) == 1

    def test_shown_keys_stay_sold_after_a_cancellation(self):
        variant = in_stock(5, uses_keys=True)
        keys.add(variant=variant, codes=["A"], now=NOW)
        order = paid_order(variant=variant)

        fulfilment.cancel(order_id=order.pk, reason="x", actor=None, now=timezone.now())

        assert left(variant) == 0
        assert stock_of(variant) == (5, 0)
        assert not broken()

    def test_a_list_of_keys_is_taken_once(self):
        variant = key_variant("A", "B")

        added = keys.add(variant=variant, codes=["B", " C ", "C", ""], now=NOW)

        assert (added.count, added.known) == (1, 1)

    @pytest.mark.parametrize("codes", [[], ["", " "], ["x" * 256]])
    def test_what_is_no_key_is_refused(self, codes):
        with pytest.raises(BadKeys):
            keys.add(variant=key_variant(), codes=codes, now=NOW)


def at_once(jobs):
    barrier = Barrier(len(jobs))

    def run(job):
        try:
            barrier.wait(timeout=20)
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("shoppers", "pool"), [(2, 1), (8, 3)])
def test_no_key_is_sold_twice(shoppers, pool):
    variant = key_variant(*[f"KEY-{n}" for n in range(pool)])
    choice = checkout_of()
    carts = [CartLineFactory(variant=variant).cart for _ in range(shoppers)]

    def buy(cart):
        try:
            checkout.place_order(cart=cart, choice=choice, now=NOW)
        except OutOfStock:
            return 0
        return 1

    sold = sum(at_once([lambda cart=cart: buy(cart) for cart in carts]))

    holders = list(LicenceKey.objects.filter(holder__isnull=False).values_list("holder", flat=True))
    assert sold == pool == len(set(holders)) == len(holders)
    assert Order.objects.count() == pool
