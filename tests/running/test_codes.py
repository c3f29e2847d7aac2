"""Codes in a real browser: taken, refused, removed; a gift card pays a part and a card the rest."""

import re

import pytest
from playwright.sync_api import expect

from tests.running.test_buying import (
    fill_address,
    order_number,
    pay_on_the_providers_page,
    place_button,
    put_mug_in_basket,
)

CARD = """
from decimal import Decimal
from django.utils import timezone
from payments.services import gift_cards
from payments.services.gift_cards import Present
card = gift_cards.issue(amount=Decimal("{amount}"), currency="GBP", present=Present(""),
    cause=gift_cards.Cause("test-{name}", timezone.now()))
print(gift_cards.code_of(card))
"""
# The price of one mug, delivery included, says the basket itself.
SUM = re.compile(r"Total\s+£([\d.]+)")


def enter(page, code):
    page.locator("#id_code").fill(code)
    page.locator("#code_apply").click()


def new_card(house, name, amount):
    return house.run(CARD.format(amount=amount, name=name)).strip().splitlines()[-1]


@pytest.mark.parametrize("js", [True, False], ids=["with script", "without script"])
def test_a_code_is_taken_refused_and_removed(new_page, js):
    page = new_page(js=js)
    put_mug_in_basket(page)
    page.goto("/cart/")
    basket = page.locator("#cart")
    before = SUM.search(basket.inner_text())[1]

    enter(page, "welcome10")
    expect(basket).to_contain_text(re.compile(r"WELCOME10: £[\d.]+ off"))
    expect(basket).to_contain_text("You save")
    enter(page, "NO-SUCH-CODE")
    expect(page.locator("#id_code_error")).to_contain_text("We do not know this code")
    expect(page.locator("#id_code")).to_have_value("NO-SUCH-CODE")
    page.get_by_role("button", name="Remove WELCOME10").click()

    expect(basket).to_contain_text("WELCOME10 is out of your basket")
    expect(basket).not_to_contain_text("You save")
    assert SUM.search(basket.inner_text())[1] == before


def test_script_says_aloud_what_a_code_does(new_page):
    page = new_page()
    put_mug_in_basket(page)
    page.goto("/cart/")

    enter(page, "WELCOME10")

    expect(page.locator("#live")).to_contain_text(re.compile(r"WELCOME10: £[\d.]+ off"))


def test_a_gift_card_pays_a_part_and_a_card_the_rest(new_page, house):
    code = new_card(house, "part", "5.00")
    page = new_page()
    put_mug_in_basket(page)
    page.goto("/checkout/")
    fill_address(page, email="gift.and.card@example.com")

    page.locator("summary", has_text="Promotion code or gift card").click()
    enter(page, code)
    expect(page.locator("#codes")).to_contain_text("£5.00 of it pays for this order")
    expect(page.locator("[name=line1]")).to_have_value("12 Analytical Row")
    place_button(page).click()
    pay_on_the_providers_page(page)

    number = order_number(page)
    house.until("select payment_status from orders_order where number = %s", "paid", number)
    paid = dict(
        house.rows(
            "select p.provider, p.charged from payments_payment p"
            " join orders_order o on o.id = p.order_id where o.number = %s",
            number,
        )
    )
    total = house.value("select total from orders_order where number = %s", number)
    assert float(paid["gift_card"]) == 5
    assert paid["card"] == total - paid["gift_card"]
    expect(page.locator("main")).to_contain_text(re.compile(r"Gift card …\w{4}\s*−£5\.00"))


def test_a_gift_card_that_pays_for_all_asks_for_no_card(new_page, house):
    code = new_card(house, "whole", "200.00")
    page = new_page(js=False)
    put_mug_in_basket(page)
    page.goto("/cart/")
    enter(page, code)
    page.goto("/checkout/")
    fill_address(page, email="gift.alone@example.com")

    expect(page.locator("[name=payment_method]")).to_have_count(0)
    page.get_by_role("button", name=re.compile("nothing left to pay")).last.click()

    number = order_number(page)
    house.until("select payment_status from orders_order where number = %s", "paid", number)


@pytest.mark.parametrize("answer_comes", ["before", "after"])
def test_a_code_outlives_a_slow_answer_about_delivery(new_page, house, answer_comes):
    code = new_card(house, f"slow-{answer_comes}", "5.00")
    page, held = new_page(), []

    def hold_the_first(route):
        asks = "refresh" in (route.request.post_data or "") and not held
        held.append(route) if asks else route.continue_()

    put_mug_in_basket(page)
    page.goto("/checkout/")
    page.route("**/checkout/", hold_the_first)
    with page.expect_request(lambda request: "refresh" in (request.post_data or "")):
        fill_address(page)
        page.locator("summary", has_text="Promotion code or gift card").click()
    page.locator("#id_code").fill(code)

    if answer_comes == "before":
        with page.expect_response(re.compile("/checkout/")):
            held[0].continue_()
        page.locator("#delivery .choice").first.wait_for()
        expect(page.locator("#id_code")).to_have_value(code)
    page.locator("#code_apply").click()
    expect(page.locator("#codes")).to_contain_text("£5.00 of it pays for this order")

    expect(page.locator("[name=line1]")).to_have_value("12 Analytical Row")
    page.unroute_all(behavior="ignoreErrors")
