"""Who may come in: a key in the Authorization header, and nothing else."""

from typing import cast

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from channels.models import ApiKey
from channels.services import keys
from channels.services.keys import Allowance
from shop.api.problems import Problem
from shop.lib import limits
from shop.lib.http import client_address


class Key(HttpBearer):
    """A door that opens for keys with one scope. Cookies are not looked at."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey | None:
        """Raises TooOften for guesses, Problem for too many requests and for a missing scope."""
        now = timezone.now()
        # Only wrong keys count here; what a right one may is written on it.
        limits.look(request, limits.API)
        api_key = keys.find(token=token, now=now)
        if api_key is None:
            limits.check(request, limits.API)
            return None
        keys.used(api_key=api_key, address=client_address(request), now=now)
        allowance = keys.count(api_key=api_key, now=now)
        request.allowance = allowance  # type: ignore[attr-defined]
        if allowance.left < 0:
            raise Problem("too-often", headers={"Retry-After": str(allowance.resets_in)})
        if self.scope not in api_key.scopes:
            raise Problem("scope", f"This key does not have the scope {self.scope}.")
        return api_key


def key_of(request: HttpRequest) -> ApiKey:
    """The key with which this request came in."""
    return cast("ApiKey", request.auth)  # type: ignore[attr-defined]


def allowance_of(request: HttpRequest) -> Allowance | None:
    """What its key has left; None when no key came in."""
    return getattr(request, "allowance", None)
