"""Small things that views share."""

from collections.abc import Callable
from typing import TypeVar

from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def only_reads(view: View) -> View:
    """GET and HEAD; all else is answered 405. Nothing changes here, so no token is asked for first."""
    return csrf_exempt(require_safe(view))
