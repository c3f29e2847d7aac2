"""What the worker may ask of the database for an order: exact, so that nothing is added unseen."""

import pytest

from payments import tasks
from shop.outbox.models import Message
from tests.factories import paid_order

pytestmark = pytest.mark.django_db
TASKS = {
    "mail.order_confirmation": (tasks.email_confirmation, 23),
    "documents.make": (tasks.make_document, 10),
}


@pytest.fixture(autouse=True)
def order(demo_market):
    """One whose neighbour has been through it: what a process makes once is made."""
    paid_order(email="bob@example.com")
    for topic, (task, _queries) in TASKS.items():
        task(message_id=Message.objects.get(topic=topic).pk)
    return paid_order(email="alice@example.com")


@pytest.mark.parametrize("topic", TASKS)
def test_a_task_asks_only_so_much(topic, django_assert_num_queries):
    task, queries = TASKS[topic]
    message = Message.objects.get(topic=topic, done_at=None)

    with django_assert_num_queries(queries):
        task(message_id=message.pk)
