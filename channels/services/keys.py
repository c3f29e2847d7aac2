"""Keys to the API: made and shown once, found again by their hash, counted, taken back."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from redis.exceptions import RedisError

from accounts.models import User
from channels.models import ApiKey
from shop.lib.errors import Refused

SCOPES: dict[str, str | Promise] = {
    "products:read": lazy("Read products, variants and prices"),
    "stock:read": lazy("Read stock"),
    "stock:write": lazy("Change stock"),
    "orders:read": lazy("Read orders, with names and addresses"),
    "orders:write": lazy("Note, tag, send and cancel orders"),
    "customers:read": lazy("Read customers"),
    "customers:write": lazy("Add and change customers"),
}
MARK = "mk_"
SHOWN = len(MARK) + 8
WINDOW = 60  # seconds
# Writing down every use would be a write for every read.
SELDOM = dt.timedelta(minutes=1)


class BadKey(Refused):
    """Raised for a key that may nothing, or something nobody knows."""


@dataclass(frozen=True, slots=True)
class Fresh:
    """A key just made. token: the only time it is seen whole."""

    api_key: ApiKey
    token: str


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a key has left of its minute, which ends in `resets_in` seconds. left: -1 is too many."""

    limit: int
    left: int
    resets_in: int


def make(
    *,
    name: str,
    scopes: Collection[str],
    limit: int = 120,
    expires_at: dt.datetime | None = None,
    actor: User | None,
    now: dt.datetime,
) -> Fresh:
    """A new key. limit: requests a minute. Raises BadKey."""
    check_scopes(scopes)
    api_key = ApiKey(
        name=name,
        scopes=sorted(set(scopes)),
        limit=limit,
        created_by=actor,
        created_at=now,
        expires_at=expires_at,
    )
    token = cut(api_key)
    api_key.save()
    return Fresh(api_key, token)


def cut(api_key: ApiKey) -> str:
    """Give an unsaved key its secret, and return that: only its hash is kept."""
    token = MARK + secrets.token_urlsafe(32)
    api_key.prefix, api_key.key_hash = token[:SHOWN], _hash(token)
    return token


def check_scopes(scopes: Collection[str]) -> None:
    """Raises BadKey."""
    if not scopes:
        raise BadKey(_("Say what the key may do."))
    if unknown := sorted(set(scopes) - SCOPES.keys()):
        raise BadKey(_("Nobody knows: %(scopes)s.") % {"scopes": ", ".join(unknown)})


def revoke(*, api_key: ApiKey, now: dt.datetime) -> None:
    """From now on it opens nothing, for good."""
    if api_key.revoked_at is None:
        api_key.revoked_at = now
        api_key.save(update_fields=["revoked_at"])


def find(*, token: str, now: dt.datetime) -> ApiKey | None:
    """The key in force that this is; None for any other text."""
    is_current = Q(expires_at=None) | Q(expires_at__gt=now)
    return ApiKey.objects.filter(is_current, key_hash=_hash(token), revoked_at=None).first()


def used(*, api_key: ApiKey, address: str | None, now: dt.datetime) -> None:
    """Write down that it was used, and from where; once a minute."""
    if api_key.last_used_at is not None and api_key.last_used_at > now - SELDOM:
        return
    ApiKey.objects.filter(pk=api_key.pk).update(last_used_at=now, last_used_from=address)


def count(*, api_key: ApiKey, now: dt.datetime) -> Allowance:
    """Count one request. Where nobody can count, nobody is sent away: the key is known."""
    minute, second = divmod(int(now.timestamp()), WINDOW)
    name = f"api:{api_key.pk}:{minute}"
    try:
        cache.add(name, 0, timeout=2 * WINDOW)
        requests = cache.incr(name)
    except (RedisError, ValueError):
        requests = 1
    return Allowance(api_key.limit, max(-1, api_key.limit - requests), WINDOW - second)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
