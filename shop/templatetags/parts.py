"""Parts of pages that are rendered once: for the same values, or for all of one kind."""

from functools import lru_cache
from typing import Any

from django import template
from django.template import Context, Engine, Node, Template
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from shop.lib.frozen import PLAIN, values_of
from shop.lib.parts import kept
from shop.lib.stencils import Here, filled

register = template.Library()

# In each process; a card with its values takes about 6 KB.
MOST, MOST_DRAWN = 2048, 1024


@register.simple_tag(takes_context=True)
def part(context: Context, template_name: str, **values: Any) -> SafeString:
    """What `{% include template_name with … only %}` gives, rendered once as long as the values are the same.

    Never stale: it is found by the values themselves, the language and the market's prefix. So they
    have to be plain values, tuples of them and frozen dataclasses, all there is to know; a row of the
    database is refused, since two states of it are called equal. The template must not look at the
    clock or anything else beside them.
    """
    found = _template(template_name)
    given = (str(one) if isinstance(one, Promise) else one for one in values.values())
    return _rendered(found, _here(context), tuple(values), *given)


def _here(context: Context) -> Here:
    """Found out once for a page, since no template changes it on the way."""
    found: Here | None = context.__dict__.get("here")
    if found is None:
        found = context.__dict__["here"] = Here.now()
    return found


@register.tag
def stencil(parser: Parser, token: Token) -> Node:
    """What `{% include template_name with … only %}` gives, for things that differ by their texts.

    `each card=cards` instead: one after the other for every card, by its `words`.
    See shop.lib.stencils for what the template may do with them.
    """
    _tag, name, *bits = token.split_contents()
    kind = StencilNode
    if bits[:1] == ["each"]:
        kind, bits = EachNode, bits[1:]
    values = token_kwargs(bits, parser)
    if bits or not (name[0] == name[-1] == '"'):
        raise template.TemplateSyntaxError('Write {% stencil "name.html" value=… %}.')
    return kind(name[1:-1], values)


class StencilNode(Node):
    def __init__(self, template_name: str, values: dict[str, FilterExpression]) -> None:
        self.template_name = template_name
        self.values = values

    def render(self, context: Context) -> str:
        values = {name: value.resolve(context) for name, value in self.values.items()}
        return filled(_template(self.template_name), values, _here(context))


class EachNode(StencilNode):
    """The first value is the list; the others are the same for all of it."""

    def render(self, context: Context) -> str:
        names = tuple(self.values)
        things, *shared = (value.resolve(context) for value in self.values.values())
        found, here = _template(self.template_name), _here(context)
        return "".join([_drawn(found, here, names, one, *shared) for one in things])


# The same products are on many lists, and the same values under many searches.
@lru_cache(maxsize=MOST_DRAWN, typed=True)
def _drawn(found: Template, here: Here, names: tuple[str, ...], thing: Any, *shared: Any) -> str:
    """One of a list, found by all that it says: never stale."""
    for value in (thing, *shared):
        _refuse_unless_frozen(value)
    return filled(found, dict(zip(names, (thing.words, *shared), strict=True)), here)


@register.tag
def keep(parser: Parser, token: Token) -> Node:
    """What stands in between, kept under the shop's version; made each time where there is no name.

    `{% keep what name %} … {% endkeep %}`: both together stand for all that is shown, but for
    language and market.
    """
    _tag, what, name = token.split_contents()
    inside = parser.parse(("endkeep",))
    parser.delete_first_token()
    return KeepNode(what, parser.compile_filter(name), inside)


class KeepNode(Node):
    def __init__(self, what: str, name: FilterExpression, nodelist: NodeList) -> None:
        self.what = what
        self.name = name
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        name = self.name.resolve(context)
        if not name:
            return self.nodelist.render(context)
        here = _here(context)
        place = f"{self.what}:{here.language}:{here.prefix}:{name}"
        return kept(place, lambda: self.nodelist.render(context))


def _template(name: str) -> Template:
    engine = Engine.get_default()
    return engine.get_template(name) if engine.debug else _found(engine, name)


@lru_cache(maxsize=512)
def _found(engine: Engine, name: str) -> Template:
    return engine.get_template(name)


# Typed: marked as safe or not, and 1 or True, are not the same.
@lru_cache(maxsize=MOST, typed=True)
def _rendered(found: Template, _here: Here, names: tuple[str, ...], *values: Any) -> SafeString:
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
