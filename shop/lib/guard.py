"""The door: refuse what no browser sends before anything reads it, and close what leaves."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, TypeVar
from urllib.parse import urlsplit

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

Respond = Callable[[HttpRequest], HttpResponseBase]
View = TypeVar("View", bound=Callable[..., HttpResponseBase])
TEXT = "text/plain; charset=utf-8"
PERMISSIONS = (
    "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(),"
    " usb=(), payment=(self)"
)
# unfold's Alpine evaluates strings; the relaxation stays under its own path.
ADMIN_CSP = {"script-src": ["'self'", "'unsafe-eval'"], "style-src": ["'self'", "'unsafe-inline'"]}


def input_guard(get_response: Respond) -> Respond:
    """Answer NUL bytes, foreign charsets and TRACE here: each is a 500 further in."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.method == "TRACE":
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD, POST"})
        charset = (request.content_params or {}).get("charset", "utf-8").strip("\"' ").lower()
        if charset not in ("utf-8", "utf8"):
            return HttpResponse("Please send UTF-8.", status=415, content_type=TEXT)
        query = request.META.get("QUERY_STRING", "")
        # The API refuses it itself, in the one shape of its answers.
        is_api = request.path_info.startswith("/api/v1/")
        if not is_api and ("\x00" in request.path or "%00" in query or "\x00" in query):
            return HttpResponse("This address is malformed.", status=400, content_type=TEXT)
        return get_response(request)

    return middleware


def response_headers(get_response: Respond) -> Respond:
    """Nothing private is stored by anyone; the admin gets its own content policy."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store, private"
        if request.path_info.startswith("/admin/"):
            response._csp_replace = ADMIN_CSP  # type: ignore[attr-defined]  # noqa: SLF001
        return response

    return middleware


class ContentPolicy(CSPMiddleware):
    """The policy of the settings is the same for nearly every page: it is put into words once."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        parts = self.get_policy_parts(request, response)
        if any((parts.config, parts.update, parts.replace, parts.nonce)):
            return super().process_response(request, response)
        response.setdefault(HEADER, _policy())
        return response


@lru_cache(maxsize=1)
def _policy() -> str:
    return build_policy()


def came_from_here(request: HttpRequest) -> bool:
    """Whether a browser says that one of our own pages sent this (Sec-Fetch-Site, else Origin)."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.get_host()


def same_origin_only(view: View) -> View:
    """Guard a form of a cached page, which can hold no token: other sites' posts are refused.

    Works with the SameSite=Lax cookies, which such posts do not carry either.
    """

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and not came_from_here(request):
            return HttpResponseForbidden(_("This form was sent from another site."))
        return view(request, *args, **kwargs)

    return guarded  # type: ignore[return-value]
