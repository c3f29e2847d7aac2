"""Cards of made-up products, in SQL: what `catalog.services.cards` would write, at COPY's speed.

Works because these products are plain: one market language, an option with swatches and one
without, no reviews, no measures in their texts. Their digest stays empty.
"""

import json
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from catalog.models import Image, Product
from catalog.queries.documents import impacts_sql
from catalog.queries.pictures import picture_of
from catalog.services.facets import brand_token

AT_ONCE = 10_000
TAG = "made-up"
INSERT = """
insert into catalog_card (
    product_id, market_id, slug, title, note, price_from, price_to, compare_at, image, swatches,
    rating_avg, rating_count, in_stock, is_low, popularity, published_at, categories, facets,
    collections, skus, identifiers, words, search, impacts, digest
)
with fresh as (
    select p.*, c.url_path, (
        select i.file from catalog_image i where i.product_id = p.id order by i.position, i.id limit 1
    ) as file
    from catalog_product p join catalog_category c on c.id = p.category_id
    where p.id between %(first)s and %(last)s and p.tags @> array['made-up']::varchar[]
), stock as (
    select variant_id, sum(greatest(0, on_hand - allocated - safety)) as free, sum(low_at) as low
    from inventory_stockitem group by variant_id
), sold as (
    select v.product_id, r.market_id, min(r.current) as price_from, max(r.current) as price_to,
        (array_agg(r.compare_at order by r.current, v.position, v.id))[1] as compare_at,
        coalesce(bool_or(s.free > 0), false) as in_stock,
        coalesce(bool_and(s.free <= s.low) filter (where s.free > 0), false) as is_low,
        array_agg(upper(v.sku) order by upper(v.sku)) as skus,
        string_agg(v.sku || ' ' || v.mpn, ' ' order by v.position, v.id) as sku_text
    from fresh f
    join catalog_variant v on v.product_id = f.id
    join catalog_price r on r.variant_id = v.id
    left join stock s on s.variant_id = v.id
    group by v.product_id, r.market_id
), chosen as (
    select o.product_id,
        array_agg(lower(o.name || ':' || x.name) order by o.position, x.position) as tokens,
        jsonb_agg(jsonb_build_object('name', x.name, 'tile', x.tile) order by x.position)
            filter (where x.tile <> '') as swatches,
        string_agg(x.name, ', ' order by x.position) filter (where x.tile = '') as others,
        count(*) filter (where x.tile = '') as other_count,
        string_agg(o.name || ' ' || x.name, ' ' order by o.name, x.name) as words
    from fresh f
    join catalog_option o on o.product_id = f.id
    join catalog_optionvalue x on x.option_id = o.id
    group by o.product_id
), shelf as (
    select f.id, array_agg(c.url_path order by c.path) as paths,
        string_agg(c.name, ' ' order by c.path) as names
    from fresh f
    join catalog_category c on c.url_path = f.url_path or f.url_path like c.url_path || '/%%'
    group by f.id
), answered as (
    select v.product_id,
        array_agg(a.code || ':' || lower(c.name) order by t.position) as tokens,
        string_agg(a.name || ' ' || c.name, ' ' order by t.position) as words
    from fresh f
    join catalog_attributevalue v on v.product_id = f.id
    join catalog_attribute a on a.id = v.attribute_id
    join catalog_attributechoice c on c.id = v.choice_id
    join catalog_typeattribute t on t.attribute_id = a.id and t.type_id = f.type_id
    group by v.product_id
), told as (
    select f.id, concat_ws(' ', f.subtitle, f.brand, 'made-up', shelf.names) as text
    from fresh f join shelf on shelf.id = f.id
)
select f.id, s.market_id, f.slug, f.title,
    case when x.other_count between 2 and 4 then x.others else '' end,
    s.price_from, s.price_to, s.compare_at,
    %(pictures)s::jsonb -> f.file || jsonb_build_object('alt', f.title),
    x.swatches, null, 0, s.in_stock, s.is_low, f.popularity, f.published_at, shelf.paths,
    x.tokens || answered.tokens || %(brand)s::text || 'tag:made-up'::text,
    array(
        select l.slug from catalog_collectionentry e join catalog_collection l on l.id = e.collection_id
        where e.product_id = f.id and l.is_active order by l.slug
    ), s.skus,
    array(
        select distinct regexp_replace(lower(sku), '[^a-z0-9]', '', 'g') collate "C"
        from unnest(s.skus) as one(sku) order by 1
    ),
    array(
        select distinct word collate "C"
        from regexp_split_to_table(
            lower(f.title || ' ' || told.text || ' ' || x.words), '[^a-z0-9]+'
        ) as one(word)
        where length(word) >= 3 and word !~ '^[0-9]+$' order by 1
    ),
    document.search, IMPACTS, ''
from fresh f
join sold s on s.product_id = f.id
join chosen x on x.product_id = f.id
join shelf on shelf.id = f.id
join answered on answered.product_id = f.id
join told on told.id = f.id
cross join lateral (
    select setweight(to_tsvector('english', regexp_replace(lower(f.title || ' ' || s.sku_text), '[^a-z0-9]+', ' ', 'g')), 'A')
        || setweight(to_tsvector('english', regexp_replace(lower(told.text), '[^a-z0-9]+', ' ', 'g')), 'B')
        || setweight(to_tsvector('english', regexp_replace(lower(answered.words || ' ' || (
            select string_agg((row ->> 0) || ' ' || (row ->> 1), ' ' order by place)
            from jsonb_array_elements(f.specs) with ordinality as rows(row, place)
        ) || ' ' || x.words), '[^a-z0-9]+', ' ', 'g')), 'C')
        || setweight(to_tsvector('english', regexp_replace(lower(
            regexp_replace(f.description, '<[^>]*>', '', 'g')), '[^a-z0-9]+', ' ', 'g')), 'D') as search
) as document
on conflict (product_id, market_id) do nothing
"""


def build(*, say: Callable[[str], None]) -> None:
    """Write the cards that made-up products lack."""
    ids = Product.objects.filter(tags__contains=[TAG]).order_by("pk").values_list("pk", flat=True)
    first, last = ids.first(), ids.last()
    if first is None or last is None:
        return
    known = {"pictures": json.dumps(_pictures()), "brand": brand_token(settings.SHOP["name"])}
    # The same sum that the shop's own cards are given.
    statement = INSERT.replace("IMPACTS", impacts_sql("document.search"))
    for start in range(first, last + 1, AT_ONCE):
        end = min(last, start + AT_ONCE - 1)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, {**known, "first": start, "last": end})
        say(f"cards of {end - first + 1:,} products")


def _pictures() -> dict[str, dict[str, Any]]:
    """Every file that made-up products show, as pages show it."""
    shown = Image.objects.filter(product__tags__contains=[TAG]).order_by("file").distinct("file")
    return {str(image.file.name): picture_of(image).as_json() for image in shown}
