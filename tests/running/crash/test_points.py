"""Web and worker are killed at exact points around a charge and a refund; nothing is lost.

All purchases are brought to their points, a few at a time; what stands there is killed with
kill -9; the shop starts again by itself. Then shoppers who saw an error click again, the clock
turns, and each purchase must have come to the end it would have had.
"""

import pytest

from tests.running.crash.points import Points
from tests.running.crash.promises import all_broken

STANDING = """
select o.status, o.payment_status,
       (select count(*) from outbox_mail m
        where m.reference = o.number and m.kind = 'orders/order_confirmation'),
       (select count(*) from payments_payment p where p.order_id = o.id and p.charged > 0)
from orders_order o where o.email = %s
"""
PAID, SENT, CANCELED = (
    ("confirmed", "paid", 1, 1),
    ("completed", "paid", 1, 1),
    ("canceled", "refunded", 1, 1),
)
NAMED = {
    "before the order is committed": PAID,
    "before the page exists at the provider": PAID,
    "after the page exists, before the answer": PAID,
    "after the bank approved, before the return page knows": PAID,
    "after the return page knows, before it writes": PAID,
    "webhook kept, before it is worked": PAID,
    "between the order's commit and its mail": PAID,
    "capture asked, before its effect": SENT,
    "after the capture's effect, before the answer": SENT,
    "refund committed, before its effect": CANCELED,
    "after the refund's effect, before the answer": CANCELED,
    "after the refund's answer, before the commit": CANCELED,
}
CLICKED_AGAIN = tuple(NAMED)[:3]


@pytest.fixture(scope="module")
def crashed(house, provider, staff, victims, calm):
    """Every purchase after its crash, when the shop is calm again."""
    points = Points(house, provider, staff)
    _while_ordering(points, victims)
    _while_writing(points, victims)
    _while_capturing(points, victims)
    _while_refunding(points, victims)
    house.wait_until_ready(120)
    for name in CLICKED_AGAIN:
        points.at[name].place().pay().come_back()
    calm.age_payments()
    calm.wait(seconds=150)
    return points.at


def _while_ordering(points, victims):
    before = points.ordering("before the page exists at the provider", "before")
    after = points.ordering("after the page exists, before the answer", "after")
    back = points.returning("after the bank approved, before the return page knows")
    heard = points.hearing("webhook kept, before it is worked")
    assert victims.kill(victims.web())
    assert victims.kill(victims.worker())
    points.provider.release(before, drop=True)
    for hold in (after, back, heard):
        points.provider.release(hold)
    points.house.wait_until_ready(120)


def _while_writing(points, victims):
    with points.thanking("between the order's commit and its mail"):
        assert victims.kill(victims.worker()[1:])
    with (
        points.writing_the_return("after the return page knows, before it writes"),
        points.placing("before the order is committed"),
    ):
        assert victims.kill(victims.web())
    points.house.wait_until_ready(120)


def _while_capturing(points, victims):
    first, second = (points.paid(capture="manual") for _ in range(2))
    before = points.capturing("capture asked, before its effect", first, "before")
    after = points.capturing("after the capture's effect, before the answer", second, "after")
    assert victims.kill(victims.worker()[1:])
    points.provider.release(before, drop=True)
    points.provider.release(after)


def _while_refunding(points, victims):
    first, second, third = (points.paid() for _ in range(3))
    before = points.refunding("refund committed, before its effect", first, "before")
    after = points.refunding("after the refund's effect, before the answer", second, "after")
    assert victims.kill(victims.worker()[1:])
    points.provider.release(before, drop=True)
    points.provider.release(after)
    with points.refund_answered("after the refund's answer, before the commit", third):
        assert victims.kill(victims.worker()[1:])


@pytest.mark.parametrize("name", NAMED)
def test_a_crash_at_a_point_changes_nothing_about_the_end(house, crashed, name):
    rows = house.rows(STANDING, crashed[name].email)

    assert rows == [NAMED[name]]


def test_the_provider_opened_one_page_and_refunded_once_each(crashed, provider):
    ledger = provider.ledger()

    numbers = {one.number for one in crashed.values()}
    opened = [one["client_reference_id"] for one in ledger["sessions"]]
    taken = [one["metadata"]["order"] for one in ledger["charges"] if one["amount_captured"]]
    refunded = [one["charge"] for one in ledger["refunds"]]
    assert sorted(one for one in opened if one in numbers) == sorted(numbers)
    assert sorted(one for one in taken if one in numbers) == sorted(numbers)
    assert len(refunded) == len(set(refunded))


def test_no_promise_is_broken_at_any_point(house, provider, crashed):
    assert all_broken(house, provider, crashed.values()) == {}


def test_reconcile_is_clean_after_all_of_it(house, crashed):
    code, findings = house.reconcile()

    assert code == 0, findings
