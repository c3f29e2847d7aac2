"""Customer and staff decide about one short line at the same moment: exactly one of them does."""

import pytest
from django.utils import timezone

from inventory.models import Shortage
from payments.models import GrantedRefund
from shop.lib.errors import Refused
from shop.processes import bookkeeping, shortages
from shop.processes.shortages import Choice
from tests.factories import in_stock, stock_of
from tests.processes.shorts import bring, lose, settled, short_order
from tests.processes.test_stored_value_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def broken():
    return [one for one in bookkeeping.reconcile(now=timezone.now()) if one.is_broken]


def attempt(step, **asked):
    def run():
        try:
            return step(**asked, now=timezone.now())
        except Refused:
            return None

    return run


def customer(order, outcome):
    return attempt(
        shortages.choose,
        order_id=order.pk,
        line_id=order.lines.get().pk,
        choice=Choice(outcome),
    )


def staff(order, step, **asked):
    fields = {"order_id": order.pk, "line_id": order.lines.get().pk, "reason": "", "actor": None}
    return attempt(step, **fields, **asked)


def test_either_the_customer_cancels_or_staff_send_another_piece():
    order = short_order()
    other = in_stock(9, sku="MOSS-1")

    done = at_once(
        [customer(order, "cancel"), staff(order, shortages.substitute, sku="MOSS-1")] * 4
    )

    line = order.lines.get()
    is_canceled = line.canceled == 2
    (outcome,) = Shortage.objects.values_list("outcome", flat=True)
    assert any(done)
    assert outcome == ("cancel" if is_canceled else "substitute")
    assert (line.sku == "MOSS-1") is not is_canceled
    assert stock_of(other) == (9, 0 if is_canceled else 3)
    assert GrantedRefund.objects.count() == (1 if is_canceled else 0)
    assert broken() == []


def test_twenty_clicks_cancel_once():
    order = short_order()

    at_once([customer(order, "cancel")] * 20)

    assert settled() == [(2, "cancel")]
    assert order.lines.get().canceled == 2
    assert GrantedRefund.objects.get().total == 44
    assert broken() == []


def test_staff_replace_each_others_pieces_without_waiting_for_each_other():
    ash, moss = in_stock(6, sku="ASH-1"), in_stock(6, sku="MOSS-1")
    one, other = short_order(variant=ash, missing=0), short_order(variant=moss, missing=0)
    lose(ash, 5)
    lose(moss, 5)
    bring(ash, 5)
    bring(moss, 5)

    at_once(
        [
            staff(one, shortages.substitute, sku="MOSS-1"),
            staff(other, shortages.substitute, sku="ASH-1"),
        ]
    )

    skus = {one.lines.get().sku, other.lines.get().sku}
    assert skus == {"ASH-1", "MOSS-1"}
    assert broken() == []
