"""A guest finds an order again, changes it, and sends something back: with script and without."""

import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.running.test_buying import (
    MUG,
    fill_address,
    order_number,
    pay_on_the_providers_page,
    place_button,
)

PIECES = (MUG, "/p/bud-vase/", "/p/milk-jug/")
SHIP = """
from django.utils import timezone
from orders.models import Order
from shop.processes import fulfilment
order = Order.objects.get(number="{number}")
parcel = fulfilment.Parcel("Royal Mail", "QB123456789GB")
fulfilment.dispatch(
    order_id=order.pk, quantities=None, parcel=parcel, actor=None, now=timezone.now()
)
"""
MAILS = "select count(*) from outbox_mail where kind = %s and text like %s"
STATUS = "select status from orders_order where number = %s"
SCRIPT = pytest.mark.parametrize("js", [True, False], ids=["with script", "without script"])


def buy(page, *, email, pieces=(MUG,)):
    """Buy, pay, and stay on the order's own page."""
    for piece in pieces:
        page.goto(piece)
        page.get_by_role("button", name="Add to basket").first.click()
        page.get_by_role("link", name="Checkout").first.wait_for()
    page.goto("/checkout/")
    fill_address(page, email=email)
    place_button(page).click()
    pay_on_the_providers_page(page)
    return order_number(page)


def confirmed(house, number):
    house.until(STATUS, "confirmed", number)


def shipped(house, number):
    confirmed(house, number)
    house.run(SHIP.format(number=number))


def unfold(page, title):
    page.locator("summary", has_text=title).click()


def one_mail(house, kind, number):
    house.until(MAILS, 1, f"orders/{kind}", f"%{number}%", seconds=90)


def address(name, js):
    return f"{name}.{'script' if js else 'plain'}@example.com"


def picture(folder):
    path = folder / "broken.png"
    Image.new("RGB", (320, 240), "firebrick").save(path)
    return str(path)


def look_up(page, number, email, *, button):
    page.goto("/orders/lookup/")
    page.locator("[name=number]").fill(number)
    page.locator("main [name=email]").fill(email)
    page.get_by_role("button", name=button).click()


@SCRIPT
def test_an_order_is_found_again_and_its_link_mailed(new_page, house, js):
    email = address("finds", js)
    number = buy(new_page(js=js), email=email)
    page = new_page(js=js)

    look_up(page, number, email, button="Find my order")
    expect(page.locator("main")).to_contain_text(f"Order {number}")
    expect(page.locator("main")).not_to_contain_text("Byron")
    look_up(page, number, email, button="Mail me the link")
    expect(page.locator("main")).to_contain_text("Look into your mail")

    one_mail(house, "order_link", number)
    text = house.value(
        "select text from outbox_mail where kind = 'orders/order_link' and reference = %s", number
    )
    page.goto(re.search(r"/orders/\d+/\?t=\S+", text)[0])
    expect(page.locator("main")).to_contain_text("Ada Byron")


@SCRIPT
def test_a_stranger_with_the_number_learns_nothing(new_page, house, js):
    number = buy(new_page(js=js), email=address("owner", js))
    eve = address("eve", js)
    page = new_page(js=js)

    look_up(page, number, eve, button="Find my order")
    expect(page.locator("main")).to_contain_text("We know no order")
    look_up(page, number, eve, button="Mail me the link")
    told = page.locator("main").inner_text()
    look_up(page, "999999", eve, button="Mail me the link")

    assert page.locator("main").inner_text() == told
    house.until(
        "select count(*) from outbox_message where topic = 'mail.order_link' and done_at is null", 0
    )
    assert house.value('select count(*) from outbox_mail where "to" = %s', eve) == 0


@SCRIPT
def test_an_order_is_cancelled_before_picking(new_page, house, js):
    page = new_page(js=js)
    number = buy(page, email=address("cancels", js))
    confirmed(house, number)

    page.reload()
    unfold(page, "Cancel the order")
    page.locator("button", has_text="Cancel the order").click()

    expect(page.locator("h1")).to_contain_text("This order was cancelled")
    house.until(STATUS, "canceled", number)
    one_mail(house, "order_canceled", number)


@SCRIPT
def test_the_address_is_corrected_before_picking(new_page, house, js):
    page = new_page(js=js)
    number = buy(page, email=address("moves", js))
    confirmed(house, number)

    page.reload()
    unfold(page, "Change the address")
    page.locator("#address_line1").fill("3 Engine Yard")
    page.get_by_role("button", name="Send it there").click()

    expect(page.locator("main")).to_contain_text("What was changed")
    line = house.value("select line1 from orders_order where number = %s", number)
    assert line == "3 Engine Yard"
    one_mail(house, "order_changed", number)


def begin_return(page, *, units, wish):
    """Choose the first lines, each with a reason; leads to what it comes to."""
    page.get_by_role("link", name="Send something back").click()
    for field in page.locator("select[name^=units-]").all()[:units]:
        field.select_option("1")
    for field in page.locator("select[name^=reason-]").all()[:units]:
        field.select_option(index=1)
    page.locator(f"[name=wish][value={wish}]").check()


def send_off(page):
    page.get_by_role("button", name="See what I get back").click()
    expect(page.locator("h1")).to_contain_text("What you get back")


def rma_number(page):
    page.wait_for_url(re.compile(r"/returns/\d+/RMA-\d+/"))
    return re.search(r"RMA-\d+", page.url)[0]


@SCRIPT
def test_two_of_three_lines_go_back_with_a_picture(new_page, house, tmp_path, js):
    page = new_page(js=js)
    number = buy(page, email=address("returns", js), pieces=PIECES)
    shipped(house, number)

    page.reload()
    begin_return(page, units=2, wish="origin")
    send_off(page)
    page.locator("[type=file]").first.set_input_files(picture(tmp_path))
    page.get_by_role("button", name="Send the request").last.click()

    rma = rma_number(page)
    expect(page.locator("main")).to_contain_text("Thank you, we have it")
    lines = "select count(*) from orders_returnline l join orders_return r on r.id = l.rma_id"
    assert house.value(f"{lines} where r.number = %s", rma) == 2
    photos = "select count(*) from orders_casephoto p join orders_return r on r.id = p.rma_id"
    assert house.value(f"{photos} where r.number = %s", rma) == 1
    asked = house.value("select status from orders_return where number = %s", rma)
    one_mail(house, "return_requested" if asked == "requested" else "return_approved", rma)


@SCRIPT
def test_a_piece_is_exchanged_for_another(new_page, house, js):
    page = new_page(js=js)
    number = buy(page, email=address("swaps", js))
    shipped(house, number)

    page.reload()
    begin_return(page, units=1, wish="exchange")
    page.locator("select[name^=swap-]").first.select_option(index=1)
    send_off(page)
    expect(page.locator("main")).to_contain_text("Instead:")
    page.get_by_role("button", name="Send the request").last.click()

    rma = rma_number(page)
    swaps = "select count(*) from orders_exchange e join orders_return r on r.id = e.rma_id"
    assert house.value(f"{swaps} where r.number = %s", rma) == 1
    expect(page.locator("h1")).to_contain_text("Exchange")


@SCRIPT
def test_a_guest_withdraws_in_two_steps_and_has_it_in_writing(new_page, house, js):
    email = address("withdraws", js)
    number = buy(new_page(js=js), email=email)
    shipped(house, number)
    page = new_page(js=js)

    page.goto("/")
    page.get_by_role("link", name="Withdraw from contract here").click()
    page.locator("main [name=name]").fill("Ada Byron")
    page.locator("main [name=number]").fill(number)
    page.locator("main [name=email]").fill(email)
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("main")).to_contain_text(f"withdraw from the contract of order {number}")
    page.get_by_role("button", name="Confirm withdrawal").click()

    expect(page.locator("h1")).to_contain_text("written down")
    kind = "select kind from orders_return r join orders_order o on o.id = r.order_id"
    house.until(f"select coalesce(({kind} where o.number = %s), '')", "withdrawal", number)
    one_mail(house, "withdrawal_receipt", number)
    receipt = house.value(
        "select text from outbox_mail where kind = 'orders/withdrawal_receipt' and reference = %s",
        number,
    )
    assert re.search(r"\d\d:\d\d:\d\d", receipt)
    assert "hereby withdraw" in receipt
