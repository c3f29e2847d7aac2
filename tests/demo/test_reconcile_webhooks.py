"""Promises about webhooks: each found when it is broken."""

import datetime as dt

import pytest
from django.utils import timezone

from channels.models import WebhookDelivery, WebhookEndpoint
from shop.processes import bookkeeping
from shop.processes.bookkeeping.webhooks import WEBHOOKS
from tests.channels.listening import endpoint, happen, send
from tests.lib.webserver import Answer, serving

pytestmark = pytest.mark.django_db


def an_open_end():
    WebhookDelivery.objects.update(done_at=None)


def a_yes_that_was_a_no():
    WebhookDelivery.objects.update(status=500)


def an_endpoint_without_a_secret():
    WebhookEndpoint.objects.update(secret="")


def nobody_at_work():
    long_ago = timezone.now() - dt.timedelta(minutes=11)
    WebhookDelivery.objects.update(state="waiting", done_at=None, due_at=long_ago)


BREAKS = {
    "webhooks.done": an_open_end,
    "webhooks.taken": a_yes_that_was_a_no,
    "webhooks.secret": an_endpoint_without_a_secret,
    "webhooks.late": nobody_at_work,
}


def found():
    return {one.name for one in bookkeeping.reconcile(now=timezone.now())}


@pytest.mark.parametrize("name", [one.name for one in WEBHOOKS])
def test_a_broken_promise_of_webhooks_is_found(name):
    with serving({"/hook": Answer(status=204)}) as server:
        one = endpoint(f"{server.url}/hook")
        happen()
        send(one, server)
    assert found() == set()

    BREAKS[name]()

    assert found() == {name}
