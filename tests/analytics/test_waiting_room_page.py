"""The staff page of the waiting room: what it shows, who sees it, and its doors."""

import re

import pytest
from django.utils import timezone
from redis.exceptions import ConnectionError as Gone

from orders.services import waiting_room
from orders.services.waiting_room import room
from tests.factories.people import staff

pytestmark = pytest.mark.django_db
PAGE, CHANGE = "/dashboard/waiting-room/", "/dashboard/waiting-room/change/"


@pytest.fixture
def planner(client, demo_market):
    """Whoever plans sales."""
    client.force_login(staff("marketing"))
    return client


def look():
    return waiting_room.look(now=timezone.now())


def open_room(client, per_minute):
    return client.post(CHANGE, {"per_minute": per_minute, "open": "1"}, follow=True)


@pytest.mark.parametrize("role", ["warehouse", "support", "catalogue"])
def test_only_those_who_plan_sales_see_it(client, demo_market, role):
    client.force_login(staff(role))

    assert client.get(PAGE).status_code == client.post(CHANGE).status_code == 403


def test_it_shows_how_many_wait_and_were_let_in(planner):
    waiting_room.open_room(per_minute=60, now=timezone.now())
    for _who in range(120):
        waiting_room.knock(ticket=None, takes=True, now=timezone.now())

    html = planner.get(PAGE).content.decode()

    assert "Open: everybody waits in line." in html
    assert "2 minutes" in html
    assert re.search(r"table__number\">\s*120\s*<", html)


def test_it_is_opened_ahead_of_a_sale_changed_and_closed(planner):
    opened = open_room(planner, 0).content.decode()
    assert "The waiting room is open, and nobody is let in." in opened
    assert (look().is_opened_by_staff, look().per_minute) == (True, 0)

    assert "300 a minute are let in." in open_room(planner, 300).content.decode()
    assert look().per_minute == 300

    closed = planner.post(CHANGE, {"close": "1"}, follow=True).content.decode()
    assert "The waiting room is closed." in closed
    assert "Closed: everybody is let in at once." in closed


@pytest.mark.parametrize("typed", ["", "-1", "many", "999999999"])
def test_a_pace_that_is_none_changes_nothing(planner, typed):
    answer = open_room(planner, typed)

    assert answer.status_code == 422
    assert not look().is_open


def test_without_valkey_it_says_that_nobody_waits(planner, monkeypatch):
    def away(*_args, **_more):
        raise Gone

    monkeypatch.setattr(room, "_valkey", away)

    assert "Valkey does not answer: everybody is let in." in planner.get(PAGE).content.decode()
    assert "nothing was changed" in open_room(planner, 10).content.decode()
