"""A connection that is kept is not asked whether it lives, and replaced when it does not."""

import time

import psycopg
import pytest
from django.db import connection

from shop.lib.databases import wired


@pytest.fixture
def young(transactional_db):
    """The one of the tests before may be as old as a connection gets."""
    connection.close()


def number_of_server():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def next_request():
    connection.close_if_unusable_or_obsolete()


def test_a_connection_that_lives_is_used_without_a_question(young, monkeypatch):
    before = number_of_server()
    next_request()
    monkeypatch.setattr(connection, "is_usable", lambda: pytest.fail("asked"))

    assert number_of_server() == before


def test_one_that_the_server_has_ended_is_replaced(young):
    before = number_of_server()
    options = connection.get_connection_params()
    named = {
        name: options[name]
        for name in ("dbname", "user", "password", "host", "port")
        if options.get(name)
    }
    with psycopg.connect(**named, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [before])
    time.sleep(0.05)  # the end travels by another line than the answer
    next_request()

    assert number_of_server() != before


def test_every_database_of_the_shop_is_wired_so():
    found = wired({"NAME": "shop"}, replica={"NAME": "copy"})

    assert {one["ENGINE"] for one in found.values()} == {"shop.lib.postgres"}
