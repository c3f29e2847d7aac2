"""One field for promotion codes and gift cards, in the basket."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from orders.models import CartCode
from payments.services import gift_cards
from tests.factories import (
    CartLineFactory,
    in_stock,
)
from tests.factories.promotions import CouponFactory, asks, gives, promotion
from tests.factories.value import gift_card

pytestmark = pytest.mark.django_db
NOW = timezone.now()
SCRIPT = {"HX-Request": "true"}


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
        assert "Too many tries" in answer.content.decode()
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
