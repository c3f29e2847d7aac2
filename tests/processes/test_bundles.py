"""Bundles: sold as one, set aside, packed and given back by their parts."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from catalog.models import BundlePart, Card
from catalog.services import bundles
from catalog.services.bundles import BadBundle
from inventory.models import Allocation, StockItem
from inventory.queries import availability
from inventory.services.stock import OutOfStock
from orders.emails import letter
from orders.models import Order
from shop.outbox import mail
from shop.outbox.models import Message
from shop.processes import bookkeeping, browsing, checkout, fulfilment
from shop.processes.fulfilment import Parcel
from tests.factories import (
    CartLineFactory,
    MarketFactory,
    RateFactory,
    VariantFactory,
    checkout_of,
    in_stock,
    paid_order,
    placed_order,
    shipped_order,
    stock_of,
)
from tests.factories.shelf import shelve
from tests.factories.specials import bundle_of, key_variant, online_variant

NOW = timezone.now()


def left(variant):
    return availability([variant.pk])[variant.pk].available


def broken():
    return [one for one in bookkeeping.reconcile(now=NOW) if one.is_broken]


@pytest.mark.django_db
class TestStock:
    def test_is_what_the_scarcest_part_allows(self):
        cups, pot = in_stock(9), in_stock(3)

        assert left(bundle_of({cups: 4, pot: 1})) == 2

    def test_a_part_without_stock_makes_none(self):
        assert left(bundle_of({in_stock(9): 1, VariantFactory(): 1})) == 0

    def test_its_own_shelf_does_not_count(self):
        bundle = in_stock(50)
        part = in_stock(1)
        bundles.put_together(bundle=bundle, parts={part.pk: 1})

        assert left(bundle) == 1

    def test_many_bundles_take_no_more_queries_than_one(self, django_assert_num_queries):
        shared = in_stock(9)
        made = [bundle_of({shared: 1, in_stock(3): 1}) for _ in range(5)]

        with django_assert_num_queries(2):
            found = availability([one.pk for one in made])

        assert [one.available for one in found.values()] == [3] * 5

    def test_its_card_says_sold_out_with_its_parts(self):
        MarketFactory()
        bundle = bundle_of({in_stock(3): 4})

        shelve()

        assert not Card.objects.get(product=bundle.product).in_stock


@pytest.mark.django_db
class TestOrdering:
    def test_sets_the_parts_aside_singly(self):
        cups, pot = in_stock(9), in_stock(3)

        order = placed_order(variant=bundle_of({cups: 4, pot: 1}), quantity=2)

        assert stock_of(cups) == (9, 8)
        assert stock_of(pot) == (3, 2)
        parts = order.lines.get().parts.order_by("pk")
        assert [(one.sku, one.quantity) for one in parts] == [(cups.sku, 4), (pot.sku, 1)]
        assert len({one.holder for one in parts}) == 2
        assert not broken()

    def test_a_bundle_and_its_part_in_one_cart_never_oversell(self):
        cup = in_stock(4)
        line = CartLineFactory(variant=bundle_of({cup: 4}))
        CartLineFactory(cart=line.cart, variant=cup)

        with pytest.raises(OutOfStock) as caught:
            checkout.place_order(cart=line.cart, choice=checkout_of(), now=NOW)

        assert caught.value.short == {cup.pk: 4}
        assert stock_of(cup) == (4, 0)
        assert not Order.objects.exists()

    def test_expiry_puts_every_part_back(self):
        cup = in_stock(4)
        order = placed_order(variant=bundle_of({cup: 4}))

        checkout.expire(now=order.expires_at)

        assert stock_of(cup) == (4, 0)
        assert not broken()

    def test_cancelling_puts_every_part_back(self):
        cup, pot = in_stock(4), in_stock(1)
        order = paid_order(variant=bundle_of({cup: 4, pot: 1}))

        fulfilment.cancel(order_id=order.pk, reason="x", actor=None, now=NOW)

        assert (stock_of(cup), stock_of(pot)) == ((4, 0), (1, 0))

    def test_dispatch_takes_parts_times_quantity_off_the_shelf(self):
        cup, pot = in_stock(9), in_stock(3)

        order = shipped_order(variant=bundle_of({cup: 4, pot: 1}), quantity=2)

        assert (stock_of(cup), stock_of(pot)) == ((1, 0), (1, 0))
        assert order.status == "completed"
        assert not Allocation.objects.exists()
        assert not broken()

    def test_half_of_the_bundles_can_leave_first(self):
        cup = in_stock(9)
        order = paid_order(variant=bundle_of({cup: 4}), quantity=2)

        fulfilment.dispatch(
            order_id=order.pk,
            quantities={order.lines.get().pk: 1},
            parcel=Parcel(),
            actor=None,
            now=NOW,
        )

        assert stock_of(cup) == (5, 4)
        assert not broken()

    def test_a_part_that_is_not_set_aside_is_found(self):
        cup, pot = in_stock(9), in_stock(3)
        placed_order(variant=bundle_of({cup: 4, pot: 1}))

        Allocation.objects.filter(stock_item__variant=pot).delete()

        assert {one.name for one in broken()} == {"stock.allocations", "stock.set_aside"}

    def test_what_was_bought_stays_as_it_was_when_the_bundle_changes(self):
        cup, pot = in_stock(4), in_stock(1)
        bundle = bundle_of({cup: 4})
        order = paid_order(variant=bundle)
        bundles.put_together(bundle=bundle, parts={pot.pk: 1})

        fulfilment.dispatch(
            order_id=order.pk, quantities=None, parcel=Parcel(), actor=None, now=NOW
        )

        assert (stock_of(cup), stock_of(pot)) == ((0, 0), (1, 0))

    def test_costs_its_own_price_and_weighs_what_its_parts_weigh(self):
        cup = in_stock(9, grams=400)
        RateFactory(max_grams=1500)
        RateFactory(price=Decimal("9.90"), min_grams=1500, free_from=None)

        order = placed_order(variant=bundle_of({cup: 4}))

        assert order.items_gross == Decimal("50.00")
        assert order.shipping_gross == Decimal("9.90")

    def test_pages_and_mails_list_the_parts(self, client):
        cup = in_stock(9)
        bundle = bundle_of({cup: 4})
        order = placed_order(variant=bundle, payment_method="bank_transfer")
        shelve()

        sent = mail.send(letter(order, "order_confirmation", key="k"))
        shown = client.get(order.get_absolute_url()).content.decode()
        offered = client.get(bundle.product.get_absolute_url()).content.decode()

        assert f"4 × {cup.product.title}" in shown
        assert f"4 × {cup.product.title}" in sent.html
        assert f"4 x {cup.product.title}" in sent.text
        assert "What is in it" in offered

    def test_the_basket_lists_the_parts(self, client):
        cup = in_stock(9)
        line = CartLineFactory(variant=bundle_of({cup: 4}))
        client.cookies["cart"] = line.cart.token

        assert f"4 × {cup.product.title}" in client.get("/cart/").content.decode()


@pytest.mark.django_db
class TestFreshness:
    def products_owed(self):
        owed = Message.objects.filter(topic="browsing.refresh_cards")
        return {
            pk
            for payload in owed.values_list("payload", flat=True)
            for pk in payload["product_ids"]
        }

    def test_the_last_part_sold_singly_makes_the_bundles_card_stale(self):
        cup = in_stock(20)
        bundle = bundle_of({cup: 18})

        placed_order(variant=cup, quantity=3)

        assert bundle.product_id in self.products_owed()

    def test_parts_that_come_back_make_the_bundles_card_stale(self):
        cup = in_stock(1)
        bundle = bundle_of({cup: 1})

        browsing.stock_came_back(variant_ids=[cup.pk], now=NOW)

        assert self.products_owed() == {cup.product_id, bundle.product_id}


@pytest.mark.django_db
class TestPuttingTogether:
    def refused(self, bundle, parts):
        with pytest.raises(BadBundle):
            bundles.put_together(bundle=bundle, parts=parts)
        assert not BundlePart.objects.filter(bundle=bundle).exists()

    def test_no_bundle_in_a_bundle(self):
        inner = bundle_of({in_stock(): 1})

        self.refused(VariantFactory(), {inner.pk: 1})

    def test_a_part_of_a_bundle_becomes_none(self):
        part = in_stock()
        bundle_of({part: 1})

        self.refused(part, {in_stock().pk: 1})

    def test_not_itself(self):
        variant = in_stock()

        self.refused(variant, {variant.pk: 1})

    @pytest.mark.parametrize("units", [0, -1, 1000])
    def test_no_odd_numbers_of_units(self, units):
        self.refused(VariantFactory(), {in_stock().pk: units})

    def test_no_part_that_is_gone(self):
        self.refused(VariantFactory(), {in_stock().pk: 1, 999_999: 1})

    @pytest.mark.parametrize("make", [online_variant, key_variant])
    def test_only_what_lies_on_a_shelf(self, make):
        self.refused(VariantFactory(), {make().pk: 1})

    def test_without_parts_it_is_a_piece_of_its_own_again(self):
        bundle = bundle_of({in_stock(): 1})

        bundles.put_together(bundle=bundle, parts={})

        assert left(bundle) == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("shoppers", [2, 8])
def test_the_last_unit_is_sold_once_as_a_bundle_or_singly(shoppers):
    cup = in_stock(1)
    bundle = bundle_of({cup: 1})
    choice = checkout_of()
    carts = [CartLineFactory(variant=variant).cart for variant in [cup, bundle] * (shoppers // 2)]
    barrier = Barrier(len(carts))

    def buy(cart):
        try:
            barrier.wait(timeout=20)
            checkout.place_order(cart=cart, choice=choice, now=NOW)
        except OutOfStock:
            return 0
        finally:
            connection.close()
        return 1

    with ThreadPoolExecutor(len(carts)) as pool:
        sold = sum(pool.map(buy, carts))

    assert sold == 1
    assert Order.objects.count() == 1
    assert StockItem.objects.get(variant=cup).allocated == 1
