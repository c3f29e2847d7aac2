"""Small things that views share."""

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from shop.lib.proxies import one_spelling

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def only_reads(view: View) -> View:
    """GET and HEAD; all else is answered 405. Nothing changes here, so no token is asked for first."""
    return csrf_exempt(require_safe(view))


def is_only_fetched(request: HttpRequest) -> bool:
    """Whether a browser loads a page in advance that nobody may ever look at."""
    told = [request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Moz")]
    return any(text.startswith("prefetch") for text in told)


def caller(request: HttpRequest) -> str:
    """Who asks. `told_by_proxies` has put it there: never what the caller wrote down."""
    return str(request.META.get("REMOTE_ADDR", ""))


def client_address(request: HttpRequest) -> str | None:
    """The caller's internet address as one is kept; None when there is none to tell."""
    return one_spelling(caller(request))
