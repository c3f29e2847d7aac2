import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from inventory.services.stock import OutOfStock
from orders.models import Draft, Order
from orders.services.orders import Buyer
from payments.services import payments
from shop.outbox.models import Message
from shop.processes import checkout, drafting
from shop.processes.bookkeeping import reconcile
from shop.processes.drafting import CannotSave, NotADraft, Over, Plan, PlanLine
from tests.factories import PriceFactory, RateFactory, TaxRateFactory, in_stock, stock_of
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
NOW = timezone.now()
ADA = Buyer("ada@example.com", "Ada Byron", "12 Analytical Row", "", "London", "N1 9GU", "GB")


@pytest.fixture
def mug():
    price = PriceFactory(amount="22.00")
    in_stock(5, variant=price.variant)
    TaxRateFactory()
    return price


@pytest.fixture
def method(mug):
    rate = RateFactory(price="3.90", currency=mug.market.currency)
    return rate.method


def _plan(price, method=None, **fields):
    facts = {
        "market": price.market,
        "channel": Order.Channel.PHONE,
        "buyer": ADA,
        "lines": [PlanLine(price.variant.sku, 2)],
        "shipping_method": method.code if method else "",
        "payment_method": "card",
        **fields,
    }
    return Plan(**facts)


def _save(plan, draft=None):
    return drafting.save(draft=draft, plan=plan, actor=None, now=NOW)


class TestSaving:
    def test_a_draft_costs_what_a_basket_would_and_sets_nothing_aside(self, mug, method):
        draft = _save(_plan(mug, method))

        order = draft.order
        assert order.status == Order.Status.DRAFT
        assert order.channel == "phone"
        assert order.total == Decimal("47.90")
        assert stock_of(mug.variant) == (5, 0)

    def test_an_agreed_price_holds_whatever_the_shop_asks(self, mug, method):
        draft = _save(_plan(mug, method, lines=[PlanLine(mug.variant.sku, 2, Decimal("15.00"))]))

        line = draft.order.lines.get()
        assert line.unit_price == 15
        assert line.price_note == "Agreed price"

    def test_saved_again_it_says_what_was_changed_and_nothing_of_before(self, mug, method):
        draft = _save(_plan(mug, method))

        again = _save(_plan(mug, method, lines=[PlanLine(mug.variant.sku, 1)]), draft)

        assert again.order_id == draft.order_id
        assert [line.quantity for line in again.order.lines.all()] == [1]
        assert Order.objects.get().total == Decimal("25.90")

    def test_an_unknown_sku_is_named(self, mug, method):
        with pytest.raises(CannotSave) as refusal:
            _save(_plan(mug, method, lines=[PlanLine("NO-SUCH-MUG", 1)]))

        assert "NO-SUCH-MUG" in refusal.value.message
        assert not Draft.objects.exists()

    def test_working_it_out_keeps_nothing(self, mug, method):
        priced = drafting.work_out(plan=_plan(mug, method), now=NOW)

        assert priced.quote.total.gross == Decimal("47.90")
        assert not Draft.objects.exists()


class TestOffering:
    def test_an_accepted_offer_is_an_order_with_its_goods_set_aside(self, mug, method):
        draft = _save(_plan(mug, method))

        order = drafting.accept(order_id=draft.order_id, actor=None, now=NOW)

        assert order.status == Order.Status.PENDING
        assert stock_of(mug.variant) == (5, 2)
        assert payments.left_to_pay(order) == Decimal("47.90")

    def test_accepted_twice_it_is_one_order(self, mug, method):
        draft = _save(_plan(mug, method))

        for _click in range(2):
            drafting.accept(order_id=draft.order_id, actor=None, now=NOW)

        assert stock_of(mug.variant) == (5, 2)

    def test_an_offer_that_sets_aside_keeps_the_goods_until_it_ends(self, mug, method):
        until = NOW + dt.timedelta(days=5)
        draft = _save(_plan(mug, method, reserves=True, until=until))

        order = drafting.send(order_id=draft.order_id, actor=None, now=NOW)

        assert order.status == Order.Status.PENDING
        assert order.expires_at == until
        assert stock_of(mug.variant) == (5, 2)
        assert Message.objects.filter(topic="mail.order_offer").count() == 1

    def test_after_its_last_moment_it_is_over(self, mug, method):
        draft = _save(_plan(mug, method, until=NOW - dt.timedelta(minutes=1)))

        with pytest.raises(Over):
            drafting.accept(order_id=draft.order_id, actor=None, now=NOW)

    def test_what_is_gone_by_then_leaves_a_draft(self, mug, method):
        draft = _save(_plan(mug, method, lines=[PlanLine(mug.variant.sku, 6)]))

        with pytest.raises(OutOfStock):
            drafting.accept(order_id=draft.order_id, actor=None, now=NOW)

        assert Order.objects.get().status == Order.Status.DRAFT

    def test_an_offer_by_bank_transfer_waits_for_its_money(self, mug, method):
        draft = _save(_plan(mug, method, payment_method="bank_transfer"))

        order = drafting.accept(order_id=draft.order_id, actor=None, now=NOW)
        checkout.mark_paid(order_id=order.pk, actor=None, reference="x", now=NOW)

        assert Order.objects.get().status == Order.Status.CONFIRMED

    def test_a_discarded_draft_can_not_be_accepted(self, mug, method):
        draft = _save(_plan(mug, method))

        drafting.discard(order_id=draft.order_id, actor=None, now=NOW)

        with pytest.raises(NotADraft):
            drafting.accept(order_id=draft.order_id, actor=None, now=NOW)


class TestAtTheCounter:
    def test_what_is_paid_and_taken_along_is_done_with(self, mug):
        draft = _save(_plan(mug, channel=Order.Channel.COUNTER, payment_method="till"))

        drafting.at_counter(order_id=draft.order_id, takes_along=True, actor=UserFactory(), now=NOW)

        order = Order.objects.get()
        assert order.status == Order.Status.COMPLETED
        assert order.payment_status == Order.Payment.PAID
        assert order.total == 44
        assert stock_of(mug.variant) == (3, 0)

    def test_the_books_know_what_is_in_the_till(self, mug):
        draft = _save(_plan(mug, channel=Order.Channel.COUNTER, payment_method="till"))

        drafting.at_counter(order_id=draft.order_id, takes_along=True, actor=UserFactory(), now=NOW)

        broken = [one for one in reconcile(now=NOW) if one.is_broken]
        assert broken == []


def test_an_offer_breaks_no_promise_of_the_shop(mug, method):
    kept, gone = _save(_plan(mug, method)), _save(_plan(mug, method))
    drafting.discard(order_id=gone.order_id, actor=None, now=NOW)

    assert kept.cart.ordered_at is None
    assert [one for one in reconcile(now=NOW) if one.is_broken] == []
