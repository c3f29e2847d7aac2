"""Public pages kept whole.

A view marked `@public_page` is anonymous by construction: same address, same bytes. Its answer is
kept in the cache under the shop's current version and thrown away when the version moves on.
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import get_script_prefix
from django.utils.cache import get_conditional_response
from redis.exceptions import RedisError

Respond = Callable[[HttpRequest], HttpResponseBase]
View = TypeVar("View", bound=Callable[..., HttpResponse])
VERSION_KEY = "pages:version"
KEEP = 60 * 60
# Filtered and searched pages are as many as people can think of: those are kept briefly.
KEEP_WITH_QUERY = 5 * 60
BROWSER = "public, max-age=0, s-maxage=60, stale-while-revalidate=60"


def public_page(view: View) -> View:
    """Mark an answer as the same for everybody; its `keep_seconds`, if set, shorten how long."""

    @wraps(view)
    def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.is_public_page = True  # type: ignore[attr-defined]
        return response

    return marked  # type: ignore[return-value]


def serve_whole_pages(get_response: Respond) -> Respond:
    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD") or _is_staff_path(request):
            return get_response(request)
        key = _key(request)
        kept = _read(key) if key else None
        if kept is not None:
            return _conditional(request, _response(*kept))
        response = get_response(request)
        if getattr(response, "is_public_page", False) and isinstance(response, HttpResponse):
            return _keep(request, key, response)
        return response

    return middleware


def throw_away_pages() -> None:
    """Let go of every kept page; call after the commit of a change that pages show."""
    try:
        cache.incr(VERSION_KEY)
    except ValueError:
        cache.set(VERSION_KEY, 1, timeout=None)
    except RedisError:  # no cache, nothing kept
        return


def _is_staff_path(request: HttpRequest) -> bool:
    return request.path_info.startswith(("/admin/", "/dashboard/"))


def _key(request: HttpRequest) -> str | None:
    try:
        version = cache.get(VERSION_KEY, 0)
    except RedisError:
        return None
    parts = (
        request.get_host(),
        get_script_prefix(),
        request.path_info,
        request.META.get("QUERY_STRING", ""),
        request.headers.get("HX-Request", ""),
        # Pages name static files by their hash: another set of files, other pages.
        getattr(staticfiles_storage, "manifest_hash", ""),
    )
    digest = hashlib.sha256("|".join(parts).encode()).hexdigest()
    return f"page:{version}:{digest}"


def _read(key: str) -> tuple[bytes, int, dict[str, str]] | None:
    try:
        kept: tuple[bytes, int, dict[str, str]] | None = cache.get(key)
    except RedisError:
        return None
    return kept


def _keep(request: HttpRequest, key: str | None, response: HttpResponse) -> HttpResponseBase:
    if response.status_code != 200:
        return response
    response["Cache-Control"] = BROWSER
    response["ETag"] = f'W/"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response["Vary"] = "HX-Request, Accept-Encoding"
    if key:
        try:
            cache.set(
                key,
                (response.content, 200, dict(response.items())),
                timeout=min(_longest(request), getattr(response, "keep_seconds", KEEP)),
            )
        except RedisError:
            return response
    return _conditional(request, response)


def _longest(request: HttpRequest) -> int:
    return KEEP_WITH_QUERY if request.META.get("QUERY_STRING") else KEEP


def _response(content: bytes, status: int, headers: dict[str, str]) -> HttpResponse:
    return HttpResponse(content, status=status, headers=headers)


def _conditional(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    conditional = get_conditional_response(request, etag=response["ETag"], response=response)
    return conditional or response
