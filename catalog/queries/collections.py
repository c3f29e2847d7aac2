"""Collections as pages show them."""

from collections.abc import Sequence

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.expressions import OrderBy
from django.utils.translation import gettext as _

from catalog.models import Card, Collection, CollectionEntry, Market
from catalog.queries.cards import MOST_POPULAR
from catalog.queries.listing import Shelf
from catalog.queries.pictures import shelf_picture
from catalog.queries.shelves import Tile


def shown() -> QuerySet[Collection]:
    return Collection.objects.filter(is_active=True).order_by("title", "pk")


def tiles() -> list[Tile]:
    """Every collection with a page. One query."""
    return [Tile(one.title, one.get_absolute_url(), shelf_picture(one.image)) for one in shown()]


def shelf_of(collection: Collection, market: Market) -> Shelf:
    """The collection's list: in the order it was arranged in by hand, else best selling first."""
    best: Sequence[str | OrderBy] = MOST_POPULAR
    is_arranged = collection.kind == Collection.Kind.MANUAL
    if is_arranged:
        entries = CollectionEntry.objects.filter(collection=collection, product=OuterRef("product"))
        best = (Subquery(entries.values("position")[:1]).asc(), "pk")
    return Shelf(
        cards=Card.objects.in_market(market).filter(collections__contains=[collection.slug]),
        market=market,
        url=collection.get_absolute_url(),
        keep_as=f"collection:{collection.slug}",
        best=best,
        best_label=_("Our choice") if is_arranged else "",
    )
