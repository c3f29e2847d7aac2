"""Parts of pages that are rendered once: for the same values, or for all of one kind."""

from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.template import Context, Engine, Node, Template
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.urls import get_script_prefix
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from shop.lib.frozen import PLAIN, values_of
from shop.lib.stencils import filled

register = template.Library()

# In each process; a card with its values takes about 6 KB.
MOST = 2048


@register.simple_tag
def part(template_name: str, **values: Any) -> SafeString:
    """What `{% include template_name with … only %}` gives, rendered once as long as the values are the same.

    Never stale: it is found by the values themselves, the language and the market's prefix. So they
    have to be plain values, tuples of them and frozen dataclasses, all there is to know; a row of the
    database is refused, since two states of it are called equal. The template must not look at the
    clock or anything else beside them.
    """
    found = _template(template_name)
    given = (str(one) if isinstance(one, Promise) else one for one in values.values())
    return _rendered(found, get_language(), get_script_prefix(), tuple(values), *given)


@register.tag
def stencil(parser: Parser, token: Token) -> Node:
    """What `{% include template_name with … only %}` gives, for things that differ by their texts.

    See shop.lib.stencils for what the template may do with them.
    """
    _tag, name, *bits = token.split_contents()
    values = token_kwargs(bits, parser)
    if bits or not (name[0] == name[-1] == '"'):
        raise template.TemplateSyntaxError('Write {% stencil "name.html" value=… %}.')
    return StencilNode(name[1:-1], values)


class StencilNode(Node):
    def __init__(self, template_name: str, values: dict[str, FilterExpression]) -> None:
        self.template_name = template_name
        self.values = values

    def render(self, context: Context) -> str:
        values = {name: value.resolve(context) for name, value in self.values.items()}
        return filled(_template(self.template_name), values)


def _template(name: str) -> Template:
    engine = Engine.get_default()
    return engine.get_template(name) if settings.DEBUG else _found(engine, name)


@lru_cache(maxsize=512)
def _found(engine: Engine, name: str) -> Template:
    return engine.get_template(name)


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
    kind: Any = type(value)
    inside = values_of(kind)
    if inside is None and not isinstance(value, tuple):
        raise TypeError(f"A part is not made of {type(value).__name__}: give it plain values.")
    for one in inside(value) if inside else value:
        _refuse_unless_frozen(one)
