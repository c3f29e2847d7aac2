"""Public pages kept whole.

A view marked `@public_page` is anonymous by construction: same address, same bytes. Its answer is
kept in Valkey with the headers it left with, compressed, under the shop's current version, and is
void when the version moves on. A hit is one question to Valkey and runs nothing of the shop.
"""

import datetime as dt
import hashlib
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import cache
from django.dispatch import Signal
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from redis.exceptions import RedisError

from shop.lib import rulebook
from shop.lib.cache import VERSION_KEY
from shop.lib.compression import best_of, packed, unpacked
from shop.lib.in_turn import in_turn

Respond = Callable[[HttpRequest], HttpResponseBase]
View = TypeVar("View", bound=Callable[..., HttpResponse])
Kept = tuple[str, str, dict[str, str], bytes]
KEEP = 60 * 60
# Filtered and searched pages are as many as people can think of: those are kept briefly, and share
# so many places. Who makes up addresses takes places from others' searches, and fills nothing.
KEEP_WITH_QUERY = 5 * 60
PLACES_WITH_QUERY = 4096
BROWSER = "public, max-age=0, s-maxage=60, stale-while-revalidate=60"
NEVER_KEPT = ("/admin/", "/dashboard/", "/static/", "/media/")
# When the clock changes pages next, in seconds since 1970; then nothing that was kept counts.
UNTIL_KEY = "pages:until"
# Whoever comes first after that moment has so many seconds to do what it asks for.
TURN_SECONDS = 30
# What is to be done then, before a page is made anew (shop.apps).
moment_passed = Signal()
CONTENT_HEADERS = ("Content-Type", "Content-Length", "Content-Encoding")

# The version that the request at hand has read, so that its parts need not ask again.
version_at_hand: ContextVar[str | None] = ContextVar("version_at_hand", default=None)


def public_page(view: View) -> View:
    """Mark an answer as the same for everybody; its `keep_seconds`, if set, shorten how long."""

    @wraps(view)
    def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with rulebook.one_moment():
            response = view(request, *args, **kwargs)
        response.is_public_page = response.status_code == 200  # type: ignore[attr-defined]
        return response

    return marked  # type: ignore[return-value]


def serve_whole_pages(get_response: Respond) -> Respond:
    """Outside of all that writes headers: what is kept leaves as it left the first time."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD") or request.path_info.startswith(NEVER_KEPT):
            return get_response(request)
        place = _place(request)
        found = _look_up(place)
        if found.page is not None:
            return _answer(request, place, *found.page)
        if not found.is_outdated:
            return _made(request, place, found.version, get_response)
        # After a change everybody who looks at a page wants it anew at the same moment.
        with in_turn(place.key):
            found = _look_up(place)
            if found.page is not None:
                return _answer(request, place, *found.page)
            return _made(request, place, found.version, get_response)

    return middleware


def _made(
    request: HttpRequest, place: "Place", version: str | None, get_response: Respond
) -> HttpResponseBase:
    token = version_at_hand.set(version)
    try:
        response = get_response(request)
    finally:
        version_at_hand.reset(token)
    if getattr(response, "is_public_page", False) and isinstance(response, HttpResponse):
        return _keep(request, place, version, response)
    return response


def throw_away_pages() -> None:
    """Let go of every kept page; call after the commit of a change that pages show.

    By a name that no version had before: a count could come back after a crash of Valkey.
    """
    try:
        cache.set(VERSION_KEY, secrets.token_hex(8), timeout=None)
    except RedisError:  # nothing is read from there now; when it is back, all is thrown away
        return


def pages_hold_until(moment: dt.datetime | None) -> None:
    """Say at which moment the clock changes what pages show; None: at none that anybody knows of."""
    with suppress(RedisError):
        if moment is None:
            cache.delete(UNTIL_KEY)
        else:
            cache.set(UNTIL_KEY, moment.timestamp(), timeout=None)


def has_moment_passed() -> bool:
    """Whether the moment has come and nobody has asked for a page since."""
    try:
        until: float | None = cache.get(UNTIL_KEY)
    except RedisError:
        return False
    return until is not None and until <= time.time()


def current_version() -> str | None:
    """The shop's version; None while there is no cache."""
    try:
        version: str | None = cache.get(VERSION_KEY)
        return version or _begin()
    except RedisError:
        return None


def _begin() -> str | None:
    cache.add(VERSION_KEY, secrets.token_hex(8), timeout=None)
    version: str | None = cache.get(VERSION_KEY)
    return version


def _move_on(until: float) -> str | None:
    """The moment has passed: the first who comes does what it asks for. None for whoever comes
    meanwhile, who keeps nothing."""
    if not cache.add(f"pages:passed:{until}", 1, timeout=TURN_SECONDS):
        return None
    moment_passed.send_robust(sender=None)
    if cache.get(UNTIL_KEY) == until:
        cache.delete(UNTIL_KEY)
    throw_away_pages()
    version: str | None = cache.get(VERSION_KEY)
    return version


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page is kept. `asked` tells it from others that share the key."""

    key: str
    asked: str
    accepts: str
    form: str
    seconds: int


def _place(request: HttpRequest) -> Place:
    query = request.META.get("QUERY_STRING", "")
    accepts = best_of(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    # For who takes neither it is unpacked.
    form = accepts or "br"
    asked = repr((
        form,
        request.scheme or "",
        request.get_host(),
        "part" if request.META.get("HTTP_HX_REQUEST") == "true" else "",
        # Pages name static files by their hash: another set of files, other pages.
        getattr(staticfiles_storage, "manifest_hash", ""),
        request.path_info,
        query,
    ))  # fmt: skip
    digest = hashlib.sha256(asked.encode(errors="surrogateescape")).hexdigest()
    if query:
        key = f"page:q:{int(digest, 16) % PLACES_WITH_QUERY}"
        return Place(key, digest, accepts, form, KEEP_WITH_QUERY)
    return Place(f"page:{digest}", digest, accepts, form, KEEP)


@dataclass(frozen=True, slots=True)
class Found:
    """What lies at a place. is_outdated: a page of this very address, but of an older version."""

    version: str | None
    page: tuple[dict[str, str], bytes] | None = None
    is_outdated: bool = False


def _look_up(place: Place) -> Found:
    """The version first, also for what is made now: it may be of the past when it is done."""
    try:
        found = cache.get_many((VERSION_KEY, UNTIL_KEY, place.key))
        until = found.get(UNTIL_KEY)
        if until is not None and until <= time.time():
            return Found(_move_on(until))
        version: str | None = found.get(VERSION_KEY) or _begin()
    except RedisError:
        return Found(None)
    kept: Kept | None = found.get(place.key)
    if kept is None or kept[1] != place.asked:
        return Found(version)
    if kept[0] != version:
        return Found(version, is_outdated=True)
    return Found(version, kept[2:])


def _keep(
    request: HttpRequest, place: Place, version: str | None, response: HttpResponse
) -> HttpResponseBase:
    if response.cookies:  # somebody's own, whatever the view says
        return response
    response["Cache-Control"] = BROWSER
    response["Vary"] = "HX-Request, Accept-Encoding"
    body = packed(response.content, place.form)
    response["ETag"] = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = dict(response.items())
    if version is not None:
        with suppress(RedisError):
            cache.set(
                place.key,
                (version, place.asked, headers, body),
                timeout=min(place.seconds, getattr(response, "keep_seconds", KEEP)),
            )
    if place.accepts:
        response.content, response["Content-Encoding"] = body, place.form
    response["Content-Length"] = str(len(response.content))
    return _unless_known(request, response)


def _answer(
    request: HttpRequest, place: Place, headers: dict[str, str], body: bytes
) -> HttpResponseBase:
    if place.accepts:
        headers["Content-Encoding"] = place.form
    else:
        body = unpacked(body)
    headers["Content-Length"] = str(len(body))
    return _unless_known(request, HttpResponse(body, headers=headers))


def _unless_known(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    """304, with the page's other headers, for a browser that has it."""
    if "HTTP_IF_NONE_MATCH" not in request.META and "HTTP_IF_MATCH" not in request.META:
        return response
    found = get_conditional_response(request, etag=response["ETag"], response=response)
    if found is not None and found is not response:
        for name, value in response.items():
            if name not in CONTENT_HEADERS:
                found.headers.setdefault(name, value)
    return found or response
