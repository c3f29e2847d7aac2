"""Values that nobody can change: they may be shared, and stand for all they say."""

import datetime as dt
from collections.abc import Callable
from dataclasses import fields
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import Any

PLAIN = frozenset({str, int, bool, float, Decimal, dt.date, dt.datetime, type(None)})


def is_frozen(value: Any) -> bool:
    """Whether it is made of nothing but plain values, tuples and frozen dataclasses."""
    kind: Any = type(value)
    if kind in PLAIN or issubclass(kind, str):
        return True
    if kind is tuple:
        return all(map(is_frozen, value))
    inside = values_of(kind)
    return inside is not None and all(map(is_frozen, inside(value)))


@lru_cache(maxsize=256)
def values_of(kind: type) -> Callable[[Any], tuple[Any, ...]] | None:
    """How to get at all that a frozen dataclass holds; None for other types."""
    about = getattr(kind, "__dataclass_params__", None)
    if about is None or not about.frozen:
        return None
    names = [each.name for each in fields(kind)]
    if len(names) > 1:
        return attrgetter(*names)
    return lambda value: tuple(getattr(value, name) for name in names)
