"""The exact points at which a process of the shop is killed, and how a purchase gets there."""

import threading
from contextlib import contextmanager, suppress

import httpx
import psycopg

from tests.running.crash.shoppers import SKU, Purchase

SESSIONS, REFUNDS = "POST /v1/checkout/sessions", "POST /v1/refunds"
BLOCKED = """
select count(*) > 0 from pg_stat_activity
where wait_event_type = 'Lock' and query like %s
"""
SET_CAPTURE = """
from payments.models import PaymentMethod
PaymentMethod.objects.update_or_create(code="card", defaults={{"capture": "{how}"}})
"""
DISPATCH = """
from django.utils import timezone
from orders.models import Order
from shop.processes import fulfilment
order = Order.objects.get(number="{number}")
fulfilment.dispatch(order_id=order.pk, quantities=None, actor=None, now=timezone.now(),
    parcel=fulfilment.Parcel("Royal Mail", "QB1"))
"""
CANCEL = """
from django.utils import timezone
from orders.models import Order
from shop.processes import fulfilment
order = Order.objects.get(number="{number}")
fulfilment.cancel(order_id=order.pk, reason="test", actor=None, now=timezone.now())
"""
MONEY = """
select coalesce(sum(p.charged + p.authorized), 0) > 0
from payments_payment p join orders_order o on o.id = p.order_id where o.email = %s
"""
WRITING = """
insert into outbox_mail (key, kind, "to", subject, text, html, reference, sent_at)
values (%s, '', '', '', '', '', '', now())
"""


class Points:
    """Brings purchases to their points. Threads hang there until the shop is killed."""

    def __init__(self, house, provider, staff):
        self.house, self.provider, self.staff = house, provider, staff
        self.at = {}

    def purchase(self):
        return Purchase(self.house, self.provider).fill()

    def paid(self, *, capture="automatic"):
        """An order that is paid, or whose money is held."""
        self.staff.run(SET_CAPTURE.format(how=capture))
        one = self.purchase().place().pay().come_back()
        self.staff.run(SET_CAPTURE.format(how="automatic"))
        self.house.until(MONEY, True, one.email, seconds=60)
        return one

    def intent(self, one):
        query = (
            "select p.charge_ref from payments_payment p"
            " join orders_order o on o.id = p.order_id where o.email = %s"
        )
        return self.house.value(query, one.email)

    # Of the web

    def ordering(self, name, where):
        """The provider is asked for a page, and has (not) made it."""
        one = self.at[name] = self.purchase()
        hold = self.provider.hold(SESSIONS, where)
        in_background(one.click_order)
        self.provider.wait_for(hold)
        return hold

    def returning(self, name):
        """The bank approved, the return page asks how it stands; no webhook tells."""
        one = self.at[name] = self.purchase().place()
        with self.provider.faulty(drop=1):
            one.pay()
        hold = self.provider.hold(f"GET /v1/checkout/sessions/{one.session}", "after")
        in_background(one.come_back_once)
        self.provider.wait_for(hold)
        return hold

    @contextmanager
    def writing_the_return(self, name):
        """The return page has its answer, and waits to write it."""
        one = self.at[name] = self.purchase().place()
        with self.provider.faulty(drop=1):
            one.pay()
        with self.locked("select 1 from orders_order where email = %s for update", one.email):
            self.until_blocked(one.come_back_once, at="orders_order")
            yield

    @contextmanager
    def placing(self, name):
        """The order is being written, and waits for the shelf."""
        one = self.at[name] = self.purchase()
        shelf = (
            "select 1 from inventory_stockitem s join catalog_variant v on v.id = s.variant_id"
            " where v.sku = %s for update of s"
        )
        with self.locked(shelf, SKU):
            self.until_blocked(one.click_order, at="inventory_stockitem")
            yield

    # Of the worker

    def hearing(self, name):
        """The webhook is kept, and the worker looks into it. Nobody comes back."""
        one = self.at[name] = self.purchase().place()
        call = f"GET /v1/checkout/sessions/{one.session}"
        hold = self.provider.hold(call, "before", count=20)
        one.pay()
        self.provider.wait_for(hold)
        return hold

    @contextmanager
    def thanking(self, name):
        """The order is confirmed, its mail is being written."""
        one = self.at[name] = self.purchase().place()
        key = f"order-{one.number}-order_confirmation"
        with self.locked(WRITING, key):
            self.until_blocked(one.pay().come_back, at="outbox_mail")
            yield

    def capturing(self, name, one, where):
        """The goods left, their money is asked for, and has (not) been taken."""
        self.at[name] = one
        call = f"POST /v1/payment_intents/{self.intent(one)}/capture"
        hold = self.provider.hold(call, where)
        self.staff.run(DISPATCH.format(number=one.number))
        self.provider.wait_for(hold)
        return hold

    def refunding(self, name, one, where):
        """The refund is decided, the provider is asked, and has (not) given it."""
        self.at[name] = one
        hold = self.provider.hold(REFUNDS, where)
        self.staff.run(CANCEL.format(number=one.number))
        self.provider.wait_for(hold)
        return hold

    @contextmanager
    def refund_answered(self, name, one):
        """The provider has refunded and said so; the worker waits to write it."""
        hold = self.refunding(name, one, "after")
        with self.locked("select 1 from orders_order where email = %s for update", one.email):
            self.until_blocked(lambda: self.provider.release(hold), at="orders_order")
            yield

    # Locks

    @contextmanager
    def locked(self, query, *values):
        """Hold a row, or one that is about to be, in a transaction that comes to nothing."""
        connection = psycopg.connect(self.house.database_url)
        try:
            connection.execute(query, values)
            yield
        finally:
            connection.rollback()
            connection.close()

    def until_blocked(self, click, *, at):
        """Click, and wait until the shop waits for a row of that table."""
        in_background(click)
        self.house.until(BLOCKED, True, f"%{at}%", seconds=60)


def in_background(click):
    """A click whose answer may never come."""

    def run():
        # The shop dies under it.
        with suppress(httpx.HTTPError, AssertionError):
            click()

    threading.Thread(target=run, daemon=True).start()
