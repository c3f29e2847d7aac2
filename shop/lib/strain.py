"""When the database does not keep up: a polite no at once, instead of a queue that only grows."""

import sys
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import get_template
from redis.exceptions import RedisError

from shop.lib.breaker import Breaker

Respond = Callable[[HttpRequest], HttpResponseBase]
# Seconds after which a shopper, or a machine, may well try again.
COME_BACK = 5
SERVER_ERROR = 500
# Lives without the database, and is asked by whoever watches.
NEEDS_NOTHING = "/healthz"
database = Breaker(patience=3, rest=1.0)


def polite_when_slow(get_response: Respond) -> Respond:
    """After three pages in a row that the database did not let through, one a second may try.

    The others are asked to come back, and leave their thread to pages that need no database.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.path_info == NEEDS_NOTHING:
            return get_response(request)
        if not database.may_ask():
            return come_back()
        response = get_response(request)
        if getattr(response, "is_strained", False):
            database.failed()
        elif response.status_code < SERVER_ERROR:
            database.answered()
        return response

    return middleware


def is_strain() -> bool:
    """Whether what is being handled is a server of ours that is slow, full or away."""
    return isinstance(sys.exception(), OperationalError | InterfaceError | RedisError)


def come_back() -> HttpResponse:
    """The page that asks for patience. It needs nothing, least of all the database."""
    response = HttpResponse(get_template("503.html").render(), status=503)
    response["Retry-After"] = str(COME_BACK)
    response["Cache-Control"] = "no-store"
    # The few pages that can't do without Valkey say nothing of the database.
    response.is_strained = not isinstance(sys.exception(), RedisError)  # type: ignore[attr-defined]
    return response
