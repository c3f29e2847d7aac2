import datetime as dt

import pytest
from django.utils import timezone

from channels.models import ApiKey
from channels.services import keys
from tests.factories.people import staff

pytestmark = pytest.mark.django_db


def test_keeps_nothing_a_key_could_be_made_of():
    fresh = keys.make(name="Till", scopes=["stock:read"], actor=None, now=timezone.now())

    kept = ApiKey.objects.values().get()

    assert len(fresh.token) > 40
    assert fresh.token.startswith(kept["prefix"])
    assert fresh.token not in str(kept)


def test_lets_nobody_in_without_a_key(client, db):
    answer = client.get("/api/v1/products")

    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer.json()["type"] == "/api/#unknown-key"


def test_does_not_look_at_cookies(client, db):
    client.force_login(staff("owner"))

    assert client.get("/api/v1/products").status_code == 401


def test_asks_no_form_token_of_a_caller_with_a_key(calling):
    caller = calling()
    caller.client.handler.enforce_csrf_checks = True

    assert caller.get("/products").status_code == 200


@pytest.mark.parametrize("end", ["revoked_at", "expires_at"])
def test_opens_to_no_key_that_is_over(calling, end):
    caller = calling()
    ApiKey.objects.update(**{end: timezone.now() - dt.timedelta(seconds=1)})

    assert caller.get("/products").status_code == 401


def test_opens_only_what_the_key_has_a_scope_for(calling):
    answer = calling("stock:read").get("/products")

    assert answer.status_code == 403
    assert "products:read" in answer.json()["detail"]


def test_writes_down_when_and_from_where_a_key_was_used(calling):
    calling().get("/products")

    api_key = ApiKey.objects.get()
    assert timezone.now() - api_key.last_used_at < dt.timedelta(minutes=1)
    assert api_key.last_used_from == "127.0.0.1"


def test_counts_the_requests_of_a_minute_and_says_what_is_left(calling, time_machine):
    time_machine.move_to(dt.datetime(2026, 11, 22, 12, 0, 20, tzinfo=dt.UTC), tick=False)
    caller = calling(limit=2)

    answers = [caller.get("/products") for _number in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer["RateLimit-Remaining"] for answer in answers] == ["1", "0", "0"]
    assert answers[2]["Retry-After"] == "40"


def test_opens_again_with_the_next_minute(calling, time_machine):
    noon = dt.datetime(2026, 11, 22, 12, 0, 20, tzinfo=dt.UTC)
    time_machine.move_to(noon, tick=False)
    caller = calling(limit=1)
    caller.get("/products")

    time_machine.move_to(noon + dt.timedelta(seconds=40), tick=False)

    assert caller.get("/products").status_code == 200


def test_shuts_out_an_address_that_guesses_keys(client, calling):
    known = calling()

    for number in range(31):
        last = client.get("/api/v1/products", headers={"Authorization": f"Bearer mk_{number}"})

    assert last.status_code == 429
    assert known.get("/products").status_code == 429


@pytest.mark.parametrize("scopes", [[], ["everything"]])
def test_makes_no_key_that_may_nothing_or_what_nobody_knows(db, scopes):
    with pytest.raises(keys.BadKey):
        keys.make(name="Till", scopes=scopes, actor=None, now=timezone.now())
