"""Orders weighed by what the database knows of them, and weighed again."""

import datetime as dt

import pytest
from django.utils import timezone, translation

from orders.models import Order, OrderEvent
from orders.services.orders import Move
from payments.models import Dispute, RiskAssessment, RiskPolicy, RiskRule
from payments.services import payments, risk
from payments.services.risk.gathering import gather
from tests.factories import placed_order
from tests.factories.customers import CustomerFactory
from tests.payments.risk.signs_of import (
    AMERICAN,
    look_at_everything,
    moved_back,
    only,
    refuse,
    with_card,
)

pytestmark = pytest.mark.django_db
Kind = RiskRule.Kind
Verdict = RiskAssessment.Verdict
NOW = timezone.now()
DAY = dt.timedelta(days=1)


def facts_of(order, reach=DAY, known_at=None):
    return gather([order], reach=reach, known_at={order.pk: known_at or NOW + DAY})[order.pk]


def order_from(ip, **fields):
    order = placed_order(**fields)
    Order.objects.filter(pk=order.pk).update(ip=ip)
    order.refresh_from_db()
    return order


def test_an_ordinary_order_passes_with_the_rules_the_shop_starts_with():
    found = risk.assess(order=placed_order(), now=NOW)

    assert (found.verdict, found.score, found.hold_from) == (Verdict.PASSED, 0, 60)
    assert RiskRule.objects.count() == 12


def test_the_first_rules_are_written_once_and_what_was_switched_off_stays_off():
    risk.rules()
    RiskRule.objects.update(is_active=False)

    assert risk.rules().count() == 12
    assert risk.active_rules() == []


def test_signs_together_hold_an_order_and_say_why():
    order = placed_order(email="x@mailinator.com")
    with_card(order, AMERICAN)

    found = risk.assess(order=order, now=NOW)

    assert found.verdict == Verdict.HELD
    assert found.score == 95
    assert [one["words"] for one in found.reasons] == [
        "The bank knows another CVC",
        "The e-mail is of a throw-away service: mailinator.com",
        "The card is from US, delivery goes to GB",
    ]


def test_exactly_the_threshold_holds_and_one_point_less_does_not():
    order, other = placed_order(email="x@mailinator.com"), placed_order(email="y@mailinator.com")
    only(Kind.DISPOSABLE_MAIL, {}, score=60)
    assert risk.assess(order=order, now=NOW).verdict == Verdict.HELD

    RiskRule.objects.update(score=59)

    assert risk.assess(order=other, now=NOW).verdict == Verdict.PASSED


def test_the_shop_may_look_at_every_order():
    look_at_everything()

    found = risk.assess(order=placed_order(), now=NOW)

    assert (found.verdict, found.reasons) == (Verdict.HELD, [])


def test_reasons_are_told_in_the_language_of_the_staff():
    order = placed_order(email="x@mailinator.com")

    with translation.override("de"):
        found = risk.assess(order=order, now=NOW)

    assert found.reasons[0]["words"].startswith("The e-mail is")


def test_card_details_that_come_late_are_weighed_while_the_order_waits():
    order = placed_order()
    payment = with_card(order)
    assert risk.assess(order=order, now=NOW).verdict == Verdict.PASSED

    payment.card = AMERICAN | {"risk_level": "highest"}
    payment.save()

    assert risk.assess(order=order, now=NOW).verdict == Verdict.HELD
    assert RiskAssessment.objects.count() == 1


def test_what_was_held_stays_held_when_the_signs_go():
    order = placed_order(email="x@mailinator.com")
    rule = only(Kind.DISPOSABLE_MAIL, {})
    risk.assess(order=order, now=NOW)

    rule.delete()
    only(Kind.DISPOSABLE_MAIL, {"fine": ["mailinator.com"]})

    found = risk.assess(order=order, now=NOW)
    assert (found.verdict, found.score) == (Verdict.HELD, 0)


@pytest.mark.parametrize("is_good", [True, False])
def test_a_persons_word_is_final(is_good):
    order = placed_order(email="x@mailinator.com")
    only(Kind.DISPOSABLE_MAIL, {})
    risk.assess(order=order, now=NOW)

    assert risk.decide(order=order, is_good=is_good, move=Move(NOW))

    assert not risk.decide(order=order, is_good=not is_good, move=Move(NOW))
    found = risk.assess(order=order, now=NOW)
    assert found.verdict == (Verdict.ACCEPTED if is_good else Verdict.REJECTED)
    assert found.decided_at == NOW


def test_orders_of_one_e_mail_count_whatever_its_case():
    placed_order(email="grace@example.com", now=NOW - dt.timedelta(hours=2))
    first = placed_order(email="grace@example.com", now=NOW - dt.timedelta(hours=1))
    Order.objects.filter(pk=first.pk).update(status=Order.Status.CANCELED)
    placed_order(email="ada@example.com", now=NOW)
    order = placed_order(email="grace@example.com", now=NOW)

    assert len(facts_of(order).by["email"]) == 2


def test_orders_that_came_later_do_not_count():
    order = placed_order(now=NOW - dt.timedelta(hours=1))
    placed_order(now=NOW)

    assert facts_of(order).by["email"] == ()


def test_a_card_is_known_again_under_another_e_mail():
    with_card(placed_order(email="a@example.com", now=NOW), fingerprint="fp_1")
    with_card(placed_order(email="b@example.com", now=NOW), fingerprint="fp_2")
    order = placed_order(email="c@example.com", now=NOW)
    with_card(order, fingerprint="fp_1")

    assert len(facts_of(order).by["card"]) == 1


def test_two_tries_with_one_card_are_one_order():
    before = placed_order(now=NOW)
    payment = with_card(before, fingerprint="fp_1")
    payments.close(payment=payment, message="Again", now=NOW)
    with_card(before, fingerprint="fp_1")
    order = placed_order(now=NOW)
    with_card(order, fingerprint="fp_1")

    assert len(facts_of(order).by["card"]) == 1


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        ("81.2.69.142", "81.2.69.142", 1),
        ("81.2.69.142", "81.2.69.143", 0),
        ("2a00:23c4:1:2::1", "2a00:23c4:1:2:ffff::9", 1),
        ("2a00:23c4:1:2::1", "2a00:23c4:1:3::1", 0),
        ("127.0.0.1", "127.0.0.1", 0),
        ("10.0.0.7", "10.0.0.7", 0),
        ("fe80::1", "fe80::1", 0),
        (None, None, 0),
    ],
)
def test_orders_from_one_line_count_and_our_own_network_is_nobodys(one, other, count):
    order_from(one, email="a@example.com", now=NOW)
    order = order_from(other, email="b@example.com", now=NOW)

    assert len(facts_of(order).by["ip"]) == count


def test_refused_cards_of_the_e_mail_or_the_line_count_and_closed_attempts_do_not():
    mine = order_from("81.2.69.142", email="a@example.com", now=NOW)
    refuse(with_card(mine), "ch_1", NOW)
    line = order_from("81.2.69.142", email="b@example.com", now=NOW)
    refuse(with_card(line), "ch_2", NOW)
    other = order_from("81.2.69.200", email="c@example.com", now=NOW)
    refuse(with_card(other), "ch_3", NOW)
    payments.close(payment=with_card(mine), message="Not paid in time.", now=NOW)

    assert len(facts_of(mine).declines) == 2
    assert len(facts_of(mine, known_at=NOW - DAY).declines) == 0


def shipped_to(customer, **ago):
    order = moved_back(placed_order(), **ago)
    Order.objects.filter(pk=order.pk).update(customer=customer, fulfillment_status="fulfilled")
    OrderEvent.objects.create(
        order=order, axis="fulfilment", to_state="fulfilled", at=order.placed_at
    )
    return order


def test_only_a_signed_in_customers_parcels_speak_for_an_order():
    customer = CustomerFactory()
    shipped_to(customer, days=90)
    guest, order = placed_order(), placed_order()
    Order.objects.filter(pk=order.pk).update(customer=customer)
    order.refresh_from_db()

    assert len(facts_of(order).delivered) == 1
    assert facts_of(guest).delivered == ()


def test_a_dispute_counts_from_the_day_it_was_opened():
    customer = CustomerFactory()
    before = shipped_to(customer, days=90)
    payment = with_card(before)
    Dispute.objects.create(
        payment=payment, provider="card", provider_ref="dp_1", amount=5, opened_at=NOW
    )
    order = placed_order()
    Order.objects.filter(pk=order.pk).update(customer=customer)
    order.refresh_from_db()

    assert facts_of(order, known_at=NOW).was_disputed
    assert not facts_of(order, known_at=NOW - DAY).was_disputed


def test_a_known_customer_weighs_against_a_sign():
    customer = CustomerFactory()
    shipped_to(customer, days=90)
    order = placed_order(email="x@mailinator.com")
    Order.objects.filter(pk=order.pk).update(customer=customer)
    order.refresh_from_db()
    only(Kind.DISPOSABLE_MAIL, {}, score=70)
    RiskRule.objects.create(
        kind=Kind.KNOWN_CUSTOMER, name="Known", score=-30, params={"orders": 1, "days": 30}
    )

    found = risk.assess(order=order, now=NOW)

    assert (found.score, found.verdict) == (40, Verdict.PASSED)


def test_weighing_asks_few_questions_whatever_there_is_to_know(django_assert_max_num_queries):
    risk.assess(order=placed_order(), now=NOW)
    for number in range(5):
        before = order_from("2a00:23c4:1:2::1")
        refuse(with_card(before, AMERICAN, "fp_1"), f"ch_{number}", NOW)
    order = order_from("2a00:23c4:1:2::1")
    with_card(order, AMERICAN, "fp_1")

    with django_assert_max_num_queries(16):
        risk.assess(order=order, now=NOW)


def test_the_policy_is_one_row_made_on_demand():
    assert risk.policy().hold_from == 60
    assert risk.policy().pk == 1
    assert RiskPolicy.objects.count() == 1
