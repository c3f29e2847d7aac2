"""The words of a market's cards: new ones are noted at once, all are counted now and then."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, transaction

from catalog.models import Market
from catalog.queries.documents import config_for

# The row of no word counts all cards. Stems come along as words that nobody is corrected to:
# `cards` stays 0. Rows go in by word, so that two builders queue up instead of deadlocking.
PATIENCE = "10min"
LEARN = """
with fresh as (
    select search, words from catalog_card where market_id = %(market)s and product_id = any(%(ids)s)
), spelt as (
    select distinct word, (tsvector_to_array(to_tsvector(%(config)s, word)))[1] as stem
    from fresh, unnest(words) as word
), met as (
    select word, stem, 1 as cards from spelt where stem is not null
    union all
    select lexeme, lexeme, 0 from (select distinct lexeme from fresh, unnest(search)) as stems
    where length(lexeme) <= 64
    union all
    select '', '', (select count(*) from catalog_card where market_id = %(market)s)
)
insert into catalog_word (market_id, word, stem, cards, stem_cards)
select %(market)s, word, max(stem), max(cards), greatest(max(cards), 1) from met
group by word order by word
on conflict (market_id, word) do update
    set cards = excluded.cards,
        stem_cards = greatest(catalog_word.stem_cards, excluded.stem_cards)
    where excluded.cards > catalog_word.cards
"""

COUNT = """
with own as (
    select word, count(*) as cards from catalog_card, unnest(words) as word
    where market_id = %(market)s group by word
), spelt as (
    select word, (tsvector_to_array(to_tsvector(%(config)s, word)))[1] as stem, cards from own
), stems as (
    select word as stem, ndoc from ts_stat(%(vectors)s) where length(word) <= 64
), met as (
    select word, stem, cards, coalesce(ndoc, cards) as stem_cards
    from spelt left join stems using (stem) where stem is not null
    union all
    select stem, stem, 0, ndoc from stems
    union all
    select '', '', count(*), count(*) from catalog_card where market_id = %(market)s
), counted as (
    select word, max(stem) as stem, max(cards) as cards, max(stem_cards) as stem_cards
    from met group by word
), gone as (
    delete from catalog_word where market_id = %(market)s
        and not exists (select from counted where counted.word = catalog_word.word)
)
insert into catalog_word (market_id, word, stem, cards, stem_cards)
select %(market)s, word, stem, cards, stem_cards from counted order by word
on conflict (market_id, word) do update
    set stem = excluded.stem, cards = excluded.cards, stem_cards = excluded.stem_cards
    where (catalog_word.stem, catalog_word.cards, catalog_word.stem_cards)
        is distinct from (excluded.stem, excluded.cards, excluded.stem_cards)
"""


def learn(*, product_ids: Iterable[int], markets: Sequence[Market]) -> None:
    """Note the words of these products' cards. Their numbers are true after the next `count`."""
    ids = sorted(product_ids)
    if not ids:
        return
    with connection.cursor() as cursor:
        for market in markets:
            config = config_for(market.language)
            cursor.execute(LEARN, {"market": market.pk, "ids": ids, "config": config})


def count(*, market: Market) -> int:
    """Count every word of a market's cards anew; returns how many rows changed or are new."""
    vectors = f"select search from catalog_card where market_id = {int(market.pk)}"  # noqa: S608 — a number
    values: dict[str, Any] = {
        "market": market.pk,
        "config": config_for(market.language),
        "vectors": vectors,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        # It reads every card: longer than any page may take.
        cursor.execute("set local statement_timeout = %s", [PATIENCE])
        cursor.execute(COUNT, values)
        return int(cursor.rowcount)
