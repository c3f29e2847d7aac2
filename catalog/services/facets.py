"""Facets: the tokens on cards by which lists are narrowed, and how they read."""

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import pairwise

from django.utils.translation import gettext as _

from catalog.models import Attribute, Facet
from catalog.queries.attributes import Answer, measured
from catalog.queries.ingredients import Ingredients, Offered, Value
from shop.lib.text import slugify

TAG, BRAND = "tag", "brand"
# Words that mean something else in a list's address.
TAKEN = frozenset({"q", "page", "sort", "price", "stock", "rating", "category", "v", TAG, BRAND})
OPTION_LIMIT, VALUE_LIMIT, LABEL_LIMIT = 50, 80, 80
# Places: options as their products order them, then attributes, then brands.
FIRST_ATTRIBUTE, PER_ATTRIBUTE, FIRST_BRAND = 1_000_000, 1_000_000, 2_000_000_000
MOST_ATTRIBUTES = 1_000
AGAIN = ("name", "label", "tile", "position")


def tokens(one: Ingredients, sold: Iterable[Offered]) -> list[str]:
    """The tokens of a product: values of the variants sold here, answers, brand, tags."""
    values = sorted(
        {value for item in sold for value in item.values}, key=lambda v: (v.place, v.option, v.name)
    )
    found = [option_token(value) for value in values]
    found += [facet.token for facet in _answered(one.answers)]
    found += [brand_token(one.product.brand), *(tag_token(tag) for tag in one.product.tags)]
    return list(dict.fromkeys(token for token in found if token))


def option_token(value: Value) -> str:
    key, name = slugify(value.option, limit=OPTION_LIMIT), slugify(value.name, limit=VALUE_LIMIT)
    if not key or not name:
        return ""
    return f"option-{key}:{name}" if key in TAKEN else f"{key}:{name}"


def tag_token(tag: str) -> str:
    name = slugify(tag, limit=VALUE_LIMIT)
    return f"{TAG}:{name}" if name else ""


def brand_token(brand: str) -> str:
    name = slugify(brand, limit=VALUE_LIMIT)
    return f"{BRAND}:{name}" if name else ""


def attribute_facet(answer: Answer) -> Facet:
    """How an answer narrows lists. Its token is empty when nothing of it fits an address."""
    slug, label, place = _value(answer)
    key = f"attribute-{answer.code}" if answer.code in TAKEN else answer.code
    position = min(answer.position, MOST_ATTRIBUTES) * PER_ATTRIBUTE + FIRST_ATTRIBUTE
    return Facet(
        token=f"{key}:{slug}" if slug else "",
        name=answer.name,
        label=label[:LABEL_LIMIT],
        position=position + max(0, min(place, PER_ATTRIBUTE - 1)),
    )


def learn(products: Iterable[Ingredients]) -> None:
    """Remember how the tokens of these products read.

    Of options, brands and tags the first spelling stays, a swatch may follow; attributes have one
    place where they are named, and follow it.
    """
    met: dict[str, Facet] = {}
    named: dict[str, Facet] = {}
    for one in products:
        named |= {facet.token: facet for facet in _answered(one.answers)}
        for facet in _seen(one):
            if facet.token not in met or (facet.tile and not met[facet.token].tile):
                met[facet.token] = facet
    met.pop("", None)
    known = {facet.token: facet for facet in Facet.objects.filter(token__in=[*met, *named])}
    news = [facet for token, facet in met.items() if token not in known and token not in named]
    for token, facet in met.items():
        if token in known and facet.tile and not known[token].tile:
            known[token].tile = facet.tile
            news.append(known[token])
    news += [facet for token, facet in named.items() if not _is_same(facet, known.get(token))]
    news.sort(key=lambda facet: facet.token)
    for facet in news:
        facet.pk = None
    Facet.objects.bulk_create(
        news, update_conflicts=True, unique_fields=["token"], update_fields=AGAIN
    )


def _is_same(facet: Facet, known: Facet | None) -> bool:
    return known is not None and all(getattr(facet, name) == getattr(known, name) for name in AGAIN)


def _answered(answers: Iterable[Answer]) -> Iterator[Facet]:
    facets = (attribute_facet(answer) for answer in answers if answer.is_facet)
    return (facet for facet in facets if facet.token)


def _value(answer: Answer) -> tuple[str, str, int]:
    """Slug, label and place of an answer among the other answers."""
    value = answer.value
    if isinstance(value, bool):
        return ("yes", answer.said, 0) if value else ("no", answer.said, 1)
    if isinstance(value, Decimal):
        return _range(answer, value) if answer.steps else _figure(answer, value)
    if isinstance(value, dt.date):
        return f"{value.year:04}", f"{value.year}", value.year
    text = value if answer.kind == Attribute.Kind.CHOICE else value.casefold()
    return slugify(text, limit=VALUE_LIMIT), value, answer.place


def _figure(answer: Answer, value: Decimal) -> tuple[str, str, int]:
    return _slug(value), answer.said, int(value)


def _range(answer: Answer, value: Decimal) -> tuple[str, str, int]:
    """Which of the ranges between the steps a number falls into; a range includes where it begins."""
    steps, unit = answer.steps, answer.unit
    if value < steps[0]:
        label = _("Under %(to)s") % {"to": measured(steps[0], unit)}
        return f"under-{_slug(steps[0])}", label, 0
    for place, (low, high) in enumerate(pairwise(steps), 1):
        if value < high:
            words = {"from": measured(low, ""), "to": measured(high, unit)}
            return f"{_slug(low)}-{_slug(high)}", _("%(from)s to %(to)s") % words, place
    label = _("%(from)s and over") % {"from": measured(steps[-1], unit)}
    return f"over-{_slug(steps[-1])}", label, len(steps)


def _slug(number: Decimal) -> str:
    """ "2_5" for 2.5, "m3" for -3: a number in the letters of an address."""
    return f"{number.normalize():f}".replace("-", "m").replace(".", "_")


def _seen(one: Ingredients) -> Iterator[Facet]:
    for variant in one.variants:
        for value in variant.values:
            yield Facet(
                token=option_token(value),
                name=value.option,
                label=value.name,
                tile=value.tile,
                position=min(value.place[0], 99) * 1000 + min(value.place[1], 999),
            )
    brand, tags = one.product.brand, one.product.tags
    yield Facet(
        token=brand_token(brand), name=_("Brand"), label=brand[:LABEL_LIMIT], position=FIRST_BRAND
    )
    for tag in tags:
        yield Facet(token=tag_token(tag), name=TAG, label=tag.replace("-", " ").capitalize())
