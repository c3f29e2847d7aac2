"""Partial returns of a discounted, taxed order paid two ways add up to what was paid, to the cent."""

from contextlib import contextmanager
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orders.models import CartCode, Order
from payments.models import GrantedLine, GrantedRefund, Payment, Refund
from shop.processes import bookkeeping, checkout, fulfilment, returns
from shop.processes.fulfilment import Parcel
from shop.processes.returns import Found, Wanted
from tests.factories import CartLineFactory, checkout_of, in_stock
from tests.factories.promotions import promotion
from tests.factories.value import gift_card

pytestmark = pytest.mark.django_db

PRICES = st.sampled_from(["0.01", "0.99", "3.33", "9.99", "19.95", "100.00"])
LINES = st.lists(st.tuples(PRICES, st.integers(1, 4)), min_size=1, max_size=3)
REASONS = st.sampled_from(["changed_mind", "faulty", None])


@contextmanager
def undone():
    """One example; the shop's own transactions see themselves as outermost."""
    block = transaction.atomic()
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)


def sold(lines, percent, on_card):
    if percent:
        promotion("percent", {"percent": percent})
    first, *others = [(in_stock(units, price=Decimal(price)), units) for price, units in lines]
    line = CartLineFactory(variant=first[0], quantity=first[1])
    for variant, units in others:
        CartLineFactory(cart=line.cart, variant=variant, quantity=units)
    card = gift_card(on_card, now=timezone.now())
    line.cart.codes.create(
        kind=CartCode.Kind.GIFT_CARD, value=card.digest, shown="…", added_at=timezone.now()
    )
    order = checkout.place_order(cart=line.cart, choice=checkout_of(), now=timezone.now())
    if order.can_be_paid:
        checkout.mark_paid(order_id=order.pk, actor=None, reference="statement", now=timezone.now())
    fulfilment.dispatch(
        order_id=order.pk,
        quantities=None,
        parcel=Parcel("Royal Mail", "QB1"),
        actor=None,
        now=timezone.now(),
    )
    return Order.objects.get(pk=order.pk)


def split_of(data, order):
    """All units of the order, dealt out into returns in any order."""
    units = [line.pk for line in order.lines.all() for _unit in range(line.quantity)]
    units = data.draw(st.permutations(units))
    parts = []
    while units:
        size = data.draw(st.integers(1, len(units)))
        parts.append(units[:size])
        units = units[size:]
    return parts


def bring_back(order, units, reason, key):
    now = timezone.now()
    wanted = [Wanted(pk, units.count(pk), reason or "") for pk in dict.fromkeys(units)]
    if reason is None:
        rma = returns.withdraw(order_id=order.pk, wanted=wanted, words="", key=key, now=now)
    else:
        rma = returns.request(
            order_id=order.pk, wanted=wanted, wish="origin", key=key, actor=None, now=now
        )
    if rma.status == "requested":
        returns.approve(rma_id=rma.pk, actor=None, now=now)
    returns.receive(rma_id=rma.pk, units=None, actor=None, now=now)
    found = [Found(line.pk, "restocked", line.quantity) for line in rma.lines.all()]
    returns.inspect(rma_id=rma.pk, found=found, actor=None, now=now)
    returns.settle(rma_id=rma.pk, actor=None, now=now)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
@given(
    lines=LINES,
    percent=st.sampled_from([None, "7", "33.33"]),
    on_card=st.sampled_from(["0.50", "10.00", "2000.00"]),
    reason=REASONS,
    data=st.data(),
)
def test_the_parts_of_an_order_that_came_back_are_what_was_paid(
    lines, percent, on_card, reason, data
):
    with undone():
        order = sold(lines, percent, on_card)

        for number, units in enumerate(split_of(data, order)):
            bring_back(order, units, reason, f"form-{number}")

        granted = GrantedRefund.objects.aggregate(
            total=Sum("total", default=0), tax=Sum("tax", default=0)
        )
        back = Refund.objects.aggregate(all=Sum("amount", default=0))["all"]
        # Delivery is given back too when it is the law's doing, or ours.
        is_whole = reason != "changed_mind"
        assert back == granted["total"] == (order.total if is_whole else order.items_gross)
        assert granted["tax"] == order.tax - (0 if is_whole else order.shipping_tax)
        for line in order.lines.all():
            given_back = GrantedLine.objects.filter(line=line).aggregate(
                gross=Sum("gross", default=0), tax=Sum("tax", default=0)
            )
            assert (given_back["gross"], given_back["tax"]) == (line.gross, line.tax)
        for payment in Payment.objects.all():
            assert payment.refunded + payment.refund_pending <= payment.charged
        assert [one for one in bookkeeping.reconcile(now=timezone.now()) if one.is_broken] == []
