"""Orders in the hands of staff: found, read, moved, each step with its right and its report."""

import pytest
from django.urls import reverse

from orders.models import Order, OrderEvent
from shop.outbox.models import Message
from tests.factories import paid_order, placed_order, shipped_order, stock_of

pytestmark = pytest.mark.django_db

LIST = "/admin/orders/order/"


def step(slug, *orders):
    query = "&".join(f"order={order.pk}" for order in orders)
    return f"{reverse('admin:orders_order_step', args=[slug])}?{query}"


def told(response):
    return [str(message) for message in response.wsgi_request._messages]


def test_an_order_is_found_by_whatever_the_caller_has(owner):
    order = shipped_order(email="grace@example.com", name="Grace Hopper")
    placed_order(email="someone@example.com", name="Someone Else")
    sku = order.lines.get().sku

    for words in (order.number, "grace@example", "Hopper", sku, sku.lower(), "qb123456789gb"):
        found = owner.get(LIST, {"q": words}).context["cl"].result_list
        assert [one.number for one in found] == [order.number], words


def test_saved_views_narrow_the_list(owner):
    waiting, ready, gone = placed_order(), paid_order(), shipped_order()

    def numbers(view):
        return {one.number for one in owner.get(LIST, {"view": view}).context["cl"].result_list}

    assert numbers("to-ship") == {ready.number}
    assert numbers("unpaid") == {waiting.number}
    assert numbers("shipped") == {gone.number}


def test_the_list_asks_the_same_number_of_questions_for_many_rows(
    owner, django_assert_num_queries, django_assert_max_num_queries
):
    placed_order()
    owner.get(LIST)
    with django_assert_max_num_queries(20) as few:
        owner.get(LIST)
    for _ in range(7):
        placed_order()

    with django_assert_num_queries(len(few)):
        owner.get(LIST)


def test_one_page_tells_everything_about_an_order(owner):
    order = shipped_order(email="grace@example.com")

    page = owner.get(reverse("admin:orders_order_change", args=[order.pk])).content.decode()

    for words in (
        order.lines.get().title,
        "grace@example.com",
        "QB123456789GB",
        "Delivery: Shipped",
    ):
        assert words in page


def test_support_confirms_an_order(sign_in):
    order = placed_order(payment_method="bank_transfer")

    sign_in("support").post(step("confirmation", order))

    order.refresh_from_db()
    assert order.status == Order.Status.CONFIRMED
    assert order.events.filter(to_state="confirmed").get().actor.name == "Support"


def test_money_on_the_bank_statement_pays_and_confirms_an_order(owner):
    order = placed_order(payment_method="bank_transfer")

    owner.post(step("payment", order), {"reference": "MW 10001"})

    order.refresh_from_db()
    assert order.payment_status == Order.Payment.PAID
    assert order.status == Order.Status.CONFIRMED


def test_the_warehouse_ships_part_of_an_order(sign_in):
    order = paid_order(quantity=3)
    line = order.lines.get()

    sign_in("warehouse").post(
        step("shipment", order),
        {f"units_{line.pk}": 2, f"tracking_{order.pk}": "QB1", "carrier": "Royal Mail"},
    )

    order.refresh_from_db()
    assert order.fulfillment_status == Order.Fulfillment.PARTIALLY_FULFILLED
    assert order.fulfilments.get().tracking_number == "QB1"
    assert stock_of(line.variant) == (8, 1)


def test_many_orders_ship_at_once_and_each_is_reported(sign_in):
    first, second, unpaid = paid_order(), paid_order(), placed_order()
    warehouse = sign_in("warehouse")

    answer = warehouse.post(
        step("shipment", first, second, unpaid),
        {"carrier": "Royal Mail", f"tracking_{first.pk}": "A1", f"tracking_{second.pk}": "A2"},
    )

    report = told(answer)
    assert f"Shipped: {first.number}, {second.number}." in report
    assert any(line.startswith(f"{unpaid.number}:") for line in report)
    assert first.fulfilments.get().tracking_number == "A1"
    assert not unpaid.fulfilments.exists()


def test_cancelling_needs_a_reason_and_puts_goods_back(owner):
    order = placed_order()
    variant = order.lines.get().variant

    refused = owner.post(step("cancellation", order), {"reason": ""})
    owner.post(step("cancellation", order), {"reason": "Ordered twice"})

    assert refused.status_code == 200
    order.refresh_from_db()
    assert order.status == Order.Status.CANCELED
    assert stock_of(variant) == (10, 0)


def test_nothing_of_a_cancelled_order_is_called_on_its_way(owner):
    order = placed_order()
    assert "To ship" in results(owner)
    owner.post(step("cancellation", order), {"reason": "Ordered twice"})

    assert "To ship" not in results(owner)
    page = owner.get(reverse("admin:orders_order_change", args=[order.pk]))
    assert "To ship" not in [one.words for one in page.context["states"]]


def results(owner):
    """The rows of the list alone."""
    page = owner.get(LIST).content.decode()
    start = page.index('id="result_list"')
    return page[start : page.index("</table>", start)]


def test_a_shipped_order_is_not_cancelled_but_explained(owner):
    order = shipped_order()

    answer = owner.post(step("cancellation", order), {"reason": "Too late"})

    assert told(answer)[0].startswith(f"{order.number}:")
    order.refresh_from_db()
    assert order.status == Order.Status.COMPLETED


def test_looking_at_a_question_changes_nothing(owner):
    order = placed_order()

    page = owner.get(step("confirmation", order))

    order.refresh_from_db()
    assert page.status_code == 200
    assert order.status == Order.Status.PENDING


@pytest.mark.parametrize(
    ("role", "slug"),
    [
        ("warehouse", "confirmation"),
        ("warehouse", "payment"),
        ("warehouse", "cancellation"),
        ("support", "payment"),
        ("support", "shipment"),
        ("marketing", "confirmation"),
    ],
)
def test_a_step_needs_its_right(sign_in, role, slug):
    order = placed_order()

    answer = sign_in(role).post(step(slug, order))

    order.refresh_from_db()
    assert answer.status_code == 403
    assert order.status == Order.Status.PENDING


def test_only_allowed_actions_are_offered(sign_in):
    order = paid_order()

    page = sign_in("warehouse").get(reverse("admin:orders_order_change", args=[order.pk]))

    verbs = {button.verb for button in page.context["buttons"]}
    assert "Ship" in verbs
    assert verbs.isdisjoint({"Money received", "Cancel order", "Cancel units", "Change order"})


def test_ticked_rows_lead_to_the_question(owner):
    first, second = paid_order(), paid_order()

    answer = owner.post(
        LIST, {"action": "shipment", "_selected_action": [first.pk, second.pk], "index": 0}
    )

    assert answer.status_code == 302
    page = owner.get(answer.url)
    assert {order for order, _ in page.context["orders"]} == {first, second}


@pytest.mark.parametrize(
    "query", ["", "?order=", "?order=999999", "?order=abc", f"?order={'9' * 30}"]
)
def test_a_step_without_orders_is_not_there(owner, query):
    page = reverse("admin:orders_order_step", args=["shipment"])

    assert owner.get(f"{page}{query}").status_code == 404


def test_an_unknown_step_is_not_there(owner):
    assert owner.get(step("oblivion", placed_order())).status_code == 404


def test_notes_are_kept_with_their_author(sign_in):
    order = placed_order()

    sign_in("support").post(
        reverse("admin:orders_order_note", args=[order.pk]), {"text": "Rings at noon."}
    )

    note = OrderEvent.objects.get(order=order, axis="note")
    assert (note.note, note.actor.name) == ("Rings at noon.", "Support")


def test_an_empty_note_is_refused(owner):
    order = placed_order()

    owner.post(reverse("admin:orders_order_note", args=[order.pk]), {"text": " "})

    assert not OrderEvent.objects.filter(order=order, axis="note").exists()


def test_messages_that_were_given_up_are_sent_again(owner):
    shipped_order()
    mail = Message.objects.filter(topic="mail.order_shipped").get()
    Message.objects.filter(pk=mail.pk).update(failed_at=mail.created_at, tries=13)

    owner.post(
        "/admin/outbox/message/",
        {"action": "send_again", "_selected_action": [mail.pk], "index": 0},
    )

    mail.refresh_from_db()
    assert (mail.failed_at, mail.tries) == (None, 0)
