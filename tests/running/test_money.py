"""Money in a real browser: a bank that asks, a card that is declined, a refund and its credit note."""

import re

import pypdf
import pytest
from playwright.sync_api import expect

from tests.running.test_buying import (
    buy,
    fill_address,
    order_number,
    place_button,
    put_mug_in_basket,
    sign_in,
)

ASKS_BANK = "4000 0027 6000 3184"
DECLINED = "4000 0000 0000 0002"
PAID = "select payment_status from orders_order where number = %s"
PIECES = ("/p/foot-ring-mug/?v=MW-MUG-ASH-320", "/p/bud-vase/", "/p/milk-jug/")


def to_the_providers_page(page, email):
    put_mug_in_basket(page)
    page.goto("/checkout/")
    fill_address(page, email=email)
    place_button(page).click()
    page.wait_for_url(re.compile(r"/pay/"))


def card_number(page):
    return page.get_by_label(re.compile("card number", re.IGNORECASE)).first


@pytest.mark.parametrize("js", [True, False], ids=["with script", "without script"])
def test_a_card_pays_once_its_bank_has_asked(new_page, house, js):
    page = new_page(js=js)
    to_the_providers_page(page, f"bank.asks.{js}@example.com".lower())

    card_number(page).fill(ASKS_BANK)
    page.locator("#pay").click()
    expect(page.locator("h1")).to_contain_text("Is it you?")
    page.get_by_role("button", name=re.compile("approve")).click()

    house.until(PAID, "paid", order_number(page))


def test_a_bank_that_refuses_takes_no_money_and_another_card_may_pay(new_page, house):
    page = new_page()
    to_the_providers_page(page, "bank.refuses@example.com")

    card_number(page).fill(ASKS_BANK)
    page.locator("#pay").click()
    page.get_by_role("button", name=re.compile("refuse")).click()
    expect(page.locator("body")).to_contain_text(re.compile("could not confirm", re.IGNORECASE))
    card_number(page).fill("4242 4242 4242 4242")
    page.locator("#pay").click()

    number = order_number(page)
    house.until(PAID, "paid", number)
    charged = "select sum(charged) from payments_payment p join orders_order o on o.id = p.order_id"
    assert house.value(f"{charged} where o.number = %s", number) == house.value(
        "select total from orders_order where number = %s", number
    )


def test_a_declined_card_keeps_everything_that_was_typed(new_page, house):
    page = new_page(js=False)
    to_the_providers_page(page, "typed@example.com")

    card_number(page).fill(DECLINED)
    page.get_by_label(re.compile("name on", re.IGNORECASE)).fill("A. Byron")
    page.locator("#pay").click()

    expect(page.locator("body")).to_contain_text("declined")
    expect(page.get_by_label(re.compile("name on", re.IGNORECASE))).to_have_value("A. Byron")
    address = "select name || ', ' || line1 || ', ' || postcode from orders_order where email = %s"
    assert house.value(address, "typed@example.com") == "Ada Byron, 12 Analytical Row, N1 9GU"
    assert house.value(PAID.replace("number", "email"), "typed@example.com") == "pending"


def test_staff_refund_two_of_three_lines_and_the_buyer_downloads_the_credit_note(new_page, house):
    shopper = new_page()
    for piece in PIECES[1:]:
        shopper.goto(piece)
        shopper.get_by_role("button", name="Add to basket").click()
        shopper.get_by_role("link", name="Checkout").first.wait_for()
    number = buy(shopper, email="two.of.three@example.com")
    house.until("select status from orders_order where number = %s", "confirmed", number)
    order_page = shopper.url

    due = refund_first_two_lines(new_page(), number)

    house.until(PAID, "partially_refunded", number)
    made = (
        "select count(*) from payments_document d join orders_order o on o.id = d.order_id"
        " where o.number = %s and d.kind = 'credit_note' and d.pdf <> ''"
    )
    house.until(made, 1, number)
    shopper.goto(order_page)
    with shopper.expect_download() as download:
        shopper.get_by_role("link", name=re.compile("Credit note")).click()
    text = words_of(download.value.path())
    assert number in text
    assert due in text
    refunded = "select refunded from orders_order where number = %s"
    assert house.value(refunded, number) == pytest.approx(float(due), abs=0.001)


def refund_first_two_lines(page, number):
    """As support would; returns the sum the page showed before the last yes."""
    sign_in(page, "manager")
    page.goto(f"/admin/orders/order/?q={number}")
    page.get_by_role("link", name=number).first.click()
    page.get_by_role("link", name="Give money back").click()
    units = page.locator("[name^=units_]")
    expect(units).to_have_count(3)
    units.nth(0).fill("1")
    units.nth(1).fill("1")
    page.locator("[name=reason]").fill("Arrived chipped")
    page.locator("[name=do][value=check]").click()
    button = page.get_by_role("button", name=re.compile("^Give .* back"))
    due = re.search(r"[\d.]+", button.inner_text())[0]
    button.click()
    expect(page.locator("body")).to_contain_text("is granted")
    return due


def words_of(path):
    reader = pypdf.PdfReader(path)
    return " ".join(page.extract_text() for page in reader.pages)
