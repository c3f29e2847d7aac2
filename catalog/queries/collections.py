"""Collections as pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.expressions import OrderBy
from django.utils.translation import gettext as _

from catalog.models import Card, Collection, CollectionEntry, Market
from catalog.queries.cards import MOST_POPULAR
from catalog.queries.listing import Shelf
from catalog.queries.pictures import shelf_picture
from catalog.queries.shelves import About, Tile
from shop.lib.parts import kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown(About):
    """A collection as its page shows it. is_arranged: by hand, in an order that somebody chose."""

    pk: int
    slug: str
    is_arranged: bool


def shown() -> QuerySet[Collection]:
    return Collection.objects.filter(is_active=True).order_by("title", "pk")


def tiles() -> list[Tile]:
    """Every collection with a page. One query."""
    return [Tile(one.title, one.get_absolute_url(), shelf_picture(one.image)) for one in shown()]


def collection(slug: str, market: Market) -> Shown | None:
    """The collection of this address; None where there is none. Kept with the pages."""
    return kept(f"collection:{market.pk}:{slug}", lambda: _read(slug))


def _read(slug: str) -> Shown | None:
    found = shown().filter(slug=slug).first()
    if found is None:
        return None
    return Shown(
        pk=found.pk,
        name=found.title,
        url=found.get_absolute_url(),
        description=found.description,
        meta_title=found.meta_title,
        meta_description=found.meta_description,
        picture_url=found.image.url if found.image else "",
        slug=found.slug,
        is_arranged=found.kind == Collection.Kind.MANUAL,
    )


def shelf_of(collection: Shown, market: Market) -> Shelf:
    """The collection's list: in the order it was arranged in by hand, else best selling first."""
    best: Sequence[str | OrderBy] = MOST_POPULAR
    if collection.is_arranged:
        entries = CollectionEntry.objects.filter(
            collection=collection.pk, product=OuterRef("product")
        )
        best = (Subquery(entries.values("position")[:1]).asc(), "pk")
    return Shelf(
        cards=Card.objects.in_market(market).filter(collections__contains=[collection.slug]),
        market=market,
        url=collection.url,
        keep_as=f"collection:{collection.slug}",
        best=best,
        best_label=_("Our choice") if collection.is_arranged else "",
    )
