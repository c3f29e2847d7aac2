"""Parts of pages that are rendered once for the same values."""

import datetime as dt
from dataclasses import fields
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.template import Context, Engine, Template
from django.urls import get_script_prefix
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

# In each process; a card with its values takes about 6 KB.
MOST = 2048
PLAIN = frozenset({str, int, bool, float, Decimal, dt.date, dt.datetime, type(None)})


@register.simple_tag
def part(template_name: str, **values: Any) -> SafeString:
    """What `{% include template_name with … only %}` gives, rendered once as long as the values are the same.

    Never stale: it is found by the values themselves, the language and the market's prefix. So they
    have to be plain values, tuples of them and frozen dataclasses, all there is to know; a row of the
    database is refused, since two states of it are called equal. The template must not look at the
    clock or anything else beside them.
    """
    found = Engine.get_default().get_template(template_name)
    given = (str(one) if isinstance(one, Promise) else one for one in values.values())
    return _rendered(found, get_language(), get_script_prefix(), tuple(values), *given)


# Typed: marked as safe or not, and 1 or True, are not the same.
@lru_cache(maxsize=MOST, typed=True)
def _rendered(
    found: Template, _language: str, _prefix: str, names: tuple[str, ...], *values: Any
) -> SafeString:
    for value in values:
        _refuse_unless_frozen(value, markup=True)
    return found.render(Context(dict(zip(names, values, strict=True))))


def _refuse_unless_frozen(value: Any, *, markup: bool = False) -> None:
    """Markup within something else would be mistaken for the same text that is not marked safe."""
    if type(value) in PLAIN or (markup and isinstance(value, SafeString)):
        return
    kind = getattr(value, "__dataclass_params__", None)
    if isinstance(value, tuple):
        inside = list(value)
    elif kind is not None and kind.frozen:
        inside = [getattr(value, each.name) for each in fields(value)]
    else:
        raise TypeError(f"A part is not made of {type(value).__name__}: give it plain values.")
    for one in inside:
        _refuse_unless_frozen(one)
