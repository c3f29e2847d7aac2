"""Every page at the doors stands in the shop's frame, is nobody's to keep, and has a heading."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client
from django.urls import reverse

from accounts.services.doors import demo
from tests.accounts.doors import sign_in
from tests.factories import MarketFactory, RateFactory
from tests.factories.customers import member
from tests.factories.people import PASSWORD, staff

pytestmark = pytest.mark.django_db
OUTSIDE = [
    *("account_login", "account_signup", "account_inactive", "account_email_verification_sent"),
    *("account_reset_password", "account_reset_password_done"),
    "account_reset_password_from_key_done",
]
INSIDE = [
    *("account_logout", "account_reauthenticate", "account_email", "account_change_password"),
    *("mfa_index", "mfa_activate_totp", "mfa_list_webauthn", "mfa_add_webauthn"),
    *("usersessions_list", "mfa_reauthenticate", "mfa_view_recovery_codes"),
    *("mfa_generate_recovery_codes", "mfa_deactivate_totp"),
]
WITH_CODES = {"mfa_reauthenticate", "mfa_deactivate_totp", "mfa_view_recovery_codes"}
WITH_CODES |= {"mfa_generate_recovery_codes"}


@pytest.fixture(autouse=True)
def _market(demo_market):
    RateFactory()


def looks_right(answer):
    assert answer.status_code == 200
    assert answer["Cache-Control"].startswith("no-store, private")
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer.text.count("<h1>") == 1
    assert 'name="robots"' in answer.text
    assert 'class="skip-link"' in answer.text


def safely_in(client, user, name):
    client.force_login(user)
    if name in WITH_CODES:
        demo.give(user)
        RecoveryCodes.activate(user)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


@pytest.mark.parametrize("name", OUTSIDE)
def test_pages_before_the_door(client, name):
    looks_right(client.get(reverse(name)))


@pytest.mark.parametrize("name", INSIDE)
def test_pages_behind_the_door(client, name):
    safely_in(client, member().user, name)

    answer = client.get(reverse(name))

    looks_right(answer)


@pytest.mark.parametrize("name", INSIDE)
def test_staff_see_the_same_pages_with_a_way_to_their_own(client, name):
    safely_in(client, staff("owner"), name)

    answer = client.get(reverse(name))

    looks_right(answer)
    assert reverse("accounts:orders") not in answer.text


@pytest.mark.parametrize("name", INSIDE)
def test_strangers_are_sent_to_the_door(client, name):
    answer = client.get(reverse(name))

    target = "/" if name == "account_logout" else "/account/login/"
    assert answer.url.partition("?")[0] == target


def test_a_passkey_is_seen_renamed_and_removed(client):
    user = member().user
    data = {"name": "Telephone", "passwordless": True, "credential": {}}
    key = Authenticator.objects.create(user=user, type="webauthn", data=data)
    safely_in(client, user, "mfa_list_webauthn")
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        looks_right(client.get(reverse(name, args=[key.pk])))

    client.post(reverse("mfa_edit_webauthn", args=[key.pk]), {"name": "Old telephone"})

    assert "Old telephone" in client.get(reverse("mfa_list_webauthn")).text
    client.post(reverse("mfa_remove_webauthn", args=[key.pk]))
    assert not Authenticator.objects.exists()


def test_a_passkey_of_somebody_else_is_not_there(client):
    theirs = Authenticator.objects.create(
        user=member("bob@example.com").user, type="webauthn", data={"name": "Bob's"}
    )
    safely_in(client, member().user, "mfa_list_webauthn")

    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        assert client.get(reverse(name, args=[theirs.pk])).status_code == 404
        assert client.post(reverse(name, args=[theirs.pk])).status_code == 404
    assert Authenticator.objects.exists()


def test_the_code_page_is_for_those_on_their_way_in(client):
    user = member().user
    demo.give(user)
    sign_in(client)

    looks_right(client.get(reverse("mfa_authenticate")))

    assert Client().get(reverse("mfa_authenticate")).url.startswith("/account/login/")


def test_every_market_has_its_doors(client):
    MarketFactory(eu=True)

    answer = client.get("/eu/account/login/")

    looks_right(answer)
    assert 'action="/eu/account/login/"' in answer.text
    assert 'href="/eu/account/signup/"' in answer.text
