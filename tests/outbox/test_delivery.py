"""A message is sent once, whatever dies in between."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from celery import current_app
from django.db import connection
from django.utils import timezone

from shop.outbox import delivery
from shop.outbox.mail import Letter, send
from shop.outbox.models import GIVE_UP_AFTER, Mail, Message, post
from shop.processes import browsing
from tests.factories import paid_order

NOW = timezone.now()


def _confirmation(order):
    return Message.objects.get(topic="mail.order_confirmation", payload__order_id=order.pk)


def _run(message):
    current_app.tasks[message.topic](message_id=message.pk)


@pytest.mark.django_db
def test_a_key_is_owed_once():
    first = post(topic="mail.x", key="a", payload={}, now=NOW)

    assert first is not None
    assert post(topic="mail.x", key="a", payload={}, now=NOW) is None


@pytest.mark.django_db
def test_a_delivered_message_is_done():
    message = _confirmation(paid_order(payment_method="bank_transfer"))

    _run(message)

    message.refresh_from_db()
    assert message.done_at is not None
    assert Mail.objects.filter(kind="orders/order_confirmation").count() == 1


@pytest.mark.django_db
def test_a_second_delivery_does_nothing(mailoutbox):
    message = _confirmation(paid_order(payment_method="bank_transfer"))

    _run(message)
    _run(message)

    assert len(mailoutbox) == 1


@pytest.mark.django_db
def test_a_mail_has_html_text_and_the_order_number():
    order = paid_order(payment_method="bank_transfer")
    _run(_confirmation(order))

    mail = Mail.objects.get(kind="orders/order_confirmation")

    assert order.number in mail.subject
    assert order.number in mail.text
    assert "<html" in mail.html
    assert order.link_token in mail.text


@pytest.mark.django_db
def test_a_failing_message_keeps_its_error_and_stays_due():
    message = post(topic="mail.order_confirmation", key="k", payload={"order_id": 0}, now=NOW)

    with pytest.raises(Exception, match="matching query"):
        _run(message)

    message.refresh_from_db()
    assert message.done_at is None
    assert message.last_error == "DoesNotExist"


@pytest.mark.django_db
def test_waits_longer_after_each_try_and_gives_up_at_last():
    message = Message(due_at=NOW)

    waits = []
    for _try in range(GIVE_UP_AFTER + 1):
        message.postpone(now=NOW)
        waits.append((message.due_at - NOW).total_seconds())

    assert waits[:4] == [12, 24, 48, 96]
    assert max(waits) == 12 * 2**6
    assert message.failed_at == NOW


@pytest.mark.django_db
def test_the_relay_leaves_later_messages_alone():
    post(topic="mail.x", key="later", payload={}, now=NOW + dt.timedelta(hours=1))

    assert delivery.relay() == 0


@pytest.mark.django_db
def test_what_is_made_anew_once_does_for_all_who_were_owed_the_same_by_then():
    def owe(key, products):
        payload = {"product_ids": products}
        return post(topic="browsing.refresh_cards", key=key, payload=payload, now=NOW)

    first, alike, other = owe("a", [1]), owe("b", [1]), owe("c", [1, 2])

    _run(first)

    assert set(Message.objects.open()) == {other}
    assert alike in Message.objects.filter(done_at__isnull=False)


@pytest.mark.django_db
def test_what_is_owed_while_something_is_made_anew_stays_owed(monkeypatch):
    first = post(topic="browsing.refresh_cards", key="a", payload={"product_ids": [1]}, now=NOW)

    def refresh_cards(*, product_ids, now):
        payload = {"product_ids": list(product_ids)}
        post(topic="browsing.refresh_cards", key="late", payload=payload, now=now)

    monkeypatch.setattr(browsing, "refresh_cards", refresh_cards)
    _run(first)

    assert [message.key for message in Message.objects.open()] == ["late"]


@pytest.mark.django_db(transaction=True)
def test_two_relays_at_once_hand_over_each_message_once():
    for number in range(30):
        post(topic="mail.x", key=f"m{number}", payload={}, now=NOW)

    def run(_worker):
        try:
            return delivery.relay(limit=20)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        handed = sum(pool.map(run, range(2)))

    assert handed == 30
    assert set(Message.objects.values_list("tries", flat=True)) == {1}


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_one_message_send_one_mail():
    message = _confirmation(paid_order(payment_method="bank_transfer"))

    def run(_worker):
        try:
            _run(message)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run, range(4)))

    assert Mail.objects.filter(kind="orders/order_confirmation").count() == 1


@pytest.mark.django_db
def test_header_injection_in_a_name_is_impossible(mailoutbox):
    order = paid_order(payment_method="bank_transfer", name="Eve\r\nBcc: all@example.com")
    _run(_confirmation(order))

    assert "Bcc" not in mailoutbox[0].message()
    assert (
        send(
            Letter(
                "orders/order_confirmation",
                "a@example.com",
                mailoutbox and Mail.objects.get().key,
                "",
                "en-gb",
                {},
            )
        )
        is None
    )
