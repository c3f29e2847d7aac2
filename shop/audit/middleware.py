"""Every change that staff ask for is on record as theirs."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from shop.audit.services import acting
from shop.lib.http import client_address

Respond = Callable[[HttpRequest], HttpResponseBase]
SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}


def staff_are_on_record(get_response: Respond) -> Respond:
    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.method in SAFE or not _is_staff(request):
            return get_response(request)
        with acting(request.user, client_address(request), request.path):  # type: ignore[arg-type]
            return get_response(request)

    return middleware


def _is_staff(request: HttpRequest) -> bool:
    """Shoppers without a session are not asked who they are."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    return request.user.is_active and request.user.is_staff
