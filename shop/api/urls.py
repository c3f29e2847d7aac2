"""Addresses of the API. Whatever is asked below them is answered in its one shape."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, path, re_path
from django.views.decorators.csrf import csrf_exempt

from shop.api.about import about
from shop.api.doors import allowance_of
from shop.api.problems import Problem
from shop.api.v1 import api

View = Callable[..., HttpResponseBase]


def _dressed(view: View) -> View:
    """Say what is left of the key's minute, and put what the router says by itself in our words."""

    # No cookie opens anything here, so no other site's form can do anything with one.
    @csrf_exempt
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response = view(request, *args, **kwargs)
        except Http404:
            response = Problem("not-found").answer()
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            response = Problem("method", headers={"Allow": response["Allow"]}).answer()
        if allowance := allowance_of(request):
            response["RateLimit-Limit"] = str(allowance.limit)
            response["RateLimit-Remaining"] = str(max(0, allowance.left))
            response["RateLimit-Reset"] = str(allowance.resets_in)
        return response

    return answer


def _nothing(_request: HttpRequest) -> HttpResponseBase:
    return Problem("not-found").answer()


def _patterns() -> tuple[list[URLPattern | URLResolver], str, str]:
    patterns, app, namespace = api.urls
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            pattern.callback = _dressed(pattern.callback)
    return patterns, app, namespace


urlpatterns = [
    path("", about, name="api_about"),
    path("v1/", _patterns()),
    re_path(r"^v1/.*$", csrf_exempt(_nothing)),
]
