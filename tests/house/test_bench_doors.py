"""The doors that `make bench` measures by are what they say."""

from functools import partial
from wsgiref.util import setup_testing_defaults

import pytest
from django.db import connection
from django.urls import set_urlconf

from bench import wsgi


@pytest.fixture(autouse=True)
def _own_addresses_end_with_the_test():
    yield
    set_urlconf(None)


def ask(application, path, **headers):
    environ = {"PATH_INFO": path, "HTTP_HOST": "127.0.0.1", **headers}
    setup_testing_defaults(environ)
    said = {}

    def start(status, headers, *_rest):
        said.update(headers, status=int(status[:3]))

    body = b"".join(application(environ, start))
    return said, body


@pytest.mark.django_db
def test_a_bare_page_is_as_long_as_asked_and_passes_no_middleware():
    said, body = ask(wsgi.application, "/-/bare/5000")

    assert len(body) == 5000
    assert set(said) == {"status", "Content-Type", "Content-Length"}


@pytest.mark.django_db
def test_a_counted_answer_says_how_many_queries_it_took():
    def asks_twice(_environ, start):
        with connection.cursor() as cursor:
            cursor.execute("select 1")
            cursor.execute("select 2")
        start("200 OK", [])
        return [b""]

    said, _body = ask(partial(wsgi.counted, asks_twice), "/")

    assert said["X-Bench-Queries"] == "2"
