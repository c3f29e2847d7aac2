import datetime as dt
import json
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from inventory.models import Allocation, LicenceKey, StockItem, StockMovement
from marketing.models import Coupon, Promotion, PromotionUse
from orders.models import CartCode, Order, OrderEvent, OrderLine, TaxLine
from payments.models import PaymentEvent
from shop.outbox.models import post
from shop.processes import bookkeeping, checkout, fulfilment
from shop.processes.bookkeeping import INVARIANTS
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
from tests.processes.test_stored_value_bought import BREAKS as VALUE_BREAKS

pytestmark = pytest.mark.django_db


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


def strange_key(order):
    """A key that nobody holds, and that is taken all the same."""
    moment = timezone.now()
    LicenceKey.objects.create(
        variant=order.lines.get().variant,
        code="A",
        holder=uuid4(),
        added_at=moment,
        taken_at=moment,
    )


BREAKS = {
    "keys.holders": strange_key,
    "stock.movements": lambda order: StockItem.objects.update(on_hand=50),
    "stock.allocations": lambda order: Allocation.objects.update(quantity=2),
    "stock.holders": lambda order: Order.objects.update(status="canceled"),
    "stock.set_aside": lambda order: Allocation.objects.all().delete(),
    "orders.totals": lambda order: Order.objects.update(net=1, tax=1, total=2),
    "orders.tax_lines": lambda order: TaxLine.objects.update(amount=0),
    "orders.history": lambda order: OrderEvent.objects.filter(axis="status").update(
        to_state="expired"
    ),
    "orders.carts": lambda order: Order.objects.update(cart=None),
    "payments.events": lambda order: PaymentEvent.objects.update(amount=1),
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
    StockMovement.objects.all().delete()

    (finding,) = [one for one in bookkeeping.reconcile(now=timezone.now()) if one.is_broken]

    assert finding.count == 7
    assert len(finding.examples) == 5
    assert finding.examples[0]["stock_item"]


def test_the_command_says_that_all_is_well():
    out = StringIO()

    call_command("reconcile", stdout=out)

    assert out.getvalue() == f"{len(INVARIANTS)} of {len(INVARIANTS)} promises hold.\n"


def test_the_command_fails_when_a_promise_is_broken():
    paid_order()
    StockItem.objects.update(on_hand=50)
    out = StringIO()

    with pytest.raises(SystemExit) as end:
        call_command("reconcile", "--json", stdout=out)

    answer = json.loads(out.getvalue())
    assert end.value.code == 1
    assert answer["ok"] is False
    assert [finding["name"] for finding in answer["findings"]] == ["stock.movements"]
