import datetime as dt
import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from inventory.models import StockItem
from marketing.models import Coupon, Promotion, PromotionUse
from orders.models import CartCode, Order, OrderEvent, OrderLine, TaxLine
from shop.outbox.models import post
from shop.processes import bookkeeping, checkout, fulfilment
from shop.processes.bookkeeping import INVARIANTS
from shop.processes.bookkeeping.audit import AUDIT
from shop.processes.bookkeeping.books import BOOKS_AND_PAGES
from shop.processes.bookkeeping.carriage import CARRIAGE
from shop.processes.bookkeeping.collected import COLLECTED
from shop.processes.bookkeeping.customers import CUSTOMERS
from shop.processes.bookkeeping.desk import DESK
from shop.processes.bookkeeping.documents import DOCUMENTS
from shop.processes.bookkeeping.doors import DOORS
from shop.processes.bookkeeping.edits import EDITS
from shop.processes.bookkeeping.ledger import LEDGER
from shop.processes.bookkeeping.parcels import PARCELS
from shop.processes.bookkeeping.privacy import PRIVACY
from shop.processes.bookkeeping.returns import RETURNS
from shop.processes.bookkeeping.rolled_up import ROLLED_UP
from shop.processes.bookkeeping.stock import STOCK
from shop.processes.bookkeeping.stock_foretold import STOCK_FORETOLD
from shop.processes.bookkeeping.stock_held import STOCK_HELD
from shop.processes.bookkeeping.stock_papers import STOCK_PAPERS
from shop.processes.bookkeeping.stock_worth import STOCK_WORTH
from shop.processes.bookkeeping.webhooks import WEBHOOKS
from tests.factories import (
    CartFactory,
    CartLineFactory,
    canceled_order,
    checkout_of,
    paid_order,
    placed_order,
    shipped_order,
)
from tests.factories.promotions import CouponFactory
from tests.payments.books.reading import unguarded
from tests.processes.test_stored_value_bought import BREAKS as VALUE_BREAKS

pytestmark = pytest.mark.django_db


PROMISES_OF_STOCK = (*STOCK, *STOCK_HELD, *STOCK_PAPERS, *STOCK_WORTH, *STOCK_FORETOLD)


def broken(now=None):
    findings = bookkeeping.reconcile(now=now or timezone.now())
    return {finding.name for finding in findings if finding.is_broken}


def sql(text):
    with connection.cursor() as cursor:
        # The shop's own constraints would not let these things happen.
        cursor.execute("set constraints all immediate")
        cursor.execute(text)


def test_an_empty_shop_is_clean():
    assert bookkeeping.reconcile(now=timezone.now()) == []


def test_a_day_of_ordinary_business_is_clean():
    placed_order(payment_method="bank_transfer")
    paid_order()
    shipped_order(quantity=3)
    canceled_order()

    assert broken() == set()


BREAKS = {
    "orders.totals": lambda order: Order.objects.update(net=1, tax=1, total=2),
    "orders.tax_lines": lambda order: TaxLine.objects.update(amount=0),
    "orders.history": lambda order: OrderEvent.objects.filter(axis="status").update(
        to_state="expired"
    ),
    "orders.carts": lambda order: Order.objects.update(cart=None),
    "payments.events": lambda order: unguarded("update payments_paymentevent set amount = 1"),
    "payments.refunds": lambda order: sql("update payments_payment set refunded = 1"),
    "payments.paid_orders": lambda order: sql("update payments_payment set charged = 1"),
    "payments.given_back": lambda order: Order.objects.update(refunded=1),
    "prices.lines": lambda order: OrderLine.objects.update(unit_price=1000),
    "prices.adjustments": lambda order: OrderLine.objects.update(discount=1),
    "prices.discounts": lambda order: Order.objects.update(discount=1),
    "shipping.lines": lambda order: OrderLine.objects.update(fulfilled=1),
    "shipping.status": lambda order: Order.objects.update(fulfillment_status="fulfilled"),
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_promise_is_found(name):
    order = paid_order()
    assert broken() == set()

    BREAKS[name](order)

    assert name in broken()


PROMOTION_BREAKS = {
    "promotions.uses": lambda: Promotion.objects.update(uses=7),
    "promotions.codes": lambda: Coupon.objects.update(uses=7),
    "promotions.released": lambda: PromotionUse.objects.update(released_at=None),
}


@pytest.mark.parametrize("name", PROMOTION_BREAKS)
def test_a_broken_promise_about_promotions_is_found(name):
    coupon = CouponFactory(usage_limit=9, promotion__usage_limit=9)
    line = CartLineFactory()
    CartCode.objects.create(
        cart=line.cart, kind="coupon", value=coupon.code, shown=coupon.code, added_at=timezone.now()
    )
    order = checkout.place_order(cart=line.cart, choice=checkout_of(), now=timezone.now())
    fulfilment.cancel(order_id=order.pk, reason="No", actor=None, now=timezone.now())
    assert broken() == set()

    PROMOTION_BREAKS[name]()

    assert name in broken()


def test_an_order_that_waits_for_money_long_after_its_time_is_found():
    order = placed_order()

    later = order.expires_at + dt.timedelta(hours=1, minutes=1)

    assert broken(now=order.expires_at) == set()
    assert broken(now=later) == {"orders.expired"}


def test_every_promise_is_broken_by_some_test_here():
    warnings = {"outbox.late", "outbox.given_up", "payments.webhooks"}

    assert {one.name for one in INVARIANTS} == {
        *BREAKS,
        *VALUE_BREAKS,
        *PROMOTION_BREAKS,
        # In files of their own.
        *(
            one.name
            for one in (*CARRIAGE, *DESK, *DOORS, *PARCELS, *LEDGER, *DOCUMENTS, *BOOKS_AND_PAGES)
        ),
        *(one.name for one in (*PROMISES_OF_STOCK, *COLLECTED, *EDITS, *RETURNS)),
        *(one.name for one in (*AUDIT, *CUSTOMERS, *PRIVACY, *ROLLED_UP, *WEBHOOKS)),
        *warnings,
        "orders.expired",
    }


def test_a_late_message_is_a_warning_not_a_fault():
    now = timezone.now()
    post(topic="mail.test", key="1", payload={}, now=now - dt.timedelta(minutes=11))

    (finding,) = bookkeeping.reconcile(now=now)

    assert (finding.name, finding.is_broken, finding.count) == ("outbox.late", False, 1)


def test_a_cart_that_nobody_ordered_is_no_finding():
    CartFactory()

    assert broken() == set()


def test_a_finding_says_how_often_and_where_to_look():
    for _number in range(7):
        paid_order()
    StockItem.objects.update(on_hand=50)

    found = bookkeeping.reconcile(now=timezone.now())
    finding = next(one for one in found if one.name == "stock.movements")

    assert finding.count == 7
    assert len(finding.examples) == 5
    assert finding.examples[0]["stock_item"]


def test_the_command_says_that_all_is_well():
    out = StringIO()

    call_command("reconcile", stdout=out)

    assert out.getvalue() == f"{len(INVARIANTS)} of {len(INVARIANTS)} promises hold.\n"


def test_the_command_fails_when_a_promise_is_broken():
    paid_order()
    StockItem.objects.update(damaged=1)
    out = StringIO()

    with pytest.raises(SystemExit) as end:
        call_command("reconcile", "--json", stdout=out)

    answer = json.loads(out.getvalue())
    assert end.value.code == 1
    assert answer["ok"] is False
    assert [finding["name"] for finding in answer["findings"]] == ["stock.movements"]
