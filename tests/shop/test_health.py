"""Whether the shop is alive, and whether it can sell."""

import datetime as dt

import pytest
from django.utils import timezone

from shop.outbox.models import Message
from tests.factories.shelf import product_with, shelve


def test_alive_needs_nothing_but_the_process(client):
    assert client.get("/healthz").content == b"ok\n"


@pytest.mark.django_db
def test_ready_when_there_is_something_to_sell(client, demo_market):
    product_with()
    shelve()

    response = client.get("/readyz")

    assert response.status_code == 200
    assert set(response.json()["checks"].values()) == {"ok"}


@pytest.mark.django_db
def test_not_ready_with_empty_shelves(client, demo_market):
    product_with(units=0)
    shelve()

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["checks"]["goods"] == "failed"


@pytest.mark.django_db
def test_tells_that_nobody_empties_the_outbox_and_goes_on_selling(client, demo_market):
    product_with()
    shelve()
    earlier = timezone.now() - dt.timedelta(minutes=3)
    Message.objects.update(done_at=timezone.now())
    Message.objects.create(topic="mail.send", key="one", created_at=earlier, due_at=earlier)

    response = client.get("/readyz")

    assert response.json()["checks"]["outbox"] == "failed"
    assert response.status_code == 200


@pytest.mark.django_db
def test_a_message_that_is_tried_again_later_does_not_close_the_shop(client, demo_market):
    product_with()
    shelve()
    earlier = timezone.now() - dt.timedelta(hours=3)
    Message.objects.update(done_at=timezone.now())
    Message.objects.create(
        topic="mail.send", key="one", created_at=earlier, due_at=earlier, tries=4
    )

    assert client.get("/readyz").status_code == 200


def test_answers_while_the_database_is_away(client, no_database):
    response = client.get("/readyz")

    assert (client.get("/healthz").status_code, response.status_code) == (200, 503)
    assert response.json()["checks"]["database"] == "failed"


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_tells_nothing_of_what_is_installed(client, no_database, address):
    response = client.get(address)

    assert "Server" not in response
    assert b"ython" not in response.content
    assert b"postgres" not in response.content
