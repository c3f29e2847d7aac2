"""Two at once: nothing comes back twice, is paid twice, or is refunded and returned."""

import pytest
from django.utils import timezone

from payments.models import GrantedRefund
from payments.services.grants import Asked
from shop.lib.errors import Refused
from shop.processes import bookkeeping, claiming, refunding, returns
from shop.processes.returns import Found, Wanted
from tests.factories import in_stock, shipped_order, stock_of
from tests.processes.test_stored_value_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 6


def trying(does):
    def tried():
        try:
            return does()
        except Refused:
            return None

    return tried


def asker(order, line, key):
    return trying(
        lambda: returns.request(
            order_id=order.pk,
            wanted=[Wanted(line.pk, 1, "changed_mind")],
            wish="origin",
            key=key,
            actor=None,
            now=timezone.now(),
        )
    )


def received(order, line):
    rma = asker(order, line, "form-1")()
    returns.receive(rma_id=rma.pk, units=None, actor=None, now=timezone.now())
    return rma


def inspected(order, line):
    rma = received(order, line)
    found = [Found(one.pk, "restocked", 1) for one in rma.lines.all()]
    returns.inspect(rma_id=rma.pk, found=found, actor=None, now=timezone.now())
    return rma


def broken():
    return [one for one in bookkeeping.reconcile(now=timezone.now()) if one.is_broken]


def made(results):
    return [one for one in results if one]


def test_the_same_unit_is_asked_back_once():
    order = shipped_order(variant=in_stock(9), quantity=2)
    line = order.lines.get()

    found = made(at_once([asker(order, line, f"form-{one}") for one in range(MANY)]))

    assert len(found) == 2
    assert broken() == []


def test_the_same_form_sent_many_times_makes_one_return():
    order = shipped_order(variant=in_stock(9), quantity=2)
    line = order.lines.get()

    found = at_once([asker(order, line, "form-1") for _one in range(MANY)])

    assert len({one.pk for one in found}) == 1
    assert order.returns.count() == 1


def test_a_parcel_is_put_on_the_shelf_once():
    variant = in_stock(9)
    order = shipped_order(variant=variant, quantity=2)
    rma = received(order, order.lines.get())
    found = [Found(one.pk, "restocked", 1) for one in rma.lines.all()]

    at_once(
        [
            trying(
                lambda: returns.inspect(rma_id=rma.pk, found=found, actor=None, now=timezone.now())
            )
            for _one in range(MANY)
        ]
    )

    assert stock_of(variant) == (8, 0)
    assert broken() == []


def test_a_return_is_paid_once():
    order = shipped_order(variant=in_stock(9), quantity=2)
    rma = inspected(order, order.lines.get())

    at_once(
        [
            trying(lambda: returns.settle(rma_id=rma.pk, actor=None, now=timezone.now()))
            for _one in range(MANY)
        ]
    )

    assert GrantedRefund.objects.count() == 1
    assert broken() == []


def test_a_unit_is_settled_or_refunded_by_hand_but_not_paid_twice():
    order = shipped_order(variant=in_stock(9))
    line = order.lines.get()
    rma = inspected(order, line)

    at_once(
        [
            trying(lambda: returns.settle(rma_id=rma.pk, actor=None, now=timezone.now())),
            trying(
                lambda: refunding.refund(
                    order_id=order.pk,
                    asked=Asked({line.pk: 1}),
                    to="origin",
                    reason="Chipped",
                    key="hand",
                    actor=None,
                    now=timezone.now(),
                )
            ),
        ]
    )

    assert sum(GrantedRefund.objects.values_list("total", flat=True)) == line.gross
    assert broken() == []


def test_a_unit_is_claimed_or_returned():
    order = shipped_order(variant=in_stock(9))
    line = order.lines.get()

    found = at_once(
        [
            asker(order, line, "form-1"),
            trying(
                lambda: claiming.open(
                    order_id=order.pk,
                    kind="damaged",
                    lines={line.pk: 1},
                    wish="refund",
                    words="",
                    key="form-2",
                    actor=None,
                    now=timezone.now(),
                )
            ),
        ]
    )

    assert len(made(found)) == 1
    assert broken() == []
