"""What arrived broken, wrong or not at all is paid or sent again."""

from decimal import Decimal

import pytest
from django.utils import timezone

from orders.models import Claim
from payments.models import GrantedRefund
from shop.outbox.models import Message
from shop.processes import bookkeeping, claiming, returns
from shop.processes.claiming import CannotClaim
from tests.factories import in_stock, shipped_order, stock_of

pytestmark = pytest.mark.django_db


def claim_of(order, units=1, *, kind="damaged", wish="refund", key="form-1"):
    return claiming.open(
        order_id=order.pk,
        kind=kind,
        lines={order.lines.order_by("pk").first().pk: units},
        wish=wish,
        words="In pieces",
        key=key,
        actor=None,
        now=timezone.now(),
    )


def accept(claim, **fields):
    return claiming.accept(claim_id=claim.pk, actor=None, now=timezone.now(), **fields)


def broken():
    return [one for one in bookkeeping.reconcile(now=timezone.now()) if one.is_broken]


def test_a_broken_piece_is_paid_and_nothing_comes_back():
    variant = in_stock(5, price="20.00")
    order = shipped_order(variant=variant, quantity=2)

    claim = accept(claim_of(order), carrier_pays=Decimal("12.00"))

    assert (claim.status, claim.outcome) == ("settled", "refund")
    assert claim.grants.get().total == Decimal("20.00")
    assert stock_of(variant) == (3, 0)
    assert broken() == []


def test_a_lost_parcel_gives_delivery_back_as_well():
    order = shipped_order(variant=in_stock(5))

    accept(claim_of(order, kind="lost"))

    assert GrantedRefund.objects.get().total == order.total
    assert broken() == []


def test_a_piece_is_sent_again_for_nothing():
    variant = in_stock(5)
    order = shipped_order(variant=variant)

    claim = accept(claim_of(order, wish="replace"))

    order.refresh_from_db()
    line = claim.edit.lines.get()
    assert (line.gross, line.quantity, order.status) == (0, 1, "confirmed")
    assert stock_of(variant) == (4, 1)
    assert not order.can_be_paid
    assert broken() == []


def test_no_unit_is_claimed_and_returned():
    order = shipped_order(variant=in_stock(5))
    claim_of(order)

    with pytest.raises(CannotClaim):
        claim_of(order, key="form-2")
    verdict = returns.verdicts(order=order, now=timezone.now())[order.lines.get().pk]
    assert verdict.units == 0


def test_a_declined_claim_may_be_looked_at_again():
    order = shipped_order(variant=in_stock(5))
    claim = claim_of(order)
    claiming.investigate(claim_id=claim.pk, actor=None, now=timezone.now())
    with pytest.raises(CannotClaim):
        claiming.decline(claim_id=claim.pk, reason=" ", actor=None, now=timezone.now())
    claiming.decline(claim_id=claim.pk, reason="Looks worn", actor=None, now=timezone.now())

    claiming.reopen(claim_id=claim.pk, actor=None, now=timezone.now())

    assert Claim.objects.get().status == "open"
    told = [one.payload["tell"] for one in Message.objects.filter(topic="mail.claim")]
    assert sorted(told) == ["declined", "open"]


def test_a_parcel_that_arrived_is_not_lost():
    order = shipped_order(variant=in_stock(5))
    order.fulfilments.update(status="delivered", delivered_at=timezone.now())

    assert "lost" not in dict(claiming.kinds(order=order))
    with pytest.raises(CannotClaim):
        claim_of(order, kind="lost")
