"""Many at once: no balance falls below nothing, and the books agree afterwards."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import close_old_connections, connection, transaction
from django.utils import timezone

from orders.models import CartCode, Order
from payments.models import Payment, ValueEntry
from payments.services import balances, stored_value
from shop.lib.errors import Refused
from shop.lib.workdays import shop_day
from shop.processes import bookkeeping, checkout
from tests.factories import CartLineFactory, checkout_of, in_stock
from tests.factories.value import bare_order, gift_card

pytestmark = pytest.mark.django_db(transaction=True)
NOW = timezone.now()


def at_once(jobs):
    """Run all of them together, each on a connection of its own."""
    start = Barrier(len(jobs))

    def run(job):
        close_old_connections()
        try:
            start.wait(30)
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def holder(order, cards):
    def hold():
        with transaction.atomic():
            locked = Order.objects.select_for_update().get(pk=order.pk)
            return stored_value.hold(
                order=locked, digests=[card.digest for card in cards], customer=None, now=NOW
            )

    return hold


def held():
    return sum(Payment.objects.values_list("authorized", flat=True))


def broken(prefix):
    found = bookkeeping.reconcile(now=timezone.now())
    return [one.name for one in found if one.is_broken and one.name.startswith(prefix)]


def test_a_card_of_50_spent_by_20_at_once_pays_50():
    card = gift_card("50")
    orders = [bare_order("7") for _order in range(20)]

    left = at_once([holder(order, [card]) for order in orders])

    card.refresh_from_db()
    assert held() == 50
    assert card.balance == 0
    assert sorted(left) == [0] * 7 + [6] + [7] * 12
    assert not broken("value.")
    assert not broken("payments.events")


def test_two_cards_named_in_either_order_block_nobody():
    first, second = gift_card("30"), gift_card("30")
    orders = [bare_order("5") for _order in range(12)]

    left = at_once(
        [
            holder(order, [first, second] if number % 2 else [second, first])
            for number, order in enumerate(orders)
        ]
    )

    assert left == [0] * 12
    assert held() == 60
    assert not broken("value.")


def test_one_order_holds_once_however_often_it_asks():
    card, order = gift_card("50"), bare_order("7")

    left = at_once([holder(order, [card])] * 8)

    card.refresh_from_db()
    assert left == [0] * 8
    assert card.balance == 43


def test_settling_and_releasing_at_once_ends_one_way():
    card, order = gift_card("50"), bare_order("7")
    holder(order, [card])()

    def end(step):
        def run():
            with transaction.atomic():
                step(order=Order.objects.select_for_update().get(pk=order.pk), now=NOW)

        return run

    at_once([end(stored_value.settle), end(stored_value.release)] * 3)

    card.refresh_from_db()
    payment = Payment.objects.get()
    assert payment.authorized == 0
    assert card.balance == 50 - payment.charged
    assert not broken("value.")


def test_running_out_and_paying_at_once_lose_nothing():
    card = gift_card("50", expires_on=shop_day(NOW))
    tomorrow = NOW + dt.timedelta(days=1)
    orders = [bare_order("7") for _order in range(4)]

    at_once(
        [
            *[holder(order, [card]) for order in orders],
            *[lambda: balances.expire(now=tomorrow)] * 4,
        ]
    )

    card.refresh_from_db()
    written_off = -sum(
        ValueEntry.objects.filter(kind=ValueEntry.Kind.EXPIRE).values_list("amount", flat=True)
    )
    assert card.balance == 0
    assert held() + written_off == 50
    assert not broken("value.")


def test_20_checkouts_at_once_spend_a_card_of_50_and_no_more():
    card = gift_card("50")
    variant = in_stock(100, price=Decimal("20.00"))
    choice = checkout_of("card")
    carts = [CartLineFactory(variant=variant).cart for _cart in range(20)]
    for cart in carts:
        cart.codes.create(kind=CartCode.Kind.GIFT_CARD, value=card.digest, shown="…", added_at=NOW)

    def place(cart):
        def run():
            try:
                return checkout.place_order(cart=cart, choice=choice, now=NOW)
            except Refused:
                return None

        return run

    placed = [one for one in at_once([place(cart) for cart in carts]) if one]

    card.refresh_from_db()
    taken = sum(
        one.charged + one.authorized for one in Payment.objects.filter(provider="gift_card")
    )
    # Whoever was shown more than was left is asked to look again; nobody pays twice over.
    assert len(placed) >= 2
    assert 0 < taken <= 50
    assert card.balance == 50 - taken
    assert [one for one in bookkeeping.reconcile(now=NOW) if one.is_broken] == []
