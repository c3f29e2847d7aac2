"""The health page: who may see it, what it shows, and its one button."""

import pytest
from django.urls import reverse
from django.utils import timezone

from shop.outbox.models import Message, post
from tests.factories.people import staff

pytestmark = pytest.mark.django_db
PAGE, RETRY = "/dashboard/health/", "/dashboard/health/retry/"


@pytest.fixture
def given_up():
    now = timezone.now()
    message = post(topic="mail.test", key="order-10482-confirmation", payload={}, now=now)
    Message.objects.filter(pk=message.pk).update(failed_at=now, tries=13, last_error="SMTPError")
    return message


@pytest.fixture
def owner(client):
    client.force_login(staff("owner"))
    return client


def test_strangers_are_sent_to_the_login(client):
    assert client.get(PAGE).status_code == 302


@pytest.mark.parametrize("role", ["warehouse", "support", "catalogue", "marketing"])
def test_those_whose_work_it_is_not_are_told_no(client, role):
    client.force_login(staff(role))

    assert client.get(PAGE).status_code == 403
    assert client.post(RETRY, {"message": "all"}).status_code == 403


def test_it_says_in_words_how_things_are(owner):
    page = owner.get(PAGE).content.decode()

    for word in ("Outbox", "PostgreSQL 18", "Valkey", "Migrations", "Certificate", "Django"):
        assert word in page
    assert "Good" in page
    assert "Nothing is broken." in page


def test_nothing_of_it_is_kept_by_browsers(owner):
    assert "no-store" in owner.get(PAGE)["Cache-Control"]


def test_a_job_that_was_given_up_leads_to_its_row_and_can_be_tried_again(owner, given_up):
    page = owner.get(PAGE).content.decode()

    assert reverse("admin:outbox_message_change", args=[given_up.pk]) in page
    assert "SMTPError" in page
    assert "Something is broken." in page

    answer = owner.post(RETRY, {"message": given_up.pk}, follow=True)

    assert "1 message is on its way." in answer.content.decode()
    given_up.refresh_from_db()
    assert given_up.failed_at is None


def test_all_can_be_tried_again_at_once(owner, given_up):
    owner.post(RETRY, {"message": "all"})

    assert not Message.objects.exclude(failed_at=None).exists()


@pytest.mark.parametrize("wanted", ["", "x", "-1", "1 or 1=1"])
def test_a_form_that_asks_for_nothing_retries_nothing(owner, given_up, wanted):
    assert owner.post(RETRY, {"message": wanted}).status_code == 404

    given_up.refresh_from_db()
    assert given_up.failed_at is not None


def test_looking_does_not_try_again(owner):
    assert owner.get(RETRY).status_code == 405
