"""Where products belong: what promotions and price lists may ask of a line."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet

from catalog.models import AttributeValue, Category, CollectionEntry, Product
from shop.lib import rulebook
from shop.lib.prepared import Prepared


@dataclass(frozen=True, slots=True)
class Membership:
    """Ids. categories: the product's own and everything above; choices: its answers."""

    categories: frozenset[int] = frozenset()
    collections: frozenset[int] = frozenset()
    choices: frozenset[int] = frozenset()


@rulebook.one_moment()
def memberships(product_ids: Iterable[int]) -> dict[int, Membership]:
    """By product id, for every id that was asked for. One query, however many."""
    wanted = set(product_ids)
    if not wanted:
        return {}
    found = {pk: belonging(*told) for pk, *told in ROWS.rows(products=sorted(wanted))}
    return {pk: found.get(pk, Membership()) for pk in wanted}


def belonging(path: str | None, collections: Iterable[int], choices: Iterable[int]) -> Membership:
    """The membership of a product of which these were read. path: of its category."""
    ids = rulebook.kept("categories", lambda: dict(Category.objects.values_list("path", "pk")))
    return Membership(
        frozenset(ids[step] for step in _chain(path or "") if step in ids),
        frozenset(collections),
        frozenset(choices),
    )


def read_with(product: str) -> dict[str, Any]:
    """What belonging() asks for, to be read with other rows. product: the way to it."""
    entries = CollectionEntry.objects.filter(product=OuterRef(product))
    answers = AttributeValue.objects.filter(product=OuterRef(product), choice__isnull=False)
    return {
        "collections": ArraySubquery(entries.values("collection_id")),
        "choices": ArraySubquery(answers.values("choice_id")),
    }


def _rows(products: list[int]) -> "QuerySet[Product, Any]":
    return Product.objects.filter(pk__in=products).values_list(
        "pk", "category__path", *read_with("pk").values()
    )


ROWS = Prepared(_rows)


def _chain(path: str) -> list[str]:
    """The tree's paths from the root down to this one: each is the beginning of the next."""
    step = Category.steplen
    return [path[:end] for end in range(step, len(path) + 1, step)]
