"""The demo shop's collections."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import connection

from catalog.models import Collection, Product
from catalog.services import collections
from catalog.services.collection_rules import check
from shop.demo.seeding.goods import Picture
from shop.demo.seeding.places import read
from shop.processes import assortment

# All cards at once: made anew one by one, those of a large shop would take minutes.
MARK = """
with held as (
    select e.product_id, array_agg(c.slug order by c.slug) as slugs
    from catalog_collectionentry e join catalog_collection c on c.id = e.collection_id
    where c.is_active group by e.product_id
)
update catalog_card card set collections = held.slugs
from held where held.product_id = card.product_id and card.collections <> held.slugs
"""


def fill(placed: Mapping[str, Picture]) -> int:
    """Write the collections and what was chosen by hand. Returns how many there are."""
    products = dict(Product.objects.values_list("slug", "pk"))
    told = read("collections.toml")["collections"]
    for one in told:
        collection = Collection.objects.create(**_fields(one, placed))
        if collection.kind == Collection.Kind.RULES:
            check(collection.rules)
        else:
            collections.arrange(
                collection=collection, product_ids=[products[slug] for slug in one["products"]]
            )
    return len(told)


def settle(*, now: dt.datetime) -> None:
    """Let the collections by rules hold what they say, and write all collections on the cards."""
    for collection in Collection.objects.order_by("pk"):
        collections.refresh(collection=collection, ground=assortment.ground_at(now))
    with connection.cursor() as cursor:
        cursor.execute(MARK)


def _fields(told: Mapping[str, Any], placed: Mapping[str, Picture]) -> dict[str, Any]:
    picture = placed.get(told["image"])
    return {
        "title": told["title"],
        "slug": told["slug"],
        "description": told["description"],
        "meta_description": told["meta"],
        "image": picture.name if picture else "",
        "kind": Collection.Kind.RULES if "rules" in told else Collection.Kind.MANUAL,
        "rules": told.get("rules", []),
    }
