"""Goods come back: what is asked, agreed to, found in the parcel, and paid."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from inventory.models import Reservation, StockItem, StockMovement
from orders.models import Exchange, Order, ReturnRule
from payments.models import GrantedRefund, Refund, ValueAccount
from shop.outbox.models import Message
from shop.processes import bookkeeping, returns
from shop.processes.returns import Found, Wanted
from tests.factories import in_stock, paid_order, placed_order, shipped_order, stock_of
from tests.factories.promotions import promotion
from tests.factories.specials import bundle_of
from tests.factories.value import gift_card_variant

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def broken(now=None):
    return [one for one in bookkeeping.reconcile(now=now or timezone.now()) if one.is_broken]


def ask(
    order, units=1, *, wish="origin", reason="changed_mind", swaps=None, key="form-1", now=None
):
    line = order.lines.order_by("pk").first()
    return returns.request(
        order_id=order.pk,
        wanted=[Wanted(line.pk, units, reason)],
        wish=wish,
        swaps={line.pk: swaps.pk} if swaps else {},
        key=key,
        actor=None,
        now=now or timezone.now(),
    )


def approved(order, units=1, **fields):
    rma = ask(order, units, **fields)
    if rma.status == "requested":
        rma = returns.approve(rma_id=rma.pk, actor=None, now=timezone.now())
    return rma


def come_back(rma, disposition="restocked", *, refused=False, now=None):
    now = now or timezone.now()
    rma = returns.receive(rma_id=rma.pk, units=None, actor=None, now=now)
    found = [
        Found(line.pk, disposition, line.received, is_refused=refused) for line in rma.lines.all()
    ]
    rma = returns.inspect(rma_id=rma.pk, found=found, actor=None, now=now)
    return returns.settle(rma_id=rma.pk, actor=None, now=now)


def mails():
    rows = Message.objects.filter(topic="mail.return").order_by("pk")
    return [one.payload["kind"] for one in rows]


def test_a_return_goes_from_asked_to_paid_and_its_units_are_on_the_shelf():
    variant = in_stock(5, price="20.00")
    order = shipped_order(variant=variant, quantity=2)

    rma = come_back(approved(order))

    order.refresh_from_db()
    assert rma.status == "closed"
    assert rma.grants.get().total == Decimal("20.00")
    assert stock_of(variant) == (4, 0)
    assert order.lines.get().returned == 1
    assert order.return_status == "returned"
    assert mails() == ["return_approved", "return_received", "return_settled"]
    assert [one.status for one in Refund.objects.all()] == ["pending"]
    assert broken() == []


@pytest.mark.parametrize(
    ("disposition", "on_hand", "damaged"),
    [("restocked", 4, 0), ("not_restocked", 3, 0), ("processing_required", 3, 1)],
)
def test_only_what_is_restocked_is_sold_again(disposition, on_hand, damaged):
    variant = in_stock(5)
    order = shipped_order(variant=variant, quantity=2)

    come_back(approved(order), disposition)

    item = StockItem.objects.get(variant=variant)
    assert (item.on_hand, item.damaged) == (on_hand, damaged)
    assert broken() == []


def test_what_comes_back_is_worth_what_it_had_cost():
    variant = in_stock(5, cost=Decimal("7.00"))
    order = shipped_order(variant=variant, quantity=2)

    come_back(approved(order))

    movement = StockMovement.objects.get(kind="return")
    assert (movement.on_hand_change, movement.value_change) == (1, Decimal("7.000"))
    assert broken() == []


def test_what_is_not_in_the_parcel_or_was_used_is_not_paid():
    order = shipped_order(variant=in_stock(5), quantity=2)
    rma = approved(order, 2)
    returns.receive(rma_id=rma.pk, units=None, actor=None, now=timezone.now())
    line = rma.lines.get()

    returns.inspect(
        rma_id=rma.pk,
        found=[Found(line.pk, "missing", 1), Found(line.pk, "not_restocked", 1, is_refused=True)],
        actor=None,
        now=timezone.now(),
    )
    returns.settle(rma_id=rma.pk, actor=None, now=timezone.now())

    assert not GrantedRefund.objects.exists()
    assert order.lines.get().returned == 1
    assert broken() == []


def test_a_fee_is_kept_but_not_for_what_is_our_fault():
    ReturnRule.objects.create(name="All", fee_percent=10)
    order = shipped_order(variant=in_stock(5, price="20.00"), quantity=2)

    first = come_back(approved(order))
    second = come_back(approved(order, reason="late", key="form-2"))

    assert (first.fee, second.fee) == (Decimal("2.00"), Decimal(0))
    assert sum(Refund.objects.values_list("amount", flat=True)) == Decimal("38.00")
    order.refresh_from_db()
    assert order.status == "completed"
    assert broken() == []


def test_a_cheap_piece_may_be_kept_and_is_paid_at_once():
    ReturnRule.objects.create(name="All", keep_below=50)
    order = shipped_order(variant=in_stock(5, price="20.00"))

    rma = ask(order)

    assert (rma.status, rma.way) == ("closed", "keep")
    assert rma.grants.get().total == Decimal("20.00")
    assert order.lines.get().returned == 0
    assert mails() == ["return_approved", "return_settled"]
    assert broken() == []


def test_what_is_dear_waits_for_a_person_who_may_say_no():
    ReturnRule.objects.create(name="All", approve_below=10)
    order = shipped_order(variant=in_stock(5, price="20.00"))
    rma = ask(order)
    assert rma.status == "requested"

    returns.decline(rma_id=rma.pk, reason="Worn for weeks", actor=None, now=timezone.now())

    order.refresh_from_db()
    assert order.return_status == "none"
    assert mails() == ["return_requested", "return_declined"]
    assert returns.verdicts(order=order, now=timezone.now())[order.lines.get().pk].units == 1
    assert broken() == []


def test_nothing_comes_back_twice_or_too_late_or_against_a_final_sale():
    order = shipped_order(variant=in_stock(5))
    ask(order)
    with pytest.raises(returns.CannotReturn, match="sent back"):
        ask(order, key="form-2")

    other = shipped_order(variant=in_stock(5))
    with pytest.raises(returns.CannotReturn, match="until"):
        ask(other, now=timezone.now() + 60 * DAY, key="form-3")

    ReturnRule.objects.create(name="Final", position=1, is_final_sale=True)
    with pytest.raises(returns.CannotReturn, match="final sale"):
        ask(other, key="form-4")


def test_the_same_form_asks_once():
    order = shipped_order(variant=in_stock(5), quantity=2)

    assert ask(order).pk == ask(order).pk
    assert order.returns.count() == 1


def test_what_is_never_sent_expires_and_may_come_after_all():
    order = shipped_order(variant=in_stock(5))
    rma = approved(order)
    later = timezone.now() + 16 * DAY

    assert returns.expire(now=later) == 1
    rma = come_back(rma, now=later)

    assert rma.status == "closed"
    assert broken(later) == []


def test_withdrawing_gives_delivery_back_with_the_last_of_the_goods():
    order = shipped_order(variant=in_stock(5, price="20.00"), quantity=2)

    rma = returns.withdraw(order_id=order.pk, words="", key="w-1", now=timezone.now())
    rma = come_back(rma)

    order.refresh_from_db()
    assert (rma.kind, rma.with_delivery) == ("withdrawal", True)
    assert sum(Refund.objects.values_list("amount", flat=True)) == order.total
    assert mails() == ["withdrawal_receipt", "return_received", "return_settled"]
    assert broken() == []


def test_withdrawing_before_anything_left_cancels_the_order():
    variant = in_stock(5)
    order = paid_order(variant=variant, quantity=2)

    rma = returns.withdraw(order_id=order.pk, words="Sorry", key="w-1", now=timezone.now())

    order.refresh_from_db()
    assert (rma.status, order.status) == ("closed", "canceled")
    assert "2 ×" in rma.words
    assert stock_of(variant) == (5, 0)
    assert broken() == []


def test_the_law_ends_fourteen_days_after_delivery_and_is_not_for_companies():
    order = shipped_order(variant=in_stock(5))
    assert returns.may_withdraw(order=order, now=timezone.now())
    assert not returns.may_withdraw(order=order, now=timezone.now() + 40 * DAY)

    Order.objects.filter(pk=order.pk).update(vat_number="DE129274202")
    order.refresh_from_db()
    assert not returns.may_withdraw(order=order, now=timezone.now())


def test_the_law_does_not_stop_at_a_final_sale_unless_the_rule_says_why():
    order = shipped_order(variant=in_stock(5))
    rule = ReturnRule.objects.create(name="Final", is_final_sale=True)
    line = order.lines.get().pk

    assert returns.verdicts(order=order, now=timezone.now())[line].withdraw_units == 1

    rule.exempt = "perishable"
    rule.save()
    assert returns.verdicts(order=order, now=timezone.now())[line].withdraw_units == 0


def test_a_bundle_comes_back_as_its_parts():
    cup, saucer = in_stock(8), in_stock(4)
    order = shipped_order(variant=bundle_of({cup: 2, saucer: 1}), quantity=2)

    come_back(approved(order))

    assert (stock_of(cup), stock_of(saucer)) == ((6, 0), (3, 0))
    assert broken() == []


def test_two_returns_of_a_discounted_line_add_up_to_the_line():
    promotion("percent", {"percent": "10"})
    order = shipped_order(variant=in_stock(5, price="9.99"), quantity=3)
    line = order.lines.get()

    for key in ("a", "b", "c"):
        come_back(approved(order, key=key))

    assert sum(GrantedRefund.objects.values_list("total", flat=True)) == line.gross
    assert broken() == []


@pytest.mark.parametrize(("price", "due"), [("25.00", "5.00"), ("20.00", "0"), ("15.00", "0")])
def test_an_exchange_sends_the_other_piece_and_settles_the_difference(price, due):
    other = in_stock(3, price=price)
    order = shipped_order(variant=in_stock(5, price="20.00"))
    rma = approved(order, wish="exchange", swaps=other)
    item = StockItem.objects.get(variant=other)
    assert item.reserved == 1

    come_back(rma)

    order.refresh_from_db()
    item.refresh_from_db()
    exchange = Exchange.objects.get()
    back = max(Decimal(0), Decimal("20.00") - Decimal(price))
    assert (exchange.status, item.reserved, item.allocated) == ("released", 0, 1)
    assert order.status == "confirmed"
    assert sum(Refund.objects.values_list("amount", flat=True)) == back
    assert order.can_be_paid == (Decimal(due) > 0)
    assert broken() == []


def test_what_is_wanted_instead_can_be_sent_at_once_and_is_charged_when_nothing_comes():
    other = in_stock(3, price="20.00")
    order = shipped_order(variant=in_stock(5, price="20.00"))
    ReturnRule.objects.create(name="All")
    rma = ask(order, wish="exchange", swaps=other)
    returns.approve(rma_id=rma.pk, actor=None, now=timezone.now(), at_once=True)
    assert Exchange.objects.get().status == "released"
    assert broken() == []

    later = timezone.now() + 16 * DAY
    returns.expire(now=later)

    order.refresh_from_db()
    assert order.can_be_paid
    assert order.lines.filter(title__startswith="Not sent back").get().gross == Decimal("20.00")
    assert broken(later) == []


def test_an_exchange_whose_piece_sold_out_gives_the_money_back():
    other = in_stock(1, price="25.00")
    order = shipped_order(variant=in_stock(5, price="20.00"))
    rma = approved(order, wish="exchange", swaps=other)
    StockItem.objects.filter(variant=other).update(on_hand=0, reserved=0)
    Reservation.objects.all().delete()

    come_back(rma)

    assert Exchange.objects.get().status == "canceled"
    assert rma.grants.get().total == Decimal("20.00")


def test_an_order_that_is_no_sale_yet_can_be_withdrawn_from_as_a_whole():
    order = placed_order(variant=in_stock(5), payment_method="cash_on_delivery")
    Order.objects.filter(pk=order.pk).update(status="pending", confirmed_at=None)

    returns.withdraw(order_id=order.pk, words="", key="w-1", now=timezone.now())

    order.refresh_from_db()
    assert order.status == "canceled"


def test_an_unspent_gift_card_can_be_withdrawn_from_and_is_switched_off():
    order = paid_order(variant=gift_card_variant("25.00"))

    rma = returns.withdraw(order_id=order.pk, words="", key="w-1", now=timezone.now())

    assert rma.status == "closed"
    assert not ValueAccount.objects.get(line__order=order).is_active
    assert GrantedRefund.objects.get().total == Decimal("25.00")
    assert broken() == []
    with pytest.raises(returns.CannotReturn):
        returns.withdraw(order_id=order.pk, words="", key="w-2", now=timezone.now())
