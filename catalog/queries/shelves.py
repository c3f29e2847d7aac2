"""The tree of categories as pages show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import F, IntegerField, Value

from catalog.models import Category, Collection, Market
from catalog.queries.ingredients import ancestry
from catalog.queries.pictures import Picture, shelf_picture
from shop.lib import rulebook
from shop.lib.addresses import address_of
from shop.lib.parts import kept

Crumb = tuple[str, str]
COLLECTION = 9


@dataclass(frozen=True, slots=True)
class Tile:
    """A shelf with its picture."""

    name: str
    url: str
    picture: Picture | None


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a page with a list says about itself."""

    name: str
    url: str
    description: str
    meta_title: str
    meta_description: str
    picture_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place(About):
    """A shelf as its page shows it. lineage: the shelves from the root down to it."""

    url_path: str
    lineage: tuple[Crumb, ...]
    children: tuple[Tile, ...]


def tile_of(category: Category) -> Tile:
    return Tile(category.name, category.get_absolute_url(), shelf_picture(category.image))


def roots() -> list[Category]:
    return list(Category.objects.filter(depth=1).order_by("path"))


def children(category: Category) -> list[Category]:
    return list(Category.objects.get_children(category))


def place(url_path: str, market: Market) -> Place | None:
    """The shelf of this address, with its own; None where there is none. Kept with the pages."""
    return kept(f"place:{market.pk}:{url_path}", lambda: _read_place(url_path))


def _read_place(url_path: str) -> Place | None:
    found = lineage(url_path)
    if not found:
        return None
    here = found[-1]
    return Place(
        name=here.name,
        url=here.get_absolute_url(),
        url_path=here.url_path,
        description=here.description,
        meta_title=here.meta_title,
        meta_description=here.meta_description,
        picture_url=here.image.url if here.image else "",
        lineage=links(found),
        children=tuple(tile_of(child) for child in children(here)),
    )


def above(category: Category | None) -> tuple[Crumb, ...]:
    """The shelves from the root down to this one. No query: the whole tree is kept."""
    tree = the_tree()
    chain = [tree[path] for path in _chain(category) if path in tree]
    return tuple((one.name, address_of("catalog:category", one.url_path)) for one in chain)


def ids_above(category: Category | None) -> frozenset[int]:
    """The ids of the same."""
    tree = the_tree()
    return frozenset(tree[path].pk for path in _chain(category) if path in tree)


class Shelf(NamedTuple):
    pk: int
    name: str
    url_path: str


def the_tree() -> dict[str, Shelf]:
    """Every shelf by its path in the tree, kept until one is changed."""
    return rulebook.kept("shelves", _read_tree)


def _read_tree() -> dict[str, Shelf]:
    rows = Category.objects.values_list("path", "pk", "name", "url_path")
    return {path: Shelf(*row) for path, *row in rows}


def _chain(category: Category | None) -> list[str]:
    path, step = category.path if category else "", Category.steplen
    return [path[:end] for end in range(step, len(path) + 1, step)]


def siblings(url_path: str) -> list[Category]:
    """The other shelves below the same one. Two queries."""
    category = Category.objects.get(url_path=url_path)
    beside = Category.objects.filter(
        depth=category.depth, path__startswith=category.path[: -category.steplen]
    )
    return list(beside.exclude(pk=category.pk).order_by("path"))


def upper_levels_and_collections() -> list[tuple[int, str, str, str]]:
    """Roots with the shelves below each, then the shown collections: (level, order, name, address).

    One query. The level of collections is COLLECTION.
    """
    shelves = Category.objects.filter(depth__lte=2).order_by()
    collections = Collection.objects.filter(is_active=True).order_by()
    level = Value(COLLECTION, output_field=IntegerField())
    rows = shelves.values_list(F("depth"), F("path"), F("name"), F("url_path")).union(
        collections.values_list(level, F("title"), F("title"), F("slug")), all=True
    )
    return sorted(rows, key=lambda row: (row[0] == COLLECTION, row[1]))


def lineage(url_path: str) -> list[Category]:
    """The shelf of this address and those above it, from the root down. Empty when unknown."""
    found = list(Category.objects.filter(url_path__in=ancestry(url_path)).order_by("depth"))
    return found if found and found[-1].url_path == url_path else []


def crumbs(shelves: Sequence[Category], *, home: str) -> list[Crumb]:
    """(name, address) from the shop front to the last of these shelves."""
    return [(home, address_of("catalog:home")), *links(shelves)]


def links(shelves: Sequence[Category]) -> tuple[Crumb, ...]:
    return tuple((shelf.name, shelf.get_absolute_url()) for shelf in shelves)
