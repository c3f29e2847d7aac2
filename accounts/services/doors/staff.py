"""Staff pages open to two factors, and to nobody for longer than a working day."""

import datetime as dt
from collections.abc import Callable

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

Respond = Callable[[HttpRequest], HttpResponseBase]
PAGES = ("/admin/", "/dashboard/", "/stockroom/")
LONGEST = dt.timedelta(hours=8)
Type = Authenticator.Type


def staff_show_two_factors(get_response: Respond) -> Respond:
    """Without a second factor staff get no further than the page that sets one up."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(PAGES) and getattr(request.user, "is_staff", False):
            door = _door(request)
            if door is not None:
                return HttpResponseRedirect(door)
        return get_response(request)

    return middleware


def _door(request: HttpRequest) -> str | None:
    """Where to go first; None when everything was shown."""
    records = get_authentication_records(request, request.user)
    if _is_over(records):
        get_adapter(request).logout(request)
        return _leading_back(request, "account_login")
    if any(record["method"] == "mfa" for record in records):
        return None
    own = set(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
    if Type.TOTP in own:
        return _leading_back(request, "mfa_reauthenticate")
    if Type.WEBAUTHN in own:
        return _leading_back(request, "mfa_reauthenticate_webauthn")
    return reverse("mfa_index")


def _is_over(records: list[dict[str, float]]) -> bool:
    """Counted from the password, however busy the session is. No record at all is no sign-in."""
    if not records:
        return False
    return timezone.now().timestamp() - records[0]["at"] > LONGEST.total_seconds()


def _leading_back(request: HttpRequest, name: str) -> str:
    wanted = request.get_full_path() if request.method == "GET" else reverse("admin:index")
    return f"{reverse(name)}?{urlencode({'next': wanted})}"
