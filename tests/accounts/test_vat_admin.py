"""What staff see of VAT number checks, and how they have one asked about again."""

import datetime as dt

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from accounts.models import VatCheck
from tests.factories.people import staff

pytestmark = pytest.mark.django_db
LIST = reverse("admin:accounts_vatcheck_changelist")
GOOD, BAD = "DE325249188", "DE965067785"


@pytest.fixture
def manager(client):
    client.force_login(staff("manager"))
    return client


def unanswered(number):
    return VatCheck.objects.create(number=number, asked_at=timezone.now(), tries=3)


def ask_again(client, *checks):
    answer = client.post(
        LIST, {"action": "ask_again", ACTION_CHECKBOX_NAME: [check.pk for check in checks]}
    )
    return [str(message) for message in get_messages(answer.wsgi_request)]


def test_the_list_says_until_when_a_proof_counts(manager):
    at = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)
    VatCheck.objects.create(
        number=GOOD, state="valid", asked_at=at, answered_at=at, holder="Kiln Works GmbH"
    )

    page = manager.get(LIST).content.decode()

    assert GOOD in page
    assert "Kiln Works GmbH" in page
    assert "30 Jan" in page


def test_each_number_is_asked_about_and_reported(manager, register):
    said = ask_again(manager, unanswered(GOOD), unanswered(BAD))

    assert said == [f"{GOOD}: Valid", f"{BAD}: Not valid"]
    assert VatCheck.objects.get(number=GOOD).tries == 0


def test_trouble_is_told_with_its_reason(manager, register):
    register.mood = "busy"

    (said,) = ask_again(manager, unanswered(GOOD))

    assert "nobody answered (MS_UNAVAILABLE)" in said


def test_only_a_few_at_a_time(manager, register):
    said = ask_again(manager, *(unanswered(f"DE{number}") for number in range(11)))

    assert said == ["Choose at most 10 numbers."]
    assert register.asked == []


def test_nobody_types_an_answer_in(manager):
    check = unanswered(GOOD)
    page = reverse("admin:accounts_vatcheck_change", args=[check.pk])

    manager.post(page, {"state": "valid"})

    assert manager.get(page).status_code == 200
    assert manager.get(reverse("admin:accounts_vatcheck_add")).status_code == 403
    assert VatCheck.objects.get().state == VatCheck.State.UNANSWERED


def test_the_warehouse_has_no_business_here(client):
    client.force_login(staff("warehouse"))

    assert client.get(LIST).status_code == 403
