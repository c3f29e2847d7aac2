"""Who else looks at the same thing right now. Kept in the cache; gone, nobody is told anything."""

import datetime as dt

from django.core.cache import cache
from redis.exceptions import RedisError

# Whoever has not been seen for so long has left.
STAYS = dt.timedelta(seconds=90)
Seen = dict[int, tuple[str, float]]


def seen(*, what: str, who: int, name: str, now: dt.datetime) -> list[str]:
    """Say that somebody looks at it; returns the names of the others who do.

    Two who come in the same instant may overlook each other until either looks again.
    """
    key = f"presence:{what}"
    try:
        here: Seen = {**_here(key, now), who: (name, now.timestamp())}
        cache.set(key, here, timeout=int(STAYS.total_seconds()))
    except RedisError:
        return []
    return _names(here, who)


def others(*, what: str, who: int, now: dt.datetime) -> list[str]:
    """Names of the others who look at it."""
    try:
        return _names(_here(f"presence:{what}", now), who)
    except RedisError:
        return []


def _here(key: str, now: dt.datetime) -> Seen:
    kept: Seen = cache.get(key) or {}
    since = (now - STAYS).timestamp()
    return {who: (name, at) for who, (name, at) in kept.items() if at >= since}


def _names(here: Seen, who: int) -> list[str]:
    return sorted(name for one, (name, _at) in here.items() if one != who)
