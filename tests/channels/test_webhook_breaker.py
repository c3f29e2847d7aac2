"""An endpoint that fails again and again is left alone, longer each time, and asked by one try."""

import datetime as dt

import pytest
from django.utils import timezone

from channels.models import WebhookDelivery
from channels.services import webhooks
from channels.services.webhooks import terms
from tests.channels.listening import endpoint, happen, send
from tests.lib.webserver import Answer, serving

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


def many(count):
    for number in range(count):
        happen(key=f"order-{number}")


def due(now):
    return list(webhooks.endpoints_due(now=now))


def test_five_failures_in_a_row_open_it():
    with serving({"/hook": Answer(status=500)}) as server:
        one = endpoint(f"{server.url}/hook")
        many(8)

        tries = send(one, server)

    assert tries == len(server.posted) == one.failures == terms.OPENS_AT
    assert one.closed_until > timezone.now()
    assert due(timezone.now()) == []


def test_after_the_rest_one_try_says_whether_to_go_on():
    answers = {"/hook": Answer(status=500)}
    with serving(answers) as server:
        one = endpoint(f"{server.url}/hook")
        many(8)
        send(one, server)
        later = one.closed_until
        assert due(later) == [one]
        assert send(one, server, now=later) == 1
        assert one.closed_until == later + 2 * MINUTE

        answers["/hook"] = Answer(status=204)
        assert send(one, server, now=one.closed_until) == 8

    assert (one.failures, one.closed_until) == (0, None)
    assert not WebhookDelivery.objects.exclude(state="delivered").exists()


def test_rests_grow_to_an_hour():
    rests = [terms.rest_after(failures) for failures in range(15)]

    assert rests[: terms.OPENS_AT] == [None] * terms.OPENS_AT
    assert rests[terms.OPENS_AT] == MINUTE
    assert rests[-1] == 60 * MINUTE
    assert terms.rest_after(10**6) == 60 * MINUTE


def test_a_success_forgets_the_failures():
    answers = {"/hook": Answer(status=500)}
    with serving(answers) as server:
        one = endpoint(f"{server.url}/hook")
        many(terms.OPENS_AT - 1)
        send(one, server)
        assert one.failures == terms.OPENS_AT - 1

        answers["/hook"] = Answer(status=200)
        happen(key="another")
        send(one, server)

    assert one.failures == 0


def test_one_endpoint_that_is_down_keeps_no_other_waiting():
    with serving({"/ok": Answer(status=204), "/broken": Answer(status=500)}) as server:
        broken, sound = endpoint(f"{server.url}/broken"), endpoint(f"{server.url}/ok")
        many(6)
        send(broken, server)

        assert due(timezone.now()) == [sound]
        assert send(sound, server) == 6


def test_an_endpoint_taken_out_of_use_is_not_asked():
    with serving({"/hook": Answer(status=204)}) as server:
        one = endpoint(f"{server.url}/hook")
        happen()
        one.is_active = False
        one.save()

        assert due(timezone.now()) == []
        assert send(one, server) == 0

    assert server.posted == []
