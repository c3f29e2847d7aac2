"""Webhooks: told once, signed, tried again, and never into a private network."""

import datetime as dt
import time
import uuid

import pytest
from django.utils import timezone

from channels.models import WebhookDelivery, WebhookEvent
from channels.services import webhooks
from channels.services.webhooks import terms
from shop.lib.signatures import HEADER, is_signed
from tests.channels.listening import SECRET, endpoint, happen, only, posted, send
from tests.lib.webserver import Answer, serving

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def test_nothing_is_written_when_nobody_wants_to_know():
    endpoint("https://a.example", "stock.changed")
    endpoint("https://b.example", "order.*", is_active=False)

    assert happen() is None
    assert not WebhookEvent.objects.exists()


def test_a_payload_that_nobody_wants_is_not_even_made():
    def words():
        raise AssertionError

    told = {"topic": "order.paid", "subject": "order-1", "key": "k", "at": timezone.now()}
    assert webhooks.happened(**told, payload=words) is None


def test_each_endpoint_that_wants_a_topic_gets_a_delivery_of_its_own():
    wants = [endpoint("https://a.example", "order.*"), endpoint("https://b.example", "order.paid")]
    endpoint("https://c.example", "order.shipped", "customer.*")

    happen()

    rows = WebhookDelivery.objects.order_by("pk")
    assert [row.endpoint for row in rows] == wants


def test_one_cause_is_told_once():
    endpoint()

    first, second = happen(), happen()

    assert first is not None
    assert second is None
    assert WebhookDelivery.objects.count() == 1


def test_what_is_told_is_signed_and_says_what_when_and_in_which_order():
    with serving({"/hook": Answer(status=204)}) as server:
        one = endpoint(f"{server.url}/hook")
        event = happen(number="10482")

        assert send(one, server) == 1

    ((path, headers, body),) = server.posted
    ((_headers, told),) = posted(server)
    assert path == "/hook"
    assert is_signed(body, headers[HEADER], secret=SECRET, now=timezone.now())
    assert headers["Content-Type"] == "application/json"
    assert headers["Mercer-Id"] == told["id"] == str(event.uid)
    assert headers["Mercer-Topic"] == told["topic"] == "order.paid"
    assert headers["Mercer-Try"] == "1"
    assert told["subject"] == "order-1"
    assert dt.datetime.fromisoformat(told["at"]) == event.at
    assert told["sequence"] > 0
    assert told["data"] == {"number": "10482"}


def test_a_changed_body_or_another_secret_fails_the_signature():
    with serving({"/hook": Answer(status=204)}) as server:
        one = endpoint(f"{server.url}/hook")
        happen()
        send(one, server)

    ((_path, headers, body),) = server.posted
    assert not is_signed(body + b" ", headers[HEADER], secret=SECRET, now=timezone.now())
    assert not is_signed(body, headers[HEADER], secret="other", now=timezone.now())
    late = timezone.now() + dt.timedelta(minutes=6)
    assert not is_signed(body, headers[HEADER], secret=SECRET, now=late)


def test_a_delivery_keeps_what_was_answered():
    with serving(
        {"/hook": Answer(status=202, body=b"thank\x00 you\n", kind="text/plain")}
    ) as server:
        one = endpoint(f"{server.url}/hook")
        happen()
        send(one, server)

    row = only()
    assert (row.state, row.status, row.answer) == ("delivered", 202, "thank  you")
    assert row.took_ms is not None
    assert row.done_at is not None


def test_sequences_grow():
    endpoint()

    numbers = [happen(key=str(one)).payload["sequence"] for one in range(3)]

    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize("status", [302, 400, 404, 410, 500, 503])
def test_any_answer_but_2xx_is_tried_again(status):
    headers = {"Location": "/elsewhere"}
    with serving({"/hook": Answer(status=status, headers=headers)}) as server:
        one = endpoint(f"{server.url}/hook")
        happen()
        send(one, server)

    row = only()
    assert (row.state, row.status, row.tries) == ("waiting", status, 1)
    assert server.asked == ["/hook"]


def test_a_second_try_has_the_same_id_and_a_new_signature():
    answers = {"/hook": Answer(status=500)}
    with serving(answers) as server:
        one = endpoint(f"{server.url}/hook")
        happen()
        send(one, server)
        answers["/hook"] = Answer(status=200)
        soon = timezone.now() + dt.timedelta(seconds=31)
        send(one, server, now=soon)

    (first, _told), (second, _again) = posted(server)
    bodies = {body for _path, _headers, body in server.posted}
    assert first["Mercer-Id"] == second["Mercer-Id"]
    assert second["Mercer-Try"] == "2"
    assert len(bodies) == 1
    assert is_signed(bodies.pop(), second[HEADER], secret=SECRET, now=soon)
    assert only().state == "delivered"


def test_pauses_grow_and_end_after_three_days():
    assert list(terms.PAUSES[:-1]) == sorted(terms.PAUSES[:-1])
    assert dt.timedelta(days=2.9) < sum(terms.PAUSES, dt.timedelta()) < terms.GIVEN_UP_AFTER


def test_after_the_last_try_it_is_given_up():
    one = endpoint("https://127.0.0.1/hook")
    happen()
    WebhookDelivery.objects.update(tries=terms.MOST_TRIES - 1)

    send(one)

    row = only()
    assert (row.state, row.tries) == ("failed", terms.MOST_TRIES)
    assert row.done_at is not None


def test_what_an_endpoint_was_never_asked_about_is_given_up_after_three_days():
    endpoint()
    happen(now=timezone.now() - 3 * DAY - dt.timedelta(hours=1), key="old")
    happen(key="young")

    assert webhooks.give_up(now=timezone.now()) == 1
    assert only_of("old").state == "failed"
    assert only_of("young").state == "waiting"


def only_of(key):
    return WebhookDelivery.objects.get(event__key=key)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/hook",
        "http://localhost/hook",
        "http://[::1]/hook",
        "http://10.0.0.7/hook",
        "http://169.254.169.254/latest/meta-data/",
        "http://0x7f000001/hook",
        "ftp://merchant.example/hook",
        "http://user:word@merchant.example/hook",
    ],
)
def test_private_and_strange_addresses_are_never_asked(url):
    one = endpoint(url)
    happen()

    send(one)

    row = only()
    assert (row.state, row.status) == ("waiting", None)
    assert row.answer


def test_a_server_that_drips_is_left_at_the_deadline(monkeypatch):
    monkeypatch.setattr("channels.services.webhooks.sending.TIMEOUT", 0.5)

    def drip(file):
        for _byte in range(40):
            file.write(b".")
            file.flush()
            time.sleep(0.1)

    with serving({"/hook": Answer(status=200, write=drip)}) as server:
        one = endpoint(f"{server.url}/hook")
        happen()
        begun = time.monotonic()
        send(one, server)

    assert time.monotonic() - begun < 3
    assert only().state == "delivered"


def test_what_is_blanked_by_forgetting_is_told_empty():
    with serving({"/hook": Answer(status=204)}) as server:
        one = endpoint(f"{server.url}/hook")
        happen()
        WebhookEvent.objects.update(payload={})

        send(one, server)

    ((_headers, told),) = posted(server)
    assert told["data"] == {}
    assert uuid.UUID(told["id"])


def test_old_events_are_forgotten_with_their_deliveries():
    endpoint()
    happen(key="old", now=timezone.now() - 31 * DAY)
    happen(key="young")

    assert webhooks.forget(before=timezone.now() - 30 * DAY) == 1
    assert [row.key for row in WebhookEvent.objects.all()] == ["young"]
    assert WebhookDelivery.objects.count() == 1
