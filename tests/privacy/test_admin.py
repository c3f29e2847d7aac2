"""The staff site's pages about consents, requests and periods."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import (
    Consent,
    ConsentText,
    PolicyAcceptance,
    PolicyVersion,
    PrivacyRequest,
    Purpose,
    RetentionRule,
    RetentionRun,
    Visit,
)
from accounts.services import consents, policies
from shop.processes.privacy import requests, retention
from tests.factories.customers import member
from tests.factories.people import staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client):
    client.force_login(staff("owner"))
    return client


def a_bit_of_everything():
    now, alice = timezone.now(), member()
    consents.give(customer=alice, purpose=Purpose.NEWS, source="account", now=now)
    terms = PolicyVersion.objects.create(slug="terms", title="T", body="x", published_at=now)
    policies.agree(customer=alice, policies=[terms], now=now)
    requests.ask_signed_in(customer=alice, kind="export", language="en-gb", now=now)
    retention.run(now=now)


@pytest.mark.parametrize(
    "model",
    [Consent, ConsentText, PolicyAcceptance, PrivacyRequest, RetentionRule, RetentionRun],
)
def test_every_list_and_page_opens(owner, model):
    a_bit_of_everything()
    name = model._meta.label_lower.replace(".", "_")

    list_page = owner.get(reverse(f"admin:{name}_changelist"))
    one = owner.get(reverse(f"admin:{name}_change", args=[model.objects.first().pk]))

    assert (list_page.status_code, one.status_code) == (200, 200)


def test_new_words_are_the_next_version(owner):
    owner.post(
        reverse("admin:accounts_consenttext_add"),
        {"purpose": "news", "language": "en-gb", "words": "Once a week."},
    )

    assert list(ConsentText.objects.order_by("version").values_list("version", "words"))[1:] == [
        (2, "Once a week.")
    ]


def test_words_are_never_edited(owner):
    a_bit_of_everything()
    text = ConsentText.objects.get()

    owner.post(
        reverse("admin:accounts_consenttext_change", args=[text.pk]),
        {"purpose": "news", "language": "en-gb", "words": "Something else."},
    )

    text.refresh_from_db()
    assert text.words != "Something else."


def test_the_list_shows_every_period_before_the_first_night(owner):
    page = owner.get(reverse("admin:accounts_retentionrule_changelist")).content.decode()

    assert "Pages looked at" in page


def test_days_are_changed_and_obeyed_at_once(owner):
    retention.rules()
    rule = RetentionRule.objects.get(kind="visits")
    Visit.objects.create(customer=member(), path="/", at=timezone.now() - dt.timedelta(days=5))

    owner.post(
        reverse("admin:accounts_retentionrule_change", args=[rule.pk]), {"days": 3, "is_on": "on"}
    )
    owner.post(
        reverse("admin:accounts_retentionrule_changelist"),
        {"action": "forget_now", "_selected_action": [rule.pk]},
    )

    assert not Visit.objects.exists()


def test_requests_and_consents_are_read_only(owner):
    for model in (Consent, PrivacyRequest, PolicyAcceptance, RetentionRun):
        name = model._meta.label_lower.replace(".", "_")

        assert owner.get(reverse(f"admin:{name}_add")).status_code == 403
