"""Codes within the form of the checkout, and what happens when they hold no longer."""

from decimal import Decimal

import pytest

from orders.models import CartCode, Order
from payments.services import gift_cards
from tests.factories import CartLineFactory, in_stock
from tests.factories.promotions import asks
from tests.factories.value import gift_card
from tests.orders.test_codes import enter, text_of

pytestmark = pytest.mark.django_db
TYPED = {
    "email": "alice@example.com",
    "name": "Alice Byron",
    "line1": "12 Analytical Row",
    "city": "London",
    "postcode": "N1 9GU",
    "country": "GB",
    "shipping_method": "tracked-48",
    "payment_method": "bank_transfer",
}


class TestInTheCheckout:
    URL = "/checkout/"

    def post(self, client, **changes):
        return client.post(self.URL, {**TYPED, **changes})

    def test_a_code_is_entered_without_script_and_nothing_typed_is_lost(self, client, spring):
        answer = self.post(client, code="SPRING10", enter_code="1", postcode="bad")

        html = answer.content.decode()
        assert answer.status_code == 200
        assert "SPRING10: £4.40 off" in html
        assert 'value="12 Analytical Row"' in html
        assert "There is a problem" not in html
        assert not Order.objects.exists()

    def test_a_refused_code_is_linked_to_its_field(self, client, line):
        answer = self.post(client, code="NOPE-1", enter_code="1")

        html = answer.content.decode()
        assert answer.status_code == 422
        assert 'href="#id_code"' in html
        assert 'value="NOPE-1"' in html
        assert 'value="12 Analytical Row"' in html

    def test_nothing_is_ordered_past_a_code_that_was_typed_and_not_applied(self, client, spring):
        answer = self.post(client, code="SPRING10")

        assert answer.status_code == 200
        assert "£43.50" in answer.content.decode()
        assert not Order.objects.exists()

    def test_looking_again_enters_no_code_and_keeps_it_in_the_field(self, client, spring):
        answer = self.post(client, code="SPRING10", refresh="1")

        assert 'value="SPRING10"' in answer.content.decode()
        assert not CartCode.objects.exists()

    def test_a_code_is_taken_out_within_the_form(self, client, spring):
        enter(client, "SPRING10")

        answer = self.post(client, remove_code=str(CartCode.objects.get().pk))

        assert "out of your basket" in answer.content.decode()
        assert 'value="12 Analytical Row"' in answer.content.decode()
        assert not CartCode.objects.exists()

    def test_an_order_keeps_what_its_codes_took_off(self, client, spring):
        enter(client, "SPRING10")

        self.post(client)

        order = Order.objects.get()
        assert order.total == Decimal("43.50")
        assert order.adjustments.get().code == "SPRING10"

    def test_a_code_that_ran_out_meanwhile_orders_nothing_and_says_what_changed(
        self, client, spring
    ):
        enter(client, "SPRING10")
        spring.is_active = False
        spring.save()

        answer = self.post(client, seen_total="43.50")

        html = answer.content.decode()
        assert answer.status_code == 409
        assert "It costs £47.90 now, not £43.50. Nothing was ordered yet." in html
        assert 'value="12 Analytical Row"' in html
        assert 'name="seen_total" value="47.90"' in html
        assert not Order.objects.exists()

    def test_a_first_order_code_does_not_hold_for_who_ordered_before(self, client, spring):
        asks(spring.promotion, "first_order")
        self.post(client)
        again = CartLineFactory(variant=in_stock(20), quantity=2)
        client.cookies["cart"] = again.cart.token
        enter(client, "SPRING10")

        answer = self.post(client, seen_total="43.50")

        assert answer.status_code == 409
        assert "first order" in answer.content.decode()
        assert Order.objects.count() == 1

    @pytest.mark.parametrize("seen", ["", "NaN", "Infinity", "abc", "1e999", "-"])
    def test_without_a_total_that_was_seen_nothing_is_compared(self, client, line, seen):
        assert self.post(client, seen_total=seen).status_code == 302

    def test_what_costs_less_than_was_seen_is_ordered(self, client, spring):
        enter(client, "SPRING10")

        assert self.post(client, seen_total="47.90").status_code == 302

    def test_the_button_tells_what_is_left_to_pay(self, client, line):
        enter(client, gift_cards.code_of(gift_card("20.00")))

        html = client.get(self.URL).content.decode()

        assert "Order and pay £27.90" in html
        assert 'name="payment_method"' in html

    def test_a_transfer_asks_for_the_rest(self, client, line):
        enter(client, gift_cards.code_of(gift_card("20.00")))

        self.post(client)

        page = text_of(client.get(Order.objects.get().get_absolute_url()))
        assert "Amount £27.90" in page
        assert "Still to pay £27.90" in page

    def test_nobody_chooses_how_to_pay_when_nothing_is_left(self, client, line):
        card = gift_card("50.00")
        enter(client, gift_cards.code_of(card))

        html = client.get(self.URL).content.decode()
        answer = self.post(client, payment_method="")

        assert 'name="payment_method"' not in html
        assert "nothing left to pay" in html
        assert answer.status_code == 302
        order = Order.objects.get()
        assert order.payment_status == Order.Payment.PAID
        card.refresh_from_db()
        assert card.balance == Decimal("2.10")

    def test_a_way_to_pay_is_needed_for_the_rest(self, client, line):
        enter(client, gift_cards.code_of(gift_card("20.00")))

        answer = self.post(client, payment_method="")

        assert answer.status_code == 422
        assert "Choose how to pay" in answer.content.decode()
        assert not Order.objects.exists()
