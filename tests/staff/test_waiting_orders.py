"""The queue of orders that wait for a person, and the panel on the page of one."""

import pytest
from django.urls import reverse
from django.utils import timezone

from orders.models import Hold, Order
from payments.models import Payment, RiskAssessment, RiskRule
from shop.processes import verifying
from tests.factories import paid_order, placed_order
from tests.payments.risk.signs_of import AMERICAN, doubt, held_order, pay, with_card

pytestmark = pytest.mark.django_db

QUEUE = "/admin/orders/hold/"


def rows(client, **query):
    return list(client.get(QUEUE, query).context["cl"].result_list)


def numbers(client, **query):
    return [row.order.number for row in rows(client, **query)]


def step(slug, *orders, **query):
    asked = [f"order={order.pk}" for order in orders] + [f"{k}={v}" for k, v in query.items()]
    return f"{reverse('admin:orders_order_step', args=[slug])}?{'&'.join(asked)}"


def page_of(client, order):
    return client.get(reverse("admin:orders_order_change", args=[order.pk])).content.decode()


def told(response):
    return [str(message) for message in response.wsgi_request._messages]


def stop(order, kind="address", reason="No house 12"):
    return verifying.hold(
        order_id=order.pk, kind=kind, reason=reason, actor=None, now=timezone.now()
    )


def hold_form(**fields):
    return {"kind": "address", "reason": "No house 12", **fields}


def test_the_queue_tells_why_for_how_much_and_from_where(owner):
    order = held_order(email="odd@example.com")

    page = owner.get(QUEUE).content.decode()

    for words in (
        order.number,
        "odd@example.com",
        "The bank knows another CVC (+70)",
        "70 / 60",
        "May be fraud",
        "US",
        f"£{order.total:.2f}",
    ):
        assert words in page, words


def test_an_empty_queue_says_so(owner):
    paid_order()

    assert "Nothing waits for a decision." in owner.get(QUEUE).content.decode()


def test_an_order_with_two_holds_is_one_row_until_both_are_gone(owner):
    order = paid_order()
    first, second = stop(order), stop(order, "other", "Ring them first")
    assert numbers(owner) == [order.number]
    assert "Ring them first" in owner.get(QUEUE).content.decode()

    for hold in (first, second):
        assert numbers(owner) == [order.number]
        verifying.release(hold_id=hold.pk, reason="Ok", actor=None, now=timezone.now())

    assert numbers(owner) == []


def test_closed_orders_wait_for_nobody(owner):
    order = paid_order()
    stop(order)

    Order.objects.update(status=Order.Status.COMPLETED)

    assert numbers(owner) == []


def test_the_queue_is_searched_and_filtered(owner):
    doubted, odd = held_order(email="x@example.com"), paid_order(email="y@example.com")
    stop(odd)
    rule = RiskRule.objects.get()

    assert numbers(owner, q="x@example") == [doubted.number]
    assert numbers(owner, q=odd.number) == [odd.number]
    assert numbers(owner, kind="address") == [odd.number]
    assert numbers(owner, kind="high_risk") == [doubted.number]
    assert numbers(owner, rule=rule.pk) == [doubted.number]
    assert numbers(owner, rule=rule.pk + 1) == []
    assert len(numbers(owner, rule="x' or 1")) == 2


def test_the_queue_asks_the_same_number_of_questions_for_many_rows(
    owner, django_assert_num_queries, django_assert_max_num_queries
):
    held_order()
    owner.get(QUEUE)
    with django_assert_max_num_queries(20) as few:
        owner.get(QUEUE)
    for _order in range(4):
        held_order()

    with django_assert_num_queries(len(few)):
        assert owner.get(QUEUE).status_code == 200


def test_the_queue_is_a_file_too(owner):
    order = held_order()

    lines = b"".join(owner.get(f"{QUEUE}list.csv").streaming_content).decode()

    assert order.number in lines


def test_many_are_accepted_at_once_and_each_row_says_how_it_went(owner):
    good, late, other = held_order(), held_order(), paid_order()
    stop(other)
    ids = [row.pk for row in rows(owner)]
    asked = owner.post(QUEUE, {"action": "acceptance", "_selected_action": ids})
    verifying.reject(order_id=late.pk, reason="Fraud", actor=None, now=timezone.now())

    answer = owner.post(asked["Location"], {"reason": "Rang them"})

    assert answer["Location"].startswith(QUEUE)
    assert told(answer) == [
        f"Accepted: {good.number}.",
        f"{late.number}: This order waits for no decision any more.",
        f"{other.number}: This order waits for no decision any more.",
    ]
    good.refresh_from_db()
    assert good.status == Order.Status.CONFIRMED


def test_many_are_rejected_at_once_with_a_reason(owner):
    orders = [held_order(), held_order()]
    ids = [row.pk for row in rows(owner)]
    asked = owner.post(QUEUE, {"action": "rejection", "_selected_action": ids})["Location"]
    assert "This field is required" in owner.post(asked, {}).content.decode()

    owner.post(asked, {"reason": "One card, two names"})

    for order in orders:
        order.refresh_from_db()
        assert order.status == Order.Status.CANCELED
        assert order.risk.verdict == RiskAssessment.Verdict.REJECTED
        assert order.events.filter(axis="status").latest("at").note == "One card, two names"


def test_the_page_of_an_order_tells_what_the_rules_saw_and_offers_to_decide(owner):
    order = held_order()

    page = page_of(owner, order)

    for words in ("Waits for a person", "The bank knows another CVC", "70 points, held from 60"):
        assert words in page
    for slug in ("acceptance", "rejection"):
        assert step(slug, order) in page
    for slug in ("confirmation", "cancellation", "release"):
        assert step(slug, order) not in page


def test_an_order_nobody_weighed_or_stopped_has_no_such_panel(owner):
    assert "Verification" not in page_of(owner, placed_order(payment_method="bank_transfer"))


def test_who_decided_stays_on_the_page(owner, sign_in):
    order = held_order()
    sign_in("support").post(step("acceptance", order), {"reason": "Rang them"})

    page = page_of(sign_in("owner"), order)

    assert "Decided by Support" in page
    assert "Released by Support" in page
    assert "Rang them" in page


def test_an_order_is_held_by_hand_and_released_with_a_reason(sign_in):
    order, client = paid_order(), sign_in("support")
    assert step("hold", order) in page_of(client, order)

    client.post(step("hold", order), hold_form())

    hold = Hold.objects.get(order=order)
    assert (hold.kind, hold.reason, hold.placed_by.name) == ("address", "No house 12", "Support")
    assert "No house 12" in page_of(client, order)
    client.post(step("release", order), {"reason": "It is 21", f"hold_{hold.pk}": "on"})
    hold.refresh_from_db()
    assert hold.released_by.name == "Support"
    assert order.events.get(axis="hold", to_state="released").note == "It is 21"


def test_only_ticked_holds_are_released(owner):
    order = paid_order()
    first, second = stop(order), stop(order, "other", "Ring them first")

    owner.post(step("release", order), {"reason": "Ok", f"hold_{second.pk}": "on"})

    first.refresh_from_db()
    second.refresh_from_db()
    assert first.released_at is None
    assert second.released_at is not None
    page = owner.post(step("release", order), {"reason": "Ok"}).content.decode()
    assert "Tick what is to be released." in page


def test_a_hold_needs_a_kind_of_ours_and_a_reason(owner):
    order = paid_order()

    for form in (hold_form(kind="dispute"), hold_form(reason=""), hold_form(reason="x" * 201)):
        assert owner.post(step("hold", order), form).status_code == 200
    assert not Hold.objects.exists()


@pytest.mark.parametrize(
    ("role", "slug", "may"),
    [
        ("support", "acceptance", True),
        ("support", "hold", True),
        ("warehouse", "acceptance", False),
        ("warehouse", "rejection", False),
        ("warehouse", "hold", False),
        ("warehouse", "release", False),
        ("marketing", "acceptance", False),
    ],
)
def test_each_decision_has_its_right(sign_in, role, slug, may):
    order = held_order()

    answer = sign_in(role).get(step(slug, order))

    assert answer.status_code == (200 if may else 403)


def test_who_may_not_see_holds_has_no_queue(sign_in):
    assert sign_in("catalogue").get(QUEUE).status_code == 403
    assert sign_in("warehouse").get(QUEUE).status_code == 200


def test_the_work_queue_counts_orders_and_not_holds(owner):
    order = paid_order()
    stop(order)
    stop(order, "other", "And again")
    held_order()

    found = {row.title: row for row in owner.get("/admin/").context["queue"]}

    assert found["On hold"].count == 2
    assert found["On hold"].link.startswith(QUEUE)
    assert len(numbers(owner)) == 2


def test_ticked_orders_of_the_list_are_held_together(owner):
    orders = [paid_order(), paid_order()]
    ids = [order.pk for order in orders]
    asked = owner.post("/admin/orders/order/", {"action": "hold", "_selected_action": ids})

    owner.post(asked["Location"], hold_form(kind="other"))

    assert Hold.objects.filter(released_at=None, kind="other").count() == 2


def test_a_held_order_is_refused_by_bulk_shipping_with_its_number(owner):
    held, ready = paid_order(), paid_order()
    stop(held)

    answer = owner.post(step("shipment", held, ready), {"carrier": "Royal Mail"})

    assert f"{held.number}: This order is on hold." in told(answer)
    ready.refresh_from_db()
    assert ready.fulfillment_status == Order.Fulfillment.FULFILLED


def test_a_row_leads_to_its_order(owner):
    order = held_order()

    answer = owner.get(f"{QUEUE}{doubt(order).pk}/change/")

    assert answer["Location"] == reverse("admin:orders_order_change", args=[order.pk])


def test_money_that_came_twice_changes_nothing_in_the_queue(owner):
    order = held_order()
    pay(Payment.objects.get(order=order))
    other = placed_order()
    pay(with_card(other, AMERICAN))

    assert numbers(owner) == [order.number, other.number]
