"""A basket with promotions, cards and credit, from the quote to the books."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from marketing.models import PromotionUse
from orders.models import Adjustment, CartCode, Order
from payments.gateways.base import Standing, State
from payments.models import Payment
from payments.services import payments
from shop.processes import bookkeeping, checkout, fulfilment, quoting
from shop.processes.checkout import CartChanged, CostsMore
from shop.processes.quoting import Asked
from tests.factories import (
    CartLineFactory,
    checkout_of,
    in_stock,
    stock_of,
)
from tests.factories.promotions import CouponFactory, PromotionFactory, promotion
from tests.factories.value import gift_card, gift_card_variant

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def _place(line, payment_method="card", seen_total=None, **fields):
    choice = checkout_of(payment_method, **fields)
    if seen_total is not None:
        choice = type(choice)(
            buyer=choice.buyer,
            shipping_method=choice.shipping_method,
            payment_method=choice.payment_method,
            language=choice.language,
            seen_total=seen_total,
        )
    return checkout.place_order(cart=line.cart, choice=choice, now=NOW)


def _enter(line, code):
    return CartCode.objects.create(
        cart=line.cart, kind="coupon", value=code, shown=code, added_at=NOW
    )


def _put_on(line, card):
    return CartCode.objects.create(
        cart=line.cart, kind="gift_card", value=card.digest, shown="…", added_at=NOW
    )


def _charge(order):
    payment = payments.open_attempt(order=order, provider="card", now=NOW)
    payments.name_reference(payment=payment, reference=f"cs_{order.number}")
    standing = Standing(State.CHARGED, payment.amount, payment.currency, "pi_1")
    checkout.confirm_payment(payment_id=payment.pk, standing=standing, now=NOW)
    order.refresh_from_db()
    return payment


class TestPromotions:
    def test_leave_adjustments_on_lines_that_add_up_to_the_orders_discount(self):
        PromotionFactory(percent=10)
        line = CartLineFactory(quantity=2)

        order = _place(line)

        sold = order.lines.get()
        assert sold.discount == Decimal("4.40")
        assert order.discount == Decimal("4.40")
        assert sold.gross == sold.unit_price * 2 - sold.discount
        assert Adjustment.objects.get(line=sold).amount == Decimal("-4.40")

    def test_take_off_the_delivery_too(self):
        promotion("shipping", {"percent": "100"})

        order = _place(CartLineFactory())

        assert order.shipping_gross == 0
        assert Adjustment.objects.get(order=order, line=None).amount == Decimal("-3.90")

    def test_add_a_gift_that_is_set_aside_and_costs_nothing(self):
        candle = in_stock(price=Decimal("9.00"))
        promotion("gift", {"variant": candle.pk, "quantity": 1})

        order = _place(CartLineFactory())

        gift = order.lines.get(is_gift=True)
        assert (gift.gross, gift.discount) == (0, Decimal("9.00"))
        assert stock_of(candle) == (10, 1)

    def test_keep_no_gift_whose_last_unit_is_being_bought(self):
        candle = in_stock(1, price=Decimal("9.00"))
        promotion("gift", {"variant": candle.pk, "quantity": 1})

        order = _place(CartLineFactory(variant=candle))

        assert not order.lines.filter(is_gift=True).exists()

    def test_send_no_gift_with_a_basket_that_is_not_sent(self):
        candle = in_stock(price=Decimal("9.00"))
        promotion("gift", {"variant": candle.pk, "quantity": 1})

        order = _place(CartLineFactory(variant=gift_card_variant()))

        assert not order.lines.filter(is_gift=True).exists()

    def test_count_a_use_and_give_it_back_when_the_order_is_called_off(self):
        coupon = CouponFactory(usage_limit=1)
        promotion_of = coupon.promotion
        line = CartLineFactory()
        _enter(line, coupon.code)

        order = _place(line)

        use = PromotionUse.objects.get(order=order)
        assert use.coupon == coupon
        fulfilment.cancel(order_id=order.pk, reason="Changed my mind", actor=None, now=NOW)
        use.refresh_from_db()
        assert use.released_at is not None
        again = CartLineFactory()
        _enter(again, coupon.code)
        assert _place(again).adjustments.get().promotion == promotion_of.pk

    def test_an_order_that_costs_nothing_is_paid_at_once(self):
        PromotionFactory(percent=100)
        promotion("shipping", {"percent": "100"}, lane=2)

        order = _place(CartLineFactory())

        order.refresh_from_db()
        assert order.total == 0
        assert order.payment_status == Order.Payment.PAID
        assert order.status == Order.Status.CONFIRMED


class TestWhatWasSeen:
    def test_an_order_never_costs_more_than_was_shown(self):
        coupon = CouponFactory(usage_limit=1)
        first, second = CartLineFactory(), CartLineFactory()
        _enter(first, coupon.code)
        _enter(second, coupon.code)
        asked = Asked(country="GB", shipping_method="tracked-48")
        checkout_of()
        market = second.cart.market
        shown = quoting.quote(cart=second.cart, market=market, asked=asked, now=NOW)
        _place(first)

        with pytest.raises(CostsMore) as refusal:
            _place(second, seen_total=shown.quote.total.gross)

        assert refusal.value.now > refusal.value.was
        assert refusal.value.reasons
        assert Order.objects.count() == 1


class TestStoredValue:
    def test_pays_a_part_and_a_provider_the_rest(self):
        card = gift_card("20.00")
        line = CartLineFactory()
        _put_on(line, card)

        order = _place(line)

        card.refresh_from_db()
        assert card.balance == 0
        held = Payment.objects.get(order=order)
        assert (held.authorized, held.charged) == (Decimal("20.00"), 0)
        assert order.payment_status == Order.Payment.PENDING

        rest = _charge(order)

        assert rest.amount == order.total - Decimal("20.00")
        assert order.payment_status == Order.Payment.PAID
        assert order.status == Order.Status.CONFIRMED

    def test_pays_everything_without_a_provider(self):
        card = gift_card("50.00")
        line = CartLineFactory()
        _put_on(line, card)

        order = _place(line, payment_method="")

        order.refresh_from_db()
        card.refresh_from_db()
        assert order.payment_status == Order.Payment.PAID
        assert card.balance == Decimal("50.00") - order.total

    def test_goes_back_when_the_rest_is_never_paid(self):
        card = gift_card("20.00")
        line = CartLineFactory()
        _put_on(line, card)
        order = _place(line)

        checkout.expire(now=order.expires_at + dt.timedelta(seconds=1))

        card.refresh_from_db()
        order.refresh_from_db()
        assert order.status == Order.Status.EXPIRED
        assert card.balance == Decimal("20.00")

    def test_goes_back_to_where_it_came_from_when_the_order_is_called_off(self):
        card = gift_card("20.00")
        line = CartLineFactory()
        _put_on(line, card)
        order = _place(line)
        _charge(order)

        fulfilment.cancel(order_id=order.pk, reason="Changed my mind", actor=None, now=NOW)

        card.refresh_from_db()
        order.refresh_from_db()
        assert card.balance == Decimal("20.00")
        assert order.refunded == Decimal("20.00")

    def test_that_went_in_the_meantime_is_not_made_up_for_silently(self):
        card = gift_card("50.00")
        line = CartLineFactory()
        _put_on(line, card)
        first = CartLineFactory(quantity=2)
        _put_on(first, card)
        _place(first)

        with pytest.raises(CartChanged):
            _place(line, payment_method="")

    def test_balances_with_the_books(self):
        card = gift_card("20.00")
        for _turn in range(2):
            line = CartLineFactory()
            _put_on(line, card)
            order = _place(line)
        _charge(order)

        assert bookkeeping.reconcile(now=NOW) == []


class TestAskingTheDatabase:
    def _queries(self, line):
        asked = Asked(country="GB", shipping_method="tracked-48", email="alice@example.com")
        with CaptureQueriesContext(connection) as queries:
            quoting.quote(cart=line.cart, market=line.cart.market, asked=asked, now=NOW)
        return len(queries)

    def test_takes_as_often_for_many_lines_and_promotions_as_for_few(self):
        checkout_of()
        small = CartLineFactory()
        PromotionFactory(percent=10)
        few = self._queries(small)

        large = CartLineFactory()
        for _more in range(19):
            CartLineFactory(cart=large.cart)
        for percent in range(1, 40):
            PromotionFactory(percent=percent)

        assert self._queries(large) == few
        assert few <= 30
