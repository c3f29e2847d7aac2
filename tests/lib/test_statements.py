"""Statements whose places are found once: values come to where they are meant."""

import pytest
from django.db import connection

from shop.lib import statements

pytestmark = pytest.mark.django_db


def test_a_value_stands_wherever_its_name_does():
    found = statements.run(
        connection,
        "select %(b)s::int - %(a)s::int, %(a)s::int, 'all of it: 100%%'",
        {"a": 1, "b": 3, "other": "is not asked for"},
    )

    assert found == [(2, 1, "all of it: 100%")]


def test_values_without_names_come_in_their_order():
    assert statements.run(connection, "select %s::int, %s::text", [1, "$1 %s"]) == [(1, "$1 %s")]


def test_a_statement_that_returns_nothing_has_no_rows():
    assert statements.run(connection, "set local work_mem = '4MB'", []) == []
