import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from inventory.services.stock import OutOfStock
from orders.models import Order, OrderEvent, TaxLine
from payments.gateways.base import Standing, State
from payments.models import Payment, Refund
from payments.services import payments
from shop.lib.errors import Refused
from shop.outbox.models import Message
from shop.processes import checkout
from shop.processes.checkout import CartChanged, NoDelivery
from tests.factories import (
    CartFactory,
    CartLineFactory,
    MethodFactory,
    PriceFactory,
    RateFactory,
    checkout_of,
    in_stock,
    paid_order,
    placed_order,
    stock_of,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def _place(line, **choice):
    return checkout.place_order(cart=line.cart, choice=checkout_of(**choice), now=NOW)


def _attempt(order):
    payment = payments.open_attempt(order=order, provider="card", now=NOW)
    payments.name_reference(payment=payment, reference=f"cs_{order.number}")
    return payment


def _charged(payment, **fields):
    facts = {"amount": payment.amount, "currency": payment.currency, "reference": "pi_1", **fields}
    return checkout.confirm_payment(
        payment_id=payment.pk, standing=Standing(State.CHARGED, **facts), now=NOW
    )


def _topics():
    return sorted(
        topic
        for topic in Message.objects.values_list("topic", flat=True)
        if not topic.startswith(("browsing.", "documents."))
    )


class TestPlacing:
    def test_writes_the_order_and_sets_the_goods_aside(self):
        line = CartLineFactory(quantity=2)

        order = _place(line)

        assert order.status == Order.Status.PENDING
        assert order.total == Decimal("47.90")
        assert stock_of(line.variant) == (10, 2)
        assert OrderEvent.objects.get(order=order, axis="status").to_state == "pending"

    def test_the_totals_are_the_sums_of_the_lines(self):
        line = CartLineFactory(quantity=3)
        CartLineFactory(cart=line.cart, variant=in_stock(price=Decimal("7.49")))

        order = _place(line)

        lines = list(order.lines.all())
        assert order.total == sum(one.gross for one in lines) + order.shipping_gross
        assert order.tax == sum(TaxLine.objects.values_list("amount", flat=True))
        assert all(one.net + one.tax == one.gross for one in lines)

    def test_delivery_is_free_from_the_promised_value_on(self):
        line = CartLineFactory(quantity=3)

        order = _place(line)

        assert order.shipping_gross == 0
        assert order.total == Decimal("66.00")

    def test_the_same_cart_placed_twice_gives_one_order(self):
        line = CartLineFactory()

        first, second = _place(line), _place(line)

        assert first.pk == second.pk
        assert stock_of(line.variant) == (10, 1)

    def test_sells_nothing_when_one_line_is_short(self):
        line = CartLineFactory(variant=in_stock(5), quantity=2)
        CartLineFactory(cart=line.cart, variant=in_stock(1), quantity=2)

        with pytest.raises(OutOfStock):
            _place(line)

        assert not Order.objects.exists()
        assert stock_of(line.variant) == (5, 0)
        line.cart.refresh_from_db()
        assert line.cart.ordered_at is None

    def test_charges_what_the_catalogue_says_now(self):
        line = CartLineFactory(price_seen=Decimal(1))

        order = _place(line)

        assert order.lines.get().unit_price == Decimal("22.00")

    def test_refuses_a_piece_that_is_not_sold_any_more(self):
        line = CartLineFactory()
        line.variant.product.status = "archived"
        line.variant.product.save()

        with pytest.raises(CartChanged):
            _place(line)

    def test_refuses_an_empty_cart(self):
        with pytest.raises(CartChanged):
            checkout.place_order(cart=CartFactory(), choice=checkout_of(), now=NOW)

    def test_refuses_a_delivery_that_does_not_go_there(self):
        line = CartLineFactory()

        with pytest.raises(NoDelivery):
            _place(line, country="FR", postcode="75001")

    def test_refuses_a_parcel_that_is_too_heavy_for_the_method(self):
        line = CartLineFactory(quantity=30, variant=in_stock(50))
        RateFactory(max_grams=10_000)
        RateFactory(method=MethodFactory(code="courier"), min_grams=10_000)

        with pytest.raises(NoDelivery):
            _place(line)

    def test_a_transfer_is_thanked_for_at_once_a_card_when_it_is_charged(self):
        placed_order(payment_method="bank_transfer")
        assert _topics() == ["mail.order_confirmation"]

        placed_order(payment_method="card")
        assert _topics() == ["mail.order_confirmation"]


class TestPaying:
    def test_a_charge_confirms_the_order_and_owes_one_confirmation(self):
        order = placed_order()
        payment = _attempt(order)

        _charged(payment)

        order.refresh_from_db()
        assert (order.status, order.payment_status) == ("confirmed", "paid")
        assert order.paid_at == NOW
        assert _topics() == ["mail.order_confirmation"]

    def test_the_same_news_from_three_sides_counts_once(self):
        order = placed_order()
        payment = _attempt(order)

        for _side in ("return page", "webhook", "clock"):
            _charged(payment)

        payment.refresh_from_db()
        assert payment.charged == order.total
        assert _topics() == ["mail.order_confirmation"]
        assert order.events.filter(axis="payment").count() == 1

    @pytest.mark.parametrize("wrong", [{"amount": Decimal("1.00")}, {"currency": "EUR"}])
    def test_money_that_does_not_match_holds_the_order(self, wrong):
        order = placed_order()

        _charged(_attempt(order), **wrong)

        order.refresh_from_db()
        assert order.status == "pending"
        assert order.holds.count() == 1

    def test_money_for_an_expired_order_goes_back_when_its_goods_are_gone(self):
        variant = in_stock(1)
        order = placed_order(variant=variant)
        payment = _attempt(order)
        checkout.expire(now=NOW + dt.timedelta(days=2))
        placed_order(variant=variant)

        _charged(payment)

        assert Refund.objects.get().amount == order.total
        assert "payments.refund" in _topics()
        order.refresh_from_db()
        assert order.status == "expired"

    def test_a_closed_page_makes_room_for_the_next_attempt(self):
        order = placed_order()
        first = _attempt(order)
        closed = Standing(State.CLOSED, order.total, "GBP", "cs_1", "expired")

        checkout.confirm_payment(payment_id=first.pk, standing=closed, now=NOW)
        second = payments.open_attempt(order=order, provider="card", now=NOW)

        assert second.attempt == 2
        assert second.idempotency_key != first.idempotency_key

    def test_asking_again_gives_the_same_attempt(self):
        order = placed_order()

        assert _attempt(order) == payments.open_attempt(order=order, provider="card", now=NOW)

    def test_staff_mark_a_transfer_as_paid(self):
        order = paid_order(payment_method="bank_transfer")

        assert (order.status, order.payment_status) == ("confirmed", "paid")
        assert "mail.payment_received" in _topics()

    def test_a_paid_order_is_not_paid_again(self):
        order = paid_order(payment_method="bank_transfer")

        with pytest.raises(Refused):
            checkout.mark_paid(order_id=order.pk, actor=None, reference="x", now=NOW)

        assert Payment.objects.get().charged == order.total


class TestExpiring:
    def test_an_unpaid_order_expires_and_its_goods_are_back_on_sale(self):
        variant = in_stock(3)
        order = placed_order(variant=variant, quantity=3)

        count = checkout.expire(now=NOW + dt.timedelta(hours=2))

        order.refresh_from_db()
        assert count == 1
        assert order.status == "expired"
        assert stock_of(variant) == (3, 0)

    def test_a_transfer_is_waited_for_longer_than_a_card(self):
        placed_order(payment_method="bank_transfer")

        assert checkout.expire(now=NOW + dt.timedelta(days=6)) == 0
        assert checkout.expire(now=NOW + dt.timedelta(days=8)) == 1

    def test_a_paid_order_never_expires(self):
        paid_order()

        assert checkout.expire(now=NOW + dt.timedelta(days=60)) == 0

    def test_tax_is_the_destinations(self):
        PriceFactory()
        order = placed_order()

        assert {line.country for line in order.tax_lines.all()} == {"GB"}
        assert {line.rate for line in order.tax_lines.all()} == {Decimal(20)}

    def test_goods_that_come_back_are_shown_again(self):
        variant = in_stock(9)
        placed_order(variant=variant, quantity=9)
        Message.objects.all().delete()

        checkout.expire(now=NOW + dt.timedelta(hours=2))

        owed = Message.objects.get(topic="browsing.refresh_cards")
        assert owed.payload == {"product_ids": [variant.product_id]}
