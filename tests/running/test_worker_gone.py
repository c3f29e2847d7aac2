"""No worker works: orders are taken, mails wait in the outbox, and follow one by one."""

import time

from tests.running.crash.victims import Victims
from tests.running.outages import frozen
from tests.running.test_pressure import browser, order

SKU = "MW-MUG-OAT-320"
MAILS = 'select count(*) from outbox_mail where "to" like %s'
WAITING = """
select count(*) from outbox_message m join orders_order o
    on o.id = (m.payload ->> 'order_id')::bigint
where m.topic = 'mail.order_confirmation' and m.done_at is null and o.email like %s
"""


def test_orders_go_on_and_their_mails_follow(house):
    who = f"idle{time.time():.0f}"
    with frozen(Victims(house).worker()):
        answers = [buy(house, f"{who}.{number}@example.com") for number in range(3)]
        waiting = house.value(WAITING, f"{who}%")
        with browser(house.url) as visitor:
            ready = visitor.get("/readyz")

    assert answers == [302] * 3
    assert waiting == 3
    assert ready.status_code == 200
    house.until(MAILS, 3, f"{who}%", seconds=120)


def buy(house, email):
    with browser(house.url) as shopper:
        shopper.post("/cart/lines/", data={"sku": SKU, "quantity": "1"})
        return order(shopper, house.url, email).status_code
