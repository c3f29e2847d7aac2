"""Keys to the API, as staff make and take them back."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from channels.models import ApiKey
from channels.services import keys
from tests.factories.people import staff

pytestmark = pytest.mark.django_db
PAGE = "/admin/channels/apikey/"
TILL = {"name": "Till", "scopes": ["stock:read", "stock:write"], "limit": "60"}


@pytest.fixture
def till():
    return keys.make(name="Till", scopes=["stock:read"], actor=None, now=timezone.now())


def test_shows_a_new_key_once_and_in_no_cookie(owner):
    answer = owner.post(f"{PAGE}add/", TILL)

    assert answer.status_code == 200
    (token,) = re.findall(r"mk_[\w-]{40,}", answer.content.decode())
    api_key = ApiKey.objects.get()
    assert keys.find(token=token, now=timezone.now()) == api_key
    assert api_key.scopes == ["stock:read", "stock:write"]
    assert api_key.created_by is not None
    assert "no-store" in answer["Cache-Control"]
    assert token not in str(answer.cookies)
    assert token.encode() not in owner.get(f"{PAGE}{api_key.pk}/change/").content


@pytest.mark.parametrize("part", [{"scopes": []}, {"limit": "0"}, {"limit": "6001"}, {"name": ""}])
def test_makes_no_key_that_makes_no_sense(owner, part):
    owner.post(f"{PAGE}add/", {**TILL, **part})

    assert not ApiKey.objects.exists()


def test_narrows_a_key_without_changing_it(owner, till):
    owner.post(f"{PAGE}{till.api_key.pk}/change/", {**TILL, "scopes": ["products:read"]})

    found = keys.find(token=till.token, now=timezone.now())
    assert found.scopes == ["products:read"]


def test_looking_at_the_question_revokes_nothing(owner, till):
    answer = owner.get(f"{PAGE}{till.api_key.pk}/revoke/")

    assert answer.status_code == 200
    assert keys.find(token=till.token, now=timezone.now())


def test_takes_a_key_back_for_good(owner, till):
    owner.post(f"{PAGE}{till.api_key.pk}/revoke/")

    assert keys.find(token=till.token, now=timezone.now()) is None
    assert LogEntry.objects.get().object_repr == str(till.api_key)
    assert owner.post(f"{PAGE}{till.api_key.pk}/revoke/").status_code == 403


def test_deletes_none(owner, till):
    assert owner.post(f"{PAGE}{till.api_key.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("role", ["manager", "warehouse", "support", "catalogue", "marketing"])
def test_is_the_owners_alone(client, till, role):
    client.force_login(staff(role))

    for path in ("", "add/", f"{till.api_key.pk}/change/", f"{till.api_key.pk}/revoke/"):
        assert client.get(PAGE + path).status_code in (302, 403)
