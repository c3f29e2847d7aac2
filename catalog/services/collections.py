"""Collections: which products are in them, by hand or by rules."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F

from catalog.models import Card, Collection, CollectionEntry
from catalog.services.collection_rules import Ground, matching

AT_ONCE = 2_000


@transaction.atomic
def arrange(*, collection: Collection, product_ids: Sequence[int]) -> set[int]:
    """Put these products into a collection, in this order, and nothing else.

    Returns the ids of the products whose cards are wrong now.
    """
    _write(collection, list(dict.fromkeys(product_ids)))
    return stale(collection)


@transaction.atomic
def refresh(*, collection: Collection, ground: Ground) -> set[int]:
    """Let a collection hold what its rules say now; one chosen by hand stays as it is.

    Returns the ids of the products whose cards are wrong now. Raises BadRules.
    """
    if collection.kind == Collection.Kind.RULES:
        found = matching(collection.rules, match_all=collection.match_all, ground=ground)
        wanted = found.order_by(F("popularity").desc(), "pk").values_list("pk", flat=True)
        _write(collection, list(wanted))
    Collection.objects.filter(pk=collection.pk).update(refreshed_at=ground.now)
    return stale(collection)


def stale(collection: Collection) -> set[int]:
    """Products whose cards say otherwise about this collection. Two queries."""
    marked = Card.objects.filter(collections__contains=[collection.slug])
    if not collection.is_active:
        return set(marked.values_list("product_id", flat=True))
    held = CollectionEntry.objects.filter(collection=collection)
    shown = Card.objects.filter(product__in=held.values("product"))
    unmarked = shown.exclude(collections__contains=[collection.slug])
    wrong = marked.exclude(product__in=held.values("product"))
    return {
        *unmarked.values_list("product_id", flat=True),
        *wrong.values_list("product_id", flat=True),
    }


def left_behind() -> set[int]:
    """Products whose cards name a collection that is gone, hidden or has another address now."""
    shown = list(Collection.objects.filter(is_active=True).values_list("slug", flat=True))
    cards = Card.objects.exclude(collections__contained_by=shown)
    return set(cards.values_list("product_id", flat=True))


def _write(collection: Collection, wanted: Sequence[int]) -> None:
    """Bring the entries to this order by as few changes as it takes."""
    places = {product_id: place for place, product_id in enumerate(wanted)}
    entries = CollectionEntry.objects.filter(collection=collection)
    known = {entry.product_id: entry for entry in entries}
    gone = [entry.pk for product_id, entry in known.items() if product_id not in places]
    moved = [
        entry
        for product_id, entry in known.items()
        if product_id in places and entry.position != places[product_id]
    ]
    for entry in moved:
        entry.position = places[entry.product_id]
    entries.filter(pk__in=gone).delete()
    CollectionEntry.objects.bulk_update(moved, ["position"], batch_size=AT_ONCE)
    CollectionEntry.objects.bulk_create(
        [
            CollectionEntry(collection=collection, product_id=product_id, position=place)
            for product_id, place in places.items()
            if product_id not in known
        ],
        batch_size=AT_ONCE,
    )
