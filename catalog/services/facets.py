"""Facets: the tokens on cards by which lists are narrowed, and how they read."""

from collections.abc import Iterable

from catalog.models import Facet
from catalog.queries.ingredients import Ingredients, Value
from shop.lib.text import slugify

# Words that mean something else in a list's address.
TAKEN = frozenset({"q", "page", "sort", "price", "stock", "rating", "category", "v", "tag"})
TAG = "tag"
OPTION_LIMIT, VALUE_LIMIT = 50, 80


def tokens(values: Iterable[Value], tags: Iterable[str]) -> list[str]:
    """The tokens of a product: its option values and its tags."""
    found = [token for value in values if (token := option_token(value))]
    found += [token for tag in tags if (token := tag_token(tag))]
    return list(dict.fromkeys(found))


def option_token(value: Value) -> str:
    key, name = slugify(value.option, limit=OPTION_LIMIT), slugify(value.name, limit=VALUE_LIMIT)
    if not key or not name:
        return ""
    return f"option-{key}:{name}" if key in TAKEN else f"{key}:{name}"


def tag_token(tag: str) -> str:
    name = slugify(tag, limit=VALUE_LIMIT)
    return f"{TAG}:{name}" if name else ""


def learn(products: Iterable[Ingredients]) -> None:
    """Remember how the tokens of these products read: the first spelling stays, a swatch may follow."""
    met: dict[str, Facet] = {}
    for facet in (facet for one in products for facet in _facets(one) if facet.token):
        if facet.token not in met or (facet.tile and not met[facet.token].tile):
            met[facet.token] = facet
    known = dict(Facet.objects.filter(token__in=met).values_list("token", "tile"))
    news = [
        facet
        for token, facet in sorted(met.items())
        if token not in known or (facet.tile and not known[token])
    ]
    Facet.objects.bulk_create(
        news, update_conflicts=True, unique_fields=["token"], update_fields=["tile"]
    )


def _facets(one: Ingredients) -> Iterable[Facet]:
    for variant in one.variants:
        for value in variant.values:
            yield Facet(
                token=option_token(value),
                name=value.option,
                label=value.name,
                tile=value.tile,
                position=min(value.place[0], 99) * 1000 + min(value.place[1], 999),
            )
    for tag in one.product.tags:
        yield Facet(token=tag_token(tag), name=TAG, label=tag.replace("-", " ").capitalize())
