"""Templates rendered once for each kind of thing; the texts of each thing are filled in.

Rendering a card of a list takes half a millisecond, and no two cards say the same. But what differs
is texts: which parts a card has is the same for most of them. So its template is rendered with
holes in the place of texts, once for all cards that have the same parts, and cut at the holes.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from html import escape
from itertools import count
from operator import itemgetter
from typing import Any, NamedTuple

from django.template import Context, Template
from django.urls import get_script_prefix
from django.utils.functional import Promise
from django.utils.translation import get_language

from shop.lib.frozen import values_of

# Of all templates, in each process; one takes about as much as what it shows.
MOST_KINDS = 512
# Private characters: nothing that a template says has them.
MARK, BETWEEN = re.compile("\ue000([0-9]+)\ue001"), "\ue002"
# What a filter might make something else of.
TRYING = "{number} Ünder <b class=\"x\">&amp; 'so' \n {number}"


class CannotCut(Exception):
    """Raised when a template does something with a text other than to show it."""


class LookedInto(BaseException):
    """Raised by a hole that is more than shown. No part of Django takes it for one of its own."""


def _refuse(*_given: object) -> Any:
    raise LookedInto


class Hole(str):
    """Stands for a text: it can be shown, and it is not empty."""

    __slots__ = ()

    def __html__(self) -> str:
        return str.__str__(self)

    def __bool__(self) -> bool:
        return True


# Whatever else a text can do.
for _name in set(dir(str)) - set(dir(object)) | {
    "__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__str__", "__repr__", "__format__", "__hash__",
}:  # fmt: skip
    setattr(Hole, _name, _refuse)


class Fixed(str):
    """A text that is part of the kind: a template may do with it whatever it likes."""

    __slots__ = ()


class Number(NamedTuple):
    """Tells 1 from True where kinds are compared."""

    value: int


class Texts:
    """The texts of a thing, in order. markup: those that are HTML already, by place."""

    __slots__ = ("markup", "texts")

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.markup: dict[int, str] = {}

    def add_markup(self, text: str) -> None:
        self.markup[len(self.texts)] = text
        self.texts.append("")

    def as_html(self) -> list[str]:
        # In one go: that is quicker than all else that is done with them.
        found = escape(BETWEEN.join(self.texts)).split(BETWEEN)
        if len(found) != len(self.texts):
            found = [escape(text) for text in self.texts]
        for place, text in self.markup.items():
            found[place] = text
        return found


@dataclass(frozen=True, slots=True)
class Stencil:
    """What a template says around the texts, and which of them come where."""

    form: str
    chosen: Callable[[list[str]], tuple[str, ...]]

    def filled(self, texts: Texts) -> str:
        return self.form % self.chosen(texts.as_html())


class Here(NamedTuple):
    """What a template's words and addresses go by, beside its values."""

    language: str | None
    prefix: str

    @classmethod
    def now(cls) -> "Here":
        """Slow to find out: for many, once."""
        return cls(get_language(), get_script_prefix())


def filled(template: Template, values: Mapping[str, Any], here: Here | None = None) -> str:
    """What the template says of these values: plain ones, tuples and frozen dataclasses of them.

    It shows texts as they are: it may ask whether there is one, not what it says. All the rest is
    the kind, and each kind has a stencil of its own; so numbers that differ are given as texts.
    """
    texts = Texts()
    kind = _all_taken_apart(values.values(), texts)
    found = _stencil(template, here or Here.now(), tuple(values), kind)
    return found.filled(texts)


def _all_taken_apart(values: Iterable[Any], texts: Texts, *first: Any) -> tuple[Any, ...]:
    """What kinds of things they are, in order; their texts are added to the others."""
    kinds, add = [*first], texts.texts.append
    for value in values:
        if type(value) is str:  # most are, so they cost no call
            if value:
                add(value)
            kinds.append(str if value else "")
        else:
            kinds.append(_taken_apart(value, texts))
    return tuple(kinds)


def _taken_apart(value: Any, texts: Texts) -> Any:
    kind = value.__class__  # of what a lazy object stands for
    if value is None or kind is bool:
        return value
    if kind is tuple:
        return _all_taken_apart(value, texts, tuple)
    inside = values_of(kind)
    if inside is not None:
        return _all_taken_apart(inside(value), texts, kind)
    return _taken_otherwise(value, kind, texts)


def _taken_otherwise(value: Any, kind: type, texts: Texts) -> Any:
    """The same for what is rarer: numbers, lazy texts, markup, and the holes of a stencil around it."""
    if kind is int:
        return Number(value)
    if kind is Fixed:
        return value
    if kind is str or isinstance(value, Promise):
        return _all_taken_apart([str(value)], texts)[0]
    if not (issubclass(kind, str) and hasattr(kind, "__html__")):
        raise TypeError(f"A stencil is not filled with {kind.__name__}: give it texts.")
    if value:
        texts.add_markup(value.__html__())
    return kind if value else ""


@lru_cache(maxsize=MOST_KINDS)
def _stencil(
    template: Template, _here: Here, names: tuple[str, ...], kind: tuple[Any, ...]
) -> Stencil:
    """Cut, and tried with texts that would tell if the template did more than to show them."""

    def said(make: Callable[[type[str], int], str]) -> tuple[str, Texts]:
        numbers, texts = count(), Texts()
        values = [_put_together(one, lambda of: make(of, next(numbers))) for one in kind]
        _all_taken_apart(values, texts)
        return template.render(Context(dict(zip(names, values, strict=True)))), texts

    try:
        found = _cut(said(lambda _of, number: Hole(f"\ue000{number}\ue001"))[0])
    except LookedInto as error:
        raise CannotCut(template.name) from error
    wanted, texts = said(_for_trying)
    if found.filled(texts) != wanted:
        raise CannotCut(template.name)
    return found


def plain(text: str) -> str:
    """A text as anything but a template may have it: of a hole, what stands for it."""
    return text.__html__() if isinstance(text, Hole) else text


def _for_trying(kind: type[str], number: int) -> str:
    text = TRYING.format(number=number)
    return text if issubclass(kind, Hole) else kind(text)


def _put_together(kind: Any, text: Callable[[type[str]], str]) -> Any:
    """A thing of this kind, with other texts."""
    if isinstance(kind, type):
        return text(kind)
    if isinstance(kind, Number):
        return kind.value
    if not isinstance(kind, tuple):
        return kind
    first, *inside = kind
    values = [_put_together(one, text) for one in inside]
    if first is tuple:
        return tuple(values)
    return first(**dict(zip((each.name for each in fields(first)), values, strict=True)))


def _cut(text: str) -> Stencil:
    places = [int(place) for place in MARK.findall(text)]
    form = MARK.sub("%s", text.replace("%", "%%"))
    if len(places) > 1:
        return Stencil(form, itemgetter(*places))
    return Stencil(form, lambda texts: tuple(texts[place] for place in places))
