"""Calls to buyers: the list, the page, who may write down what was said."""

import pytest
from django.urls import reverse
from django.utils import timezone

from orders.models import CallTask, Order
from orders.services import calls
from orders.services.orders import Move
from tests.factories import placed_order

pytestmark = pytest.mark.django_db
LIST = "/admin/orders/calltask/"


@pytest.fixture
def task():
    order = placed_order(payment_method="bank_transfer", phone="020 7946 0958")
    return calls.ask(order=order, reason="Much to pay in cash", move=Move(timezone.now()))


def page(task):
    return reverse("admin:orders_calltask_change", args=[task.pk])


def test_those_to_make_now_are_on_the_list(owner, task):
    assert list(owner.get(LIST, {"state": "due"}).context["cl"].result_list) == [task]
    calls.postpone(task=task, until=timezone.now() + calls.PAUSE)
    assert list(owner.get(LIST, {"state": "due"}).context["cl"].result_list) == []
    assert list(owner.get(LIST, {"state": "open"}).context["cl"].result_list) == [task]


def test_the_page_has_number_words_and_tries(sign_in, task):
    text = sign_in("support").get(page(task)).content.decode()

    assert 'href="tel:02079460958"' in text
    assert "Much to pay in cash" in text
    assert task.order.number in text


def test_support_writes_down_a_yes(sign_in, task):
    answer = sign_in("support").post(page(task), {"result": "confirmed", "note": "Fine"})

    assert answer.url == LIST + "?state=due"
    assert CallTask.objects.get().outcome == "confirmed"
    assert CallTask.objects.get().attempts.get().made_by.name == "Support"


def test_later_means_later(sign_in, task):
    sign_in("support").post(page(task), {"result": "call_back", "later": "24", "phone": "0123456"})

    found = CallTask.objects.get()
    assert (found.due_at - timezone.now()).total_seconds() > 23 * 3600
    assert found.phone == "0123456"


def test_nothing_is_written_without_a_result(owner, task):
    answer = owner.post(page(task), {"result": "", "note": "Hm"})

    assert answer.status_code == 200
    assert not task.attempts.exists()


def test_a_second_answer_comes_too_late(owner, task):
    owner.post(page(task), {"result": "confirmed"})

    owner.post(page(task), {"result": "canceled"})

    assert Order.objects.get().status == Order.Status.PENDING


def test_the_warehouse_does_not_call(sign_in, task):
    client = sign_in("warehouse")

    assert client.get(page(task)).status_code == 403
    assert client.post(page(task), {"result": "confirmed"}).status_code == 403
