"""Rules for orders: met once an occasion, done in order, written down, tried on past orders."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from orders.models import CallTask, Hold, Order, OrderRule, OrderRuleRun
from orders.services.rules import BadRule, read_actions, read_conditions
from orders.tasks import email_order_rule
from shop.outbox.models import Message
from shop.processes import fulfilment, ruling
from shop.tasks import run_order_rules
from tests.factories import paid_order, placed_order, shipped_order
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
When = OrderRule.When
NOW = timezone.now()


def rule(*conditions, when=When.PLACED, do=(("tag", "seen"),), **fields):
    count = OrderRule.objects.count()
    return OrderRule.objects.create(
        name=fields.pop("name", f"Rule {count}"),
        when=when,
        conditions=[dict(zip(("fact", "test", "value"), one, strict=True)) for one in conditions],
        actions=[{"do": act, "value": value} for act, value in do],
        **fields,
    )


def meet(order, when=When.PLACED):
    runs = ruling.run(order_id=order.pk, when=when, occasion=when, now=timezone.now())
    order.refresh_from_db()
    return runs


def test_a_rule_tags_what_it_is_true_of():
    rule(("total", "at_least", "20"), ("country", "is", "gb, ie"), do=[("tag", "Gift, VIP")])
    order = placed_order()

    meet(order)

    assert order.tags == ["gift", "vip"]
    assert order.events.get(axis="tag").note == "gift, vip"


def test_rules_that_do_nothing_cost_nothing_more(django_assert_num_queries):
    for _number in range(5):
        rule(("total", "at_most", "1"))
    order = placed_order()

    # A place to come back to, the order, its rules, its goods, its buyer's orders, its risk.
    with django_assert_num_queries(7):
        ruling.run(order_id=order.pk, when=When.PLACED, occasion="again", now=NOW)


def test_what_a_rule_does_is_seen_by_the_next():
    rule(("country", "is", "gb"), do=[("tag", "gift")])
    rule(("tag", "has", "gift"), do=[("tag", "wrapped")])
    order = placed_order()

    meet(order)

    assert order.tags == ["gift", "wrapped"]


@pytest.mark.parametrize(
    "condition",
    [
        ("total", "at_most", "1"),
        ("payment", "is", "cash_on_delivery"),
        ("country", "is_not", "GB"),
        ("sku", "has", "NOWHERE"),
        ("tag", "has", "gift"),
        ("email", "contains", "@spam."),
        ("first", "is", "no"),
        ("account", "is", "yes"),
        ("units", "at_least", "2"),
        ("risk", "at_least", "1"),
        ("group", "has", "trade"),
    ],
)
def test_one_condition_that_does_not_hold_is_enough(condition):
    rule(("total", "at_least", "0"), condition)
    order = placed_order(payment_method="bank_transfer")

    assert meet(order) == []
    assert order.tags == []


def test_goods_are_known_by_sku_and_by_every_category_above_them():
    order = placed_order()
    line = order.lines.get()
    above = line.variant.product.category.url_path.split("/")[0]
    rule(("sku", "has", line.sku.lower()), ("category", "has", above))

    assert len(meet(order)) == 1


def test_a_second_order_of_an_address_is_not_its_first():
    first, second = placed_order(email="a@example.com"), placed_order(email="A@example.com")
    rule(("first", "is", "yes"))

    assert (len(meet(first)), len(meet(second))) == (1, 0)


def test_a_total_is_compared_in_the_shops_own_currency():
    order = placed_order()
    Order.objects.filter(pk=order.pk).update(exchange_rate=Decimal("0.01"))
    rule(("total", "at_least", "5"))

    assert meet(order) == []


def test_a_rule_meets_an_order_once_an_occasion():
    rule()
    order = placed_order()

    first, again = meet(order), meet(order)

    assert (len(first), again) == (1, [])
    assert OrderRuleRun.objects.count() == 1


def test_what_a_rule_did_is_written_down_and_one_refusal_stops_nothing():
    rule(do=[("hold", "Too late"), ("tag", "late")])
    order = shipped_order()

    (run,) = meet(order)

    assert [one["done"] for one in run.done] == [False, True]
    assert "closed" in run.done[0]["words"]
    assert order.tags == ["late"]


def test_a_later_rule_sees_what_an_earlier_one_did():
    rule(("tag", "has", "gift"), do=[("note", "Wrap it")], position=2)
    rule(do=[("tag", "gift")], position=1)
    order = placed_order()

    assert len(meet(order)) == 2


def test_a_rule_holds_assigns_calls_and_mails():
    person = UserFactory(is_staff=True, email="dora@example.com")
    acts = [("hold", "Check it"), ("assign", "Dora@example.com"), ("call", "Much to pay")]
    rule(do=[*acts, ("mail", "boss@example.com")], name="Dear orders")
    order = placed_order(payment_method="bank_transfer")

    meet(order)

    assert order.assigned_to == person
    kinds = {one.kind for one in order.holds.filter(released_at=None)}
    assert kinds == {Hold.Kind.RULE, Hold.Kind.CALL}
    assert CallTask.objects.get().reason == "Much to pay"
    owed = Message.objects.get(topic="mail.order_rule")
    assert owed.payload["to"] == "boss@example.com"


def test_the_mail_names_rule_and_order():
    rule(do=[("mail", "boss@example.com")], name="Dear orders")
    order = placed_order()
    meet(order)
    email_order_rule(message_id=Message.objects.get(topic="mail.order_rule").pk)

    letter = next(one for one in mail.outbox if one.to == ["boss@example.com"])
    assert order.number in letter.subject
    assert "Dear orders" in letter.body


def test_a_rule_out_of_use_and_one_that_can_not_be_read_do_nothing():
    rule(is_active=False)
    rule(("weather", "is", "fine"))
    order = placed_order()

    assert meet(order) == []


def owed(when):
    return Message.objects.filter(topic=ruling.TOPIC, payload__when=when).count()


def test_every_moment_of_an_order_is_told_once():
    for when in (When.PLACED, When.CONFIRMED, When.PAID, When.SHIPPED, When.CANCELED):
        rule(when=when, name=when)

    shipped_order()
    gone = placed_order()
    fulfilment.cancel(order_id=gone.pk, reason="No", actor=None, now=timezone.now())

    told = {when: owed(when) for when in When}
    assert told == {
        When.PLACED: 2,
        When.CONFIRMED: 1,
        When.PAID: 1,
        When.SHIPPED: 1,
        When.CANCELED: 1,
        When.RETURN_REQUESTED: 0,
    }


def test_nothing_is_owed_while_no_rule_waits_for_it():
    paid_order()

    assert not Message.objects.filter(topic=ruling.TOPIC).exists()


def test_the_worker_runs_what_is_owed():
    rule(when=When.RETURN_REQUESTED)
    order = placed_order()
    with transaction.atomic():
        ruling.happened(order=order, when=When.RETURN_REQUESTED, occasion="RMA-1", now=NOW)
        ruling.happened(order=order, when=When.RETURN_REQUESTED, occasion="RMA-1", now=NOW)

    run_order_rules(message_id=Message.objects.get(topic=ruling.TOPIC).pk)

    assert OrderRuleRun.objects.get().occasion == "RMA-1"


def test_a_trial_says_what_would_have_met_and_changes_nothing():
    small, large = placed_order(), placed_order(quantity=3)
    tried = rule(("units", "at_least", "3"), do=[("tag", "big")])

    found = ruling.try_out(rule=tried, since=NOW - dt.timedelta(days=30), now=timezone.now())

    assert (found.looked_at, found.count, found.met) == (2, 1, [large])
    assert found.acts == ["Add tags: big"]
    assert not OrderRuleRun.objects.exists()
    assert small.tags == []


def test_a_trial_asks_the_same_for_one_order_and_for_many(django_assert_num_queries):
    tried = rule()
    placed_order()
    since = NOW - dt.timedelta(days=30)
    with django_assert_num_queries(4):
        ruling.try_out(rule=tried, since=since, now=timezone.now())
    placed_order()
    placed_order()

    with django_assert_num_queries(4):
        ruling.try_out(rule=tried, since=since, now=timezone.now())


@pytest.mark.parametrize(
    ("fact", "test", "value"),
    [
        ("weather", "is", "fine"),
        ("total", "is", "5"),
        ("total", "at_least", "much"),
        ("total", "at_least", "NaN"),
        ("first", "is", "perhaps"),
        ("country", "is", ""),
    ],
)
def test_conditions_that_say_nothing_are_refused(fact, test, value):
    with pytest.raises(BadRule):
        read_conditions([{"fact": fact, "test": test, "value": value}])


@pytest.mark.parametrize(
    ("act", "value"),
    [("fly", "x"), ("tag", ""), ("tag", "x" * 41), ("mail", "nobody"), ("assign", "a@example.com")],
)
def test_actions_that_can_not_be_done_are_refused(act, value):
    with pytest.raises(BadRule):
        read_actions([{"do": act, "value": value}])
