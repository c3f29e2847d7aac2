"""Where products belong: what promotions and price lists may ask of a line."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from catalog.models import AttributeValue, Category, CollectionEntry, Product


@dataclass(frozen=True, slots=True)
class Membership:
    """Ids. categories: the product's own and everything above; choices: its answers."""

    categories: frozenset[int] = frozenset()
    collections: frozenset[int] = frozenset()
    choices: frozenset[int] = frozenset()


def memberships(product_ids: Iterable[int]) -> dict[int, Membership]:
    """By product id, for every id that was asked for. Four queries, however many."""
    wanted = set(product_ids)
    if not wanted:
        return {}
    categories = _categories(wanted)
    collections = _grouped(
        CollectionEntry.objects.filter(product__in=wanted).values_list("product", "collection")
    )
    choices = _grouped(
        AttributeValue.objects.filter(product__in=wanted, choice__isnull=False).values_list(
            "product", "choice"
        )
    )
    return {
        pk: Membership(
            categories.get(pk, frozenset()), frozenset(collections[pk]), frozenset(choices[pk])
        )
        for pk in wanted
    }


def _categories(product_ids: set[int]) -> dict[int, frozenset[int]]:
    rows = Product.objects.filter(pk__in=product_ids).exclude(category=None)
    chains = {pk: _chain(path) for pk, path in rows.values_list("pk", "category__path")}
    paths = {path for chain in chains.values() for path in chain}
    ids = dict(Category.objects.filter(path__in=paths).values_list("path", "pk"))
    return {
        pk: frozenset(ids[path] for path in chain if path in ids) for pk, chain in chains.items()
    }


def _chain(path: str) -> list[str]:
    """The tree's paths from the root down to this one: each is the beginning of the next."""
    step = Category.steplen
    return [path[:end] for end in range(step, len(path) + 1, step)]


def _grouped(pairs: Iterable[tuple[int, int]]) -> defaultdict[int, set[int]]:
    found: defaultdict[int, set[int]] = defaultdict(set)
    for product_id, other_id in pairs:
        found[product_id].add(other_id)
    return found
