"""Three hundred orders picked, packed, labelled and sent by the list's own actions, watched."""

import re
import time

from playwright.sync_api import expect

from tests.running.test_buying import sign_in

ORDERS = 300
SKU = "MW-MUG-ASH-320"
MAIL = "three.hundred"
LONGEST = 600
PRINTED_WITHIN = 60
CREATE = f"""
from django.utils import timezone
from catalog.models import Market, Variant
from inventory.services.stock import Why
from orders.models import Cart, CartLine
from orders.services.orders import Buyer
from shop.processes import checkout, stocktaking
from shop.processes.checkout import Choice

now = timezone.now()
variant = Variant.objects.get(sku="{SKU}")
market = Market.objects.in_order().first()
stocktaking.correct(variant_id=variant.pk, change=2 * {ORDERS}, why=Why("receipt", now, reason="x"))
for number in range({ORDERS}):
    cart = Cart.objects.create(market=market, created_at=now, updated_at=now)
    CartLine.objects.create(
        cart=cart, variant=variant, quantity=1 + number % 2, price_seen="0", added_at=now
    )
    buyer = Buyer(
        email=f"{MAIL}.{{number}}@example.com", name=f"Buyer {{number}}",
        line1=f"{{number}} Analytical Row", line2="", city="London", postcode="N1 9GU", country="GB",
    )
    choice = Choice(buyer, "royal-mail-48", "bank_transfer", "en-gb")
    order = checkout.place_order(cart=cart, choice=choice, now=timezone.now())
    checkout.mark_paid(order_id=order.pk, actor=None, reference="", now=timezone.now())
"""
OURS = f"o.email like '{MAIL}.%%'"  # our own pattern, doubled for psycopg
CONFIRMED = f"select count(*) from orders_order o where {OURS} and o.status = %s"  # noqa: S608
PARCELS = f"""
    select count(*) from shipping_fulfilment f join orders_order o on o.id = f.order_id
    where {OURS} and f.status = %s
"""  # noqa: S608 - our own constants
LABELLED = f"""
    select count(*) from shipping_fulfilment f join orders_order o on o.id = f.order_id
    where {OURS} and f.tracking_number <> %s
"""  # noqa: S608 - our own constants
MAILED = f"""
    select count(distinct m.key) from outbox_mail m join orders_order o on o.number = m.reference
    where {OURS} and m.kind = %s
"""  # noqa: S608 - our own constants
TOOK = """
    select extract(epoch from finished_at - started_at)::float from shipping_bulkrun
    where kind = %s order by id desc limit 1
"""
REFUSED = "select sum(refused) from shipping_bulkrun where asked_at > now() - interval '1 hour'"


def test_three_hundred_orders_are_packed_labelled_and_sent_from_the_list(new_page, house):
    house.run(CREATE)
    house.until(CONFIRMED, ORDERS, "confirmed")
    page = new_page()
    sign_in(page, "warehouse")

    run(page, "Pick and pack …")
    assert house.value(PARCELS, "packed") == ORDERS
    run(page, "Buy labels …")
    assert house.value(LABELLED, "") == ORDERS
    run(page, "Packing slips", is_asked=False)
    slips = page.get_by_role("link", name="Open the file")
    expect(slips).to_be_visible()
    run(page, "Send …")

    assert house.value(PARCELS, "shipped") == ORDERS
    assert house.value(CONFIRMED, "completed") == ORDERS
    assert house.value(REFUSED) == 0
    assert house.value(TOOK, "packing_slips") < PRINTED_WITHIN
    house.until(MAILED, ORDERS, "orders/order_shipped", seconds=LONGEST)
    assert house.reconcile()[0] == 0


def run(page, action, *, is_asked=True):
    """Tick all, choose, begin, and watch until it is done. Nothing is reloaded on the way."""
    page.goto(f"/admin/orders/order/?q={MAIL}")
    page.locator("#action-toggle").check()
    page.get_by_text(re.compile(f"Select all {ORDERS}")).click()
    page.locator("select[name=action]").select_option(label=action)
    page.locator("#changelist-form [name=index]").click()
    if is_asked:
        page.get_by_role("button", name=re.compile(rf"\({ORDERS}\)")).click()
    page.wait_for_url(re.compile(r"/bulkrun/\d+/change/"))
    seen = watched(page)

    expect(page.locator("#run .state")).to_have_text("Done")
    assert seen[-1] == ORDERS
    # Printing is done within a few looks; the others take longer.
    assert len(seen) > (3 if is_asked else 1), f"nobody saw {action} move: {seen}"


def watched(page):
    """The figures of the bar as they came, one after the other."""
    page.evaluate("window.isTheSamePage = true")
    seen, until = [], time.monotonic() + LONGEST
    while time.monotonic() < until:
        is_done = page.locator("#again").count() == 0  # asked first: the figure may move meanwhile
        shown = int(page.locator("#how_far").get_attribute("value"))
        if not seen or shown != seen[-1]:
            seen.append(shown)
        if is_done:
            assert page.evaluate("window.isTheSamePage") is True
            return seen
        time.sleep(0.2)
    raise AssertionError(f"not done after {LONGEST} s: {seen[-5:]}")
