"""Ways to pay: each with its own limits, offered to whom it is open to, refused in words."""

import datetime as dt
import itertools
from decimal import Decimal

import pytest
from django.utils import timezone

from orders.models import Order
from payments.models import PaymentMethod
from payments.services import methods
from payments.services.methods import NotOffered, Sale
from shop.lib.workdays import shop_day
from shop.processes import checkout
from tests.factories import CartLineFactory, MarketFactory, checkout_of, in_stock, placed_order
from tests.factories.customers import member

pytestmark = pytest.mark.django_db
NOW = timezone.now()
COUNT = itertools.count(1)


def sale(total="50", **fields):
    facts = {"market": MarketFactory(), "country": "GB", "now": NOW, **fields}
    return Sale(total=Decimal(total), **facts)


def codes(one):
    return [offer.code for offer in methods.offered(one)]


def approved(days=30, limit=None):
    customer = member(f"buyer{next(COUNT)}@example.com")
    customer.invoice_days, customer.credit_limit = days, limit
    customer.save()
    return customer


def order_of(customer, *, method="invoice", price="22.00"):
    line = CartLineFactory(variant=in_stock(20, price=Decimal(price)))
    line.cart.customer = customer
    line.cart.save()
    return checkout.place_order(cart=line.cart, choice=checkout_of(method), now=NOW)


class TestOffering:
    def test_a_guest_may_pay_by_card_transfer_or_cash(self):
        assert codes(sale()) == ["card", "bank_transfer", "cash_on_delivery"]

    def test_no_row_has_to_be_there_and_each_is_made_once(self):
        codes(sale())
        codes(sale())

        assert PaymentMethod.objects.count() == 4

    def test_the_shop_decides_the_order_and_what_is_written_beside_it(self):
        codes(sale())
        PaymentMethod.objects.filter(code="bank_transfer").update(position=0, words="Two days.")
        PaymentMethod.objects.filter(code="card").update(position=9)

        first = methods.offered(sale())[0]

        assert (first.code, first.hint) == ("bank_transfer", "Two days.")

    def test_what_is_switched_off_is_not_offered(self):
        codes(sale())
        PaymentMethod.objects.filter(code="bank_transfer").update(is_active=False)

        assert "bank_transfer" not in codes(sale())
        assert "at the moment" in methods.problem("bank_transfer", sale())

    def test_cash_has_a_limit_in_each_currency(self):
        assert "cash_on_delivery" in codes(sale("200"))
        assert "cash_on_delivery" not in codes(sale("200.01"))
        assert "200.00 GBP" in methods.problem("cash_on_delivery", sale("200.01"))

    def test_nobody_takes_cash_where_nothing_is_delivered(self):
        assert "cash_on_delivery" not in codes(sale(has_parcel=False))

    def test_a_method_may_be_for_some_countries_alone(self):
        codes(sale())
        PaymentMethod.objects.filter(code="cash_on_delivery").update(countries=["IE"])

        assert "cash_on_delivery" not in codes(sale())
        assert "cash_on_delivery" in codes(sale(country="IE"))

    def test_without_a_key_of_the_provider_no_card_is_taken(self, settings):
        settings.STRIPE_SECRET_KEY = ""

        assert "card" not in codes(sale())

    @pytest.mark.parametrize("most", [{"GBP": "many"}, {"GBP": None}, {"GBP": "NaN"}, []])
    def test_a_limit_that_is_no_number_is_none(self, most):
        codes(sale())
        PaymentMethod.objects.filter(code="cash_on_delivery").update(most=most)

        assert "cash_on_delivery" in codes(sale("5000"))


class TestInvoices:
    def test_only_an_approved_customer_who_signed_in_is_sent_one(self):
        stranger, customer = member(f"buyer{next(COUNT)}@example.com"), approved()

        assert "invoice" not in codes(sale())
        assert "invoice" not in codes(sale(customer=stranger))
        assert "invoice" in codes(sale(customer=customer))

    def test_open_invoices_and_this_one_stay_within_the_limit(self):
        customer = approved(limit=Decimal(100))
        order = order_of(customer)

        left = Decimal(100) - order.total

        assert methods.owed(customer) == order.total
        assert "invoice" in codes(sale(left, customer=customer))
        assert "invoice" not in codes(sale(left + 1, customer=customer))

    def test_what_was_paid_or_called_off_is_owed_no_more(self):
        customer = approved(limit=Decimal(100))
        paid, gone = order_of(customer), order_of(customer)
        checkout.mark_paid(order_id=paid.pk, actor=None, reference="7", now=NOW)
        Order.objects.filter(pk=gone.pk).update(status=Order.Status.CANCELED)

        assert methods.owed(customer) == 0

    def test_goods_go_first_and_the_money_is_due_after_the_days_agreed(self):
        order = order_of(approved(days=30))

        order.refresh_from_db()
        assert (order.status, order.payment_status) == ("confirmed", "pending")
        assert order.due_on == shop_day(NOW) + dt.timedelta(days=30)

    def test_an_order_above_the_limit_is_refused_in_words(self):
        customer = approved(limit=Decimal(10))

        with pytest.raises(NotOffered, match="owe more"):
            order_of(customer)

        assert not Order.objects.exists()


class TestPlacing:
    def test_an_order_waits_as_long_as_its_method_says(self):
        methods.rows()
        PaymentMethod.objects.filter(code="bank_transfer").update(patience_hours=48)

        order = placed_order(payment_method="bank_transfer", now=NOW)

        assert order.expires_at == NOW + dt.timedelta(hours=48)

    def test_a_method_that_is_not_offered_is_refused_and_nothing_is_ordered(self):
        with pytest.raises(NotOffered, match="approved customers"):
            placed_order(payment_method="invoice")

        assert not Order.objects.exists()

    def test_a_method_nobody_knows_is_refused(self):
        with pytest.raises(NotOffered):
            placed_order(payment_method="shells")

    def test_cash_on_delivery_is_sent_before_it_is_paid(self):
        order = placed_order(payment_method="cash_on_delivery")

        assert (order.status, order.payment_status) == ("confirmed", "pending")
        assert order.can_ship

    def test_money_a_carrier_brings_is_booked_as_such(self):
        order = placed_order(payment_method="cash_on_delivery")

        order = checkout.mark_paid(order_id=order.pk, actor=None, reference="DPD 7", now=NOW)

        assert order.payments.get().provider == "cash_on_delivery"
        assert order.payment_status == "paid"

    def test_a_confirmed_order_never_expires_unpaid(self):
        placed_order(payment_method="cash_on_delivery", now=NOW)

        assert checkout.expire(now=NOW + dt.timedelta(days=90)) == 0
