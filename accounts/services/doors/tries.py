"""How often the doors may be tried; allauth's own counters stand behind these."""

from django.http import HttpRequest

from shop.lib import limits

# Whatever comes of it, each try counts.
COUNTED = {
    "account_signup": (limits.SIGNUP, "email"),
    "account_reset_password": (limits.RESET, "email"),
}
LONGEST = 254


def before(request: HttpRequest, name: str) -> None:
    """Raises shop.lib.limits.TooOften."""
    if name == "account_reset_password_from_key":
        limits.check(request, limits.RESET_LINK)
    elif request.method == "POST" and name in COUNTED:
        limit, field = COUNTED[name]
        limits.check(request, limit, target=_typed(request, field))
    elif request.method == "POST" and name == "account_login":
        limits.look(request, limits.LOGIN, target=_typed(request, "login"))


def missed(request: HttpRequest, name: str) -> None:
    """Signing in counts only when it failed: nobody locks themselves out by being right."""
    if name == "account_login":
        limits.check(request, limits.LOGIN, target=_typed(request, "login"))


def _typed(request: HttpRequest, field: str) -> str:
    return request.POST.get(field, "").strip()[:LONGEST]
