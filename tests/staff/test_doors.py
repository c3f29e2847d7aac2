"""What owners see and do about how people sign in."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.services.doors import demo
from shop.audit.models import Entry
from tests.accounts.doors import send_letters, sign_in, signed_in
from tests.factories.customers import member
from tests.factories.people import staff

pytestmark = pytest.mark.django_db
PEOPLE = "admin:accounts_user_changelist"


def take_away(client, *people):
    pks = [person.pk for person in people]
    told = {"action": "take_factors_away", "_selected_action": pks}
    return client.post(reverse(PEOPLE), told, follow=True)


def test_no_page_shows_secrets_of_sign_ins():
    labels = {model._meta.label for model in admin.site._registry}

    assert not [
        one
        for one in labels
        if one.split(".")[0] in ("account", "mfa", "usersessions", "socialaccount")
    ]


def test_a_persons_page_says_how_they_sign_in(owner):
    person = staff("warehouse")
    before = owner.get(reverse("admin:accounts_user_change", args=[person.pk])).text
    demo.give(person)

    after = owner.get(reverse("admin:accounts_user_change", args=[person.pk])).text

    assert "a password alone; address confirmed" in before
    assert "TOTP Authenticator" in after
    assert demo.SECRET not in after


def test_an_owner_takes_a_lost_factor_away(owner, demo_market):
    person = staff("warehouse")
    elsewhere = Client()
    sign_in(elsewhere, person.email)
    demo.give(person)

    take_away(owner, person)

    assert not Authenticator.objects.exists()
    assert not UserSession.objects.filter(user=person).exists()
    assert not signed_in(elsewhere)
    entry = Entry.objects.get(act="second factor taken away")
    assert (entry.actor.groups.get().name, entry.row) == ("owner", str(person.pk))
    [letter] = send_letters()
    assert letter.to == [person.email]


def test_nobody_takes_their_own_factor_away_like_that(client):
    owner = staff("owner")
    demo.give(owner)
    client.force_login(owner)

    take_away(client, owner)

    assert Authenticator.objects.filter(user=owner).exists()


@pytest.mark.parametrize("role", ["manager", "support"])
def test_only_owners_take_factors_away(client, role):
    customer = member().user
    demo.give(customer)
    client.force_login(staff(role))

    take_away(client, customer)

    assert Authenticator.objects.exists()
