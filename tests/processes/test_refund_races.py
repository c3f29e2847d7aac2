"""Fifty people refund at once: never more goes back than came in, and the books agree."""

from decimal import Decimal

import pytest

from payments.gateways.base import Outcome, Refunded
from payments.models import GrantedLine, GrantedRefund, Payment, Refund
from payments.services.grants import Asked
from shop.lib.errors import Refused
from shop.processes import bookkeeping, refunding
from tests.factories import in_stock, placed_order
from tests.factories.value import gift_card
from tests.processes.test_refunding import NOW, charged
from tests.processes.test_stored_value import basket, place
from tests.processes.test_stored_value_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
To = GrantedRefund.To
MANY = 50


def sold(*, quantity, price):
    variant = in_stock(quantity, price=Decimal(price))
    return charged(placed_order(variant=variant, quantity=quantity, now=NOW))


def refunder(order, asked, key, *, to=To.ORIGIN):
    def refund():
        try:
            return refunding.refund(
                order_id=order.pk,
                asked=asked,
                to=to,
                reason="All at once",
                key=key,
                actor=None,
                now=NOW,
            )
        except Refused:
            return None

    return refund


def broken():
    return [one for one in bookkeeping.reconcile(now=NOW) if one.is_broken]


def granted(made):
    return [one for one in made if one]


def test_50_refunds_of_an_amount_give_back_what_was_charged_and_no_more():
    order = sold(quantity=1, price="60.00")
    asked = Asked(goodwill=Decimal("3.00"))

    made = granted(at_once([refunder(order, asked, f"form-{one}") for one in range(MANY)]))

    payment = Payment.objects.get()
    assert len(made) == order.total // 3
    assert payment.refund_pending == 3 * len(made) <= payment.charged
    assert sum(Refund.objects.values_list("amount", flat=True)) == payment.refund_pending
    assert broken() == []


def test_50_refunds_of_a_unit_give_back_the_line_and_no_more():
    order = sold(quantity=7, price="9.99")
    line = order.lines.get()
    asked = Asked({line.pk: 1})

    made = granted(at_once([refunder(order, asked, f"form-{one}") for one in range(MANY)]))

    rows = GrantedLine.objects.all()
    assert len(made) == 7
    assert sum(row.gross for row in rows) == line.gross
    assert sum(row.tax for row in rows) == line.tax
    assert Payment.objects.get().refund_pending == line.gross
    assert broken() == []


def test_50_clicks_on_one_button_give_back_once():
    order = sold(quantity=3, price="10.00")
    asked = Asked({order.lines.get().pk: 1})

    made = at_once([refunder(order, asked, "form-1")] * MANY)

    assert {one.pk for one in made} == {GrantedRefund.objects.get().pk}
    assert Refund.objects.get().amount == 10
    assert broken() == []


def test_refunds_of_every_kind_at_once_over_two_payments_add_up():
    order = charged(place(basket(gift_card("15"), price="40.00")))
    asked = Asked(goodwill=Decimal("2.50"))
    ways = [To.ORIGIN, To.STORE_CREDIT, To.GIFT_CARD]

    made = granted(
        at_once(
            [refunder(order, asked, f"form-{one}", to=ways[one % 3]) for one in range(MANY // 2)]
        )
    )

    payments = Payment.objects.filter(order=order)
    gone = sum(one.refunded + one.refund_pending for one in payments)
    assert gone == Decimal("2.50") * len(made) <= order.total
    assert all(one.refunded + one.refund_pending <= one.charged for one in payments)
    assert broken() == []


def test_the_provider_answers_while_others_ask():
    order = sold(quantity=1, price="60.00")
    first = refunder(order, Asked(goodwill=Decimal("3.00")), "form-0")().refunds.get()
    done = Refunded(Outcome.DONE, "re_1")

    def answered():
        refunding.refund_answered(refund_id=first.pk, answer=done, now=NOW)

    asked = Asked(goodwill=Decimal("30.00"))
    at_once(
        [answered, refunder(order, asked, "form-1"), answered, refunder(order, asked, "form-2")]
    )

    payment = Payment.objects.get()
    assert payment.refunded == 3
    assert payment.refunded + payment.refund_pending <= payment.charged
    assert broken() == []
