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


def memberships(product_ids: Iterable[int]) -> dict[int, Membership]:
    """By product id, for every id that was asked for. One query, however many."""
    wanted = set(product_ids)
    if not wanted:
        return {}
    ids = rulebook.kept("categories", lambda: dict(Category.objects.values_list("path", "pk")))
    found = {
        pk: Membership(
            frozenset(ids[step] for step in _chain(path or "") if step in ids),
            frozenset(collections),
            frozenset(choices),
        )
        for pk, path, collections, choices in ROWS.rows(products=sorted(wanted))
    }
    return {pk: found.get(pk, Membership()) for pk in wanted}


def _rows(products: list[int]) -> "QuerySet[Product, Any]":
    entries = CollectionEntry.objects.filter(product=OuterRef("pk"))
    answers = AttributeValue.objects.filter(product=OuterRef("pk"), choice__isnull=False)
    return Product.objects.filter(pk__in=products).values_list(
        "pk",
        "category__path",
        ArraySubquery(entries.values("collection_id")),
        ArraySubquery(answers.values("choice_id")),
    )


ROWS = Prepared(_rows)


def _chain(path: str) -> list[str]:
    """The tree's paths from the root down to this one: each is the beginning of the next."""
    step = Category.steplen
    return [path[:end] for end in range(step, len(path) + 1, step)]
