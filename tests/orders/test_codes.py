"""One field for promotion codes and gift cards, in the basket and in the checkout."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from orders.models import CartCode, Order
from payments.services import gift_cards
from tests.factories import (
    CartLineFactory,
    MarketFactory,
    RateFactory,
    TaxRateFactory,
    in_stock,
)
from tests.factories.promotions import CouponFactory, asks, gives, promotion
from tests.factories.value import gift_card

pytestmark = pytest.mark.django_db
NOW = timezone.now()
SCRIPT = {"HX-Request": "true"}
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


@pytest.fixture
def line(client):
    """Two mugs of £22.00 and £3.90 for delivery: £47.90."""
    MarketFactory()
    TaxRateFactory()
    RateFactory()
    line = CartLineFactory(variant=in_stock(20), quantity=2)
    client.cookies["cart"] = line.cart.token
    return line


@pytest.fixture
def spring(line):
    """SPRING10: a tenth of the goods."""
    offer = promotion("percent", {"percent": "10"}, label="Spring", is_automatic=False)
    return CouponFactory(promotion=offer, code="SPRING10")


def enter(client, code, **headers):
    return client.post(reverse("orders:cart_code_create"), {"code": code}, headers=headers)


def remove(client, code, **headers):
    return client.post(reverse("orders:cart_code_remove", args=[code.pk]), headers=headers)


def text_of(answer):
    """The page as it is read."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


class TestInTheBasket:
    @pytest.mark.parametrize("typed", ["SPRING10", " spring10 "])
    def test_a_code_takes_off_what_it_promises_and_says_so(self, client, spring, typed):
        answer = enter(client, typed)

        page = text_of(answer)
        assert answer.status_code == 200
        assert "SPRING10: £4.40 off" in page
        assert "Spring (SPRING10) −£4.40" in page
        assert "You save £4.40" in page
        assert "£43.50" in page

    def test_script_gets_the_basket_alone_and_hears_what_happened(self, client, spring):
        html = enter(client, "SPRING10", **SCRIPT).content.decode()

        assert "<html" not in html
        assert re.search(r'id="cart" data-announce="SPRING10: £4.40 off', html)

    def test_a_code_entered_twice_is_kept_once(self, client, spring):
        enter(client, "SPRING10")

        answer = enter(client, "spring10")

        assert answer.status_code == 200
        assert CartCode.objects.count() == 1

    def test_an_unknown_code_is_refused_and_stays_in_the_field(self, client, line):
        answer = enter(client, "SPRNIG10")

        html = answer.content.decode()
        assert answer.status_code == 422
        assert "We do not know this code" in html
        assert 'value="SPRNIG10"' in html
        assert 'aria-describedby="id_code_error"' in html
        assert "<title>Error" in html
        assert not CartCode.objects.exists()

    def test_an_empty_field_is_no_guess(self, client, line):
        answer = enter(client, "  ")

        assert answer.status_code == 422
        assert "Enter a code" in answer.content.decode()

    def test_a_code_that_is_over_is_refused_with_its_day(self, client, spring):
        spring.promotion.ends_at = NOW - dt.timedelta(days=1)
        spring.promotion.save()

        answer = enter(client, "SPRING10")

        assert answer.status_code == 422
        assert "ended" in answer.content.decode()
        assert not CartCode.objects.exists()

    def test_a_code_that_is_used_up_is_refused(self, client, spring):
        spring.usage_limit, spring.uses = 1, 1
        spring.save()

        assert enter(client, "SPRING10").status_code == 422

    def test_a_code_whose_conditions_do_not_hold_yet_is_kept_and_says_what_is_missing(
        self, client, spring
    ):
        asks(spring.promotion, "item_total", least={"GBP": "60.00"})

        answer = enter(client, "SPRING10")

        page = text_of(answer)
        assert answer.status_code == 200
        assert "takes nothing off yet: Spend £16.00 more" in page
        assert "£47.90" in page
        assert CartCode.objects.exists()

    def test_what_was_kept_works_as_soon_as_it_can(self, client, line, spring):
        asks(spring.promotion, "item_total", least={"GBP": "60.00"})
        enter(client, "SPRING10")

        client.post(reverse("orders:cart_line_update", args=[line.pk]), {"quantity": "3"})

        assert "SPRING10 £6.60 off" in text_of(client.get(reverse("orders:cart")))

    def test_a_code_is_taken_out_again(self, client, spring):
        enter(client, "SPRING10")

        answer = remove(client, CartCode.objects.get())

        page = text_of(answer)
        assert "SPRING10 is out of your basket" in page
        assert "£47.90" in page
        assert not CartCode.objects.exists()

    def test_a_strangers_code_is_not_found(self, client, line):
        other = CartLineFactory().cart
        code = CartCode.objects.create(
            cart=other, kind="coupon", value="X-1", shown="X-1", added_at=NOW
        )

        assert remove(client, code).status_code == 404
        assert CartCode.objects.exists()

    def test_no_more_than_five_codes(self, client, line):
        for _each in range(6):
            answer = enter(client, CouponFactory().code)

        assert answer.status_code == 422
        assert "up to 5 codes" in answer.content.decode()
        assert CartCode.objects.count() == 5

    def test_guessing_is_slowed_down_and_then_right_ones_wait_as_well(self, client, spring):
        for number in range(10):
            enter(client, f"GUESS-{number}")

        answer = enter(client, "SPRING10")

        assert answer.status_code == 422
        assert "Too many wrong codes" in answer.content.decode()
        assert not CartCode.objects.exists()

    def test_right_codes_are_no_guesses(self, client, spring):
        for _each in range(15):
            answer = enter(client, "SPRING10")

        assert answer.status_code == 200

    def test_another_site_cannot_enter_codes(self, client, spring):
        answer = enter(client, "SPRING10", **{"Sec-Fetch-Site": "cross-site"})

        assert answer.status_code == 403

    def test_without_a_basket_there_is_nothing_to_enter_it_into(self, client, demo_market):
        answer = enter(client, "SPRING10")

        assert answer.status_code == 422
        assert "basket is empty" in answer.content.decode()

    @pytest.mark.parametrize("name", ["cart_code_create", "cart_estimate"])
    def test_changes_are_not_made_by_looking(self, client, demo_market, name):
        assert client.get(reverse(f"orders:{name}")).status_code == 405

    @pytest.mark.parametrize("typed", ["<script>alert(1)</script>", "' or 1=1 --", "😀" * 40])
    def test_hostile_codes_are_text(self, client, line, typed):
        answer = enter(client, typed)

        assert answer.status_code == 422
        assert "<script>alert" not in answer.content.decode()


class TestWhatAppliesByItself:
    def test_a_line_tells_its_old_price_and_what_took_it_off(self, client, line):
        promotion("groups", {"buy": 1, "get": 1, "percent": "50"}, label="Second mug at half price")

        page = text_of(client.get(reverse("orders:cart")))

        assert "Second mug at half price: −£11.00" in page
        assert "Was £44.00 Now £33.00" in page

    def test_a_gift_is_a_line_of_its_own(self, client, line):
        gift = in_stock(5)
        promotion("gift", {"variant": gift.pk, "quantity": 1}, label="A mug on us")

        page = text_of(client.get(reverse("orders:cart")))

        assert f"Your gift: {gift.product.title}" in page
        assert "£47.90" in page

    def test_what_nearly_applies_is_told_nearest_first_and_two_at_most(self, client, line):
        for least in ("50.00", "48.00", "49.00"):
            offer = promotion("percent", {"percent": "5"}, label=f"From £{least}")
            asks(offer, "item_total", least={"GBP": least})

        page = text_of(client.get(reverse("orders:cart")))

        assert "From £48.00 Spend £4.00 more" in page
        assert "From £49.00 Spend £5.00 more" in page
        assert "Spend £6.00 more" not in page

    def test_what_is_far_away_is_not_told(self, client, line):
        offer = promotion("percent", {"percent": "5"}, label="Rich")
        asks(offer, "item_total", least={"GBP": "500.00"})

        assert "Rich" not in text_of(client.get(reverse("orders:cart")))

    def test_delivery_can_be_free_by_promotion(self, client, line):
        promotion("shipping", {"percent": "100"}, label="Free delivery")

        page = text_of(client.get(reverse("orders:cart")))

        assert "Free delivery −£3.90" in page
        assert "Total £44.00" in page

    def test_everything_off_is_still_a_basket(self, client, line):
        offer = promotion("percent", {"percent": "100"}, label="All yours")
        gives(offer, "shipping", percent="100")

        assert "Total £0.00" in text_of(client.get(reverse("orders:cart")))


class TestGiftCards:
    def test_a_gift_card_goes_into_the_same_field_and_pays_a_part(self, client, line):
        card = gift_card("20.00")

        answer = enter(client, gift_cards.code_of(card).lower())

        page = text_of(answer)
        assert answer.status_code == 200
        assert f"Gift card …{card.last4} −£20.00" in page
        assert "Still to pay £27.90" in page
        assert "Total £47.90" in page

    def test_only_its_digest_is_kept(self, client, line):
        card = gift_card("20.00")

        enter(client, gift_cards.code_of(card))

        kept = CartCode.objects.get()
        assert kept.value == card.digest
        assert kept.shown == f"…{card.last4}"

    def test_an_empty_gift_card_is_refused_in_words(self, client, line):
        card = gift_card("20.00")
        type(card).objects.filter(pk=card.pk).update(balance=0)

        answer = enter(client, gift_cards.code_of(card))

        assert answer.status_code == 422
        assert "Nothing is left on this gift card" in answer.content.decode()

    def test_a_card_in_other_money_is_refused_in_words(self, client, line):
        answer = enter(client, gift_cards.code_of(gift_card("20.00", "EUR")))

        assert answer.status_code == 422
        assert "EUR" in answer.content.decode()


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
