"""Finding an order again: a page without personal data, and its link by mail."""

import pytest
from django.core import mail as django_mail
from django.db import connection
from django.urls import reverse

from orders.tasks import email_order_link
from shop.outbox.models import Mail, Message
from tests.factories import shipped_order

pytestmark = pytest.mark.django_db


def ask(client, number, email="alice@example.com", **fields):
    return client.post(reverse("orders:lookup"), {"number": number, "email": email, **fields})


def statements(call, *args, **fields):
    """What a call asked of the database, word for word."""
    asked = []

    def note(execute, sql, *rest):
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        call(*args, **fields)
    return asked


def send():
    for message in Message.objects.filter(topic="mail.order_link", done_at=None):
        email_order_link(message_id=message.pk)


@pytest.fixture
def order():
    return shipped_order(email="alice@example.com")


def test_the_page_tells_how_far_it_is_and_nothing_of_whose_it_is(client, order):
    html = ask(client, order.number).content.decode()

    assert "Posted" in html
    line = order.lines.get()
    for secret in (order.link_token, order.name, order.line1, order.postcode, line.title):
        assert secret not in html


def test_the_link_goes_to_the_address_of_the_order(client, order):
    ask(client, f"#{order.number} ", "ALICE@example.com", wish="link")
    send()

    (sent,) = django_mail.outbox
    assert sent.to == ["alice@example.com"]
    assert order.link_token in sent.body


def test_hit_and_miss_are_answered_with_the_same_page(client, order):
    hit = ask(client, order.number, wish="link")
    miss = ask(client, order.number, "eve@example.com", wish="link")

    hidden = ("alice", "eve", "csrfmiddlewaretoken")
    words = [
        [row for row in one.content.decode().splitlines() if not any(it in row for it in hidden)]
        for one in (hit, miss)
    ]
    assert hit.status_code == miss.status_code == 200
    assert words[0] == words[1]


def test_asking_for_the_link_looks_for_no_order(client, order):
    ask(client, "1", "warm@example.com", wish="link")

    hit = statements(ask, client, order.number, wish="link")
    miss = statements(ask, client, "99999", "eve@example.com", wish="link")

    assert len(hit) == len(miss)
    assert not [one for one in hit if "orders_order" in one]


def test_a_stranger_gets_no_mail(client, order):
    ask(client, order.number, "eve@example.com", wish="link")
    send()

    assert not Mail.objects.exists()


def test_one_order_is_not_asked_for_more_than_three_times_an_hour(client, order):
    for _try in range(3):
        assert ask(client, order.number, wish="link").status_code == 200

    assert ask(client, order.number, wish="link").status_code == 429


def test_one_address_is_not_written_to_more_than_three_times_an_hour(client, order):
    for number in range(3):
        ask(client, str(number), wish="link")

    assert ask(client, order.number, wish="link").status_code == 429


def test_each_request_is_one_mail(client, order):
    ask(client, order.number, wish="link")
    send()
    Message.objects.update(done_at=None)
    send()

    assert Mail.objects.filter(kind="orders/order_link").count() == 1
