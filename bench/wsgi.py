"""The shop with two doors more, to measure it by: gunicorn bench.wsgi instead of shop.wsgi.

/-/bare/<bytes> is Django's own handler without any middleware, in the same processes: a page of so
many bytes, which is what every other page is compared with. /-/change throws away kept pages, as a
change by staff does. A request with "X-Bench-Count" is answered with the number of its queries in
"X-Bench-Queries". For measurements, never to trade with.
"""

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.urls import path

from shop.lib.page_cache import throw_away_pages
from shop.wsgi import application as shop

OWN = "/-/"


@lru_cache(maxsize=256)
def content(size: int) -> bytes:
    return b"x" * size


def bare_page(_request: HttpRequest, size: int) -> HttpResponse:
    return HttpResponse(content(size), headers={"Content-Length": str(size)})


def change(_request: HttpRequest) -> HttpResponse:
    throw_away_pages()
    return HttpResponse()


urlpatterns = [path("-/bare/<int:size>", bare_page), path("-/change", change)]


class BareRequest(WSGIRequest):
    urlconf = __name__


class Bare(WSGIHandler):
    request_class = BareRequest

    def load_middleware(self, *, is_async: bool = False) -> None:
        kept, settings.MIDDLEWARE = settings.MIDDLEWARE, []
        try:
            super().load_middleware(is_async)
        finally:
            settings.MIDDLEWARE = kept


bare = Bare()


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    if environ["PATH_INFO"].startswith(OWN):
        return bare(environ, start)
    if "HTTP_X_BENCH_COUNT" in environ:
        return counted(shop, environ, start)
    return shop(environ, start)


def counted(
    app: Callable[..., Iterable[bytes]], environ: dict[str, Any], start: Callable[..., Any]
) -> Iterable[bytes]:
    """Answer and say how many queries it took, on all databases together."""
    count = 0

    def count_one(execute: Callable[..., Any], *args: Any) -> Any:
        nonlocal count
        count += 1
        return execute(*args)

    def start_counted(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        return start(status, [*headers, ("X-Bench-Queries", str(count))], *rest)

    with ExitStack() as wrapped:
        for one in connections.all():
            wrapped.enter_context(one.execute_wrapper(count_one))
        return app(environ, start_counted)
