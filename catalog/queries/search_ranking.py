"""Which cards fit a query, best first. One query, whose work does not grow with the catalogue.

All words must be there. Those with all of them in the title are fetched first, of very many the most
popular alone, the others only when that leaves room. Only when there are few cards, a second query
brings near ones: with the most telling word and another, or with all others; with that word alone
when there is nothing else.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any

from django.db import connection
from psycopg.types.numeric import Int8

from catalog.models import Market
from catalog.queries.search_depth import popularity_of_first
from catalog.queries.search_language import Run
from catalog.queries.search_terms import Term, Terms
from catalog.queries.tallies import Columns
from shop.lib import statements

# Cards that are looked at, of each kind, and listed, at most; fewer than ENOUGH bring near ones in.
# The most popular with a common word are reached by walking all cards in that order: the commoner a
# word, the shorter the walk. Of how many cards have a word in the title nothing is known: up to
# COMMON cards with it anywhere they are looked up, else the planner has its choice.
MOST, ENOUGH, COMMON = 500, 10, 10_000
# Of more cards than that the most popular in stock are fetched first, so many times as are needed: not
# all have the words in their titles.
MANY, SPARE = 3_000, 2
# BM25's saturation, and what a form that was not typed counts.
SATURATION, OTHER_FORM = 1.2, 0.6
FEW = 5
POPULARITY = 0.03
# To unpack the impacts of a card once is dearer than to look two words up in packed ones.
WORTH_UNPACKING = 3
# As the indexes card_found and card_named have it; WALK can use neither.
INDEXED = """
    ({} || array_to_tsvector(array['@' || market_id::text]))
        @@ ({{words}}::tsquery && ('@' || %(market)s)::tsquery)"""
ANYWHERE = INDEXED.format("search")
IN_TITLE = INDEXED.format("ts_filter(search, '{{a}}')")
LOVED = "market_id = %(market)s and in_stock and popularity >= {}"
WALK = "market_id = %(market)s and search @@ {words}::tsquery"
WALK_OR_TITLE = f"market_id = %(market)s and {IN_TITLE}"
# What a card is weighed by is worked out of the cards fetched alone, where they lie: only their
# places on the disk are put in order, not the long rows.
FETCH = """(
    select id, in_stock, popularity, slug, facets, price_from, rating_avg,
        categories[1] as shelf, id in (select id from meant) as is_it,
        {names_it} as names_it, {weights}
    from (
        select *, {impacts} as known from catalog_card where ctid = any(array(
            select ctid from catalog_card where {conditions} order by {order} limit {most}
        ))
    ) as card
)"""
# As the index card_popular has it, for those who walk it; else as one number, which sorts sooner.
AS_WALKED = "in_stock desc, popularity desc, id"
AS_NUMBER = "((in_stock::int::bigint << 32) + popularity) desc, id"
ALL, COUNT, NOT_IN = (
    "select * from {}",
    "(select count(*) from {})",
    "id not in (select id from {})",
)
# The cards with this number are few, and found by an index of their own.
MEANT = """(
    select id from catalog_card
    where market_id = %(market)s and identifiers @> array[%(identifier)s::varchar]
)"""
SCORED = """
with meant as materialized {meant},
{fetched},
scored as (
    select *, {whole} as whole, ({covered}) / %(total)s::float8 as covered, ({score}) as score
    from ({pool}) as pool
)
select {wanted} from scored
-- One number for the classes: rows are compared by few keys, which counts with hundreds of them.
order by (8 * is_it::int + 4 * whole::int + 2 * (names_it and whole)::int + in_stock::int) desc,
    score * covered * covered * (1 + {liking} * ln(1 + popularity)) desc, popularity desc, id
limit {most}
"""
WANTED = """
    whole or is_it, case when is_it then slug end, coalesce(shelf, ''),
    id, array_to_string(facets, ' '), (price_from * 1000)::bigint, in_stock,
    coalesce(floor(rating_avg)::int, 0)"""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Cards, best first. whole: how many have all words; slugs: of those with this number.

    shelves: the first of each card's.
    """

    cards: Columns = field(default_factory=Columns)
    whole: int = 0
    slugs: tuple[str, ...] = ()
    shelves: tuple[str, ...] = ()

    @property
    def ids(self) -> tuple[int, ...]:
        return self.cards.ids


@dataclass
class _Sql:
    """Parts of a statement and the values they name. most: cards of a kind, at most."""

    most: int
    values: dict[str, Any] = field(default_factory=dict)
    worked_out: dict[str, str] = field(default_factory=dict)
    fetched: dict[str, str] = field(default_factory=dict)

    def value(self, value: object) -> str:
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f"%({name})s"

    def fetch(self, name: str, *conditions: str, order: str = AS_NUMBER, most: str = "") -> None:
        """Cards that were not fetched before, the most popular first. most: as SQL, if not the usual."""
        new = [NOT_IN.format(before) for before in self.fetched]
        found = FETCH.format(
            conditions=" and ".join([*conditions, *new]),
            order=order,
            most=most or self.most,
            **self.worked_out,
        )
        self.fetched[name] = f"{name} as materialized {found}"

    def room(self, most: int | None = None) -> str:
        """The condition that fewer were fetched so far, if any were looked for."""
        return f"{self._count()} < {most or self.most}"

    def left(self) -> str:
        """How many were not fetched so far."""
        return f"greatest(0, {self.most} - ({self._count()}))"

    def _count(self) -> str:
        return " + ".join(map(COUNT.format, self.fetched)) or "0"


def rank(terms: Terms, market: Market, *, few: bool = False) -> Ranked:
    """The best cards for these terms. One query, two when it finds little, or none for nothing.

    few: only the first ones matter, so that a shorter look will do.
    """
    if not terms.terms and not terms.identifier:
        return Ranked()
    most = MOST // FEW if few else MOST
    is_planned = not (_is_many(terms, most) or _is_common(terms) or _is_walk_short(terms, most))
    rows = _rows(*_statement(terms, market, most=most), is_planned=is_planned)
    if len(rows) < ENOUGH and len(terms.terms) > 1 and any(one.is_known for one in terms.terms):
        rows = _rows(*_statement(terms, market, most=most, is_wide=True), is_planned=is_planned)
    if not rows:
        return Ranked()
    are_whole, slugs, shelves, *columns = zip(*rows, strict=True)
    return Ranked(Columns(*columns), sum(are_whole), tuple(filter(None, slugs)), shelves)


def _rows(statement: str, values: dict[str, Any], *, is_planned: bool) -> list[tuple[Any, ...]]:
    """is_planned: the server keeps the statement, planned once; cards that may be walked to are better
    reached by a plan that knows the words."""
    if is_planned:
        return statements.run(connection, statement, values)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _is_walk_short(terms: Terms, most: int) -> bool:
    """Whether so many cards have the words that walking all in their order soon meets enough."""
    return most * terms.everything < _cards(terms) ** 2


def _is_common(terms: Terms) -> bool:
    return _cards(terms) > COMMON


def _is_many(terms: Terms, most: int) -> bool:
    """Whether to begin with the most popular; not for a short look."""
    return most >= MOST and _likely(terms) > MANY


def _likely(terms: Terms) -> float:
    """How many cards have all of the words if none of them keeps company with another."""
    if not terms.terms:
        return 0
    every = max(1, terms.everything)
    return every * prod(min(1.0, term.cards / every) for term in terms.terms)


def _cards(terms: Terms) -> int:
    """How many cards have all of the words, at most."""
    return min((term.cards for term in terms.terms), default=0)


def _statement(
    terms: Terms, market: Market, *, most: int, is_wide: bool = False
) -> tuple[str, dict[str, Any]]:
    sql, found = _Sql(most=most), terms.terms
    stems = {stem for term in found for form in term.forms for stem in form}
    sql.worked_out = {
        "impacts": "impacts || '{}'::jsonb" if len(stems) >= WORTH_UNPACKING else "impacts",
        "names_it": "identifiers && %(windows)s::varchar[]" if terms.windows else "false",
        "weights": ", ".join([*_weights(sql, found), "null"]),
    }
    _fetch(sql, terms, is_wide=is_wide)
    rarities = [sql.value(term.rarity) + "::float8" for term in found]
    statement = SCORED.format(
        meant=MEANT,
        fetched=",\n".join(sql.fetched.values()),
        pool=" union all ".join(map(ALL.format, sql.fetched)),
        whole=" and ".join([f"w{i} > 0" for i, _ in enumerate(found)]) or "false",
        covered=_sum(f"(w{i} > 0)::int * {rarity}" for i, rarity in enumerate(rarities)),
        score=_sum(f"{rarity} * w{i} / (w{i} + {SATURATION})" for i, rarity in enumerate(rarities)),
        wanted=WANTED,
        liking=POPULARITY,
        most=most,
    )
    return statement, sql.values | {
        "market": Int8(market.pk),
        "identifier": terms.identifier,
        "windows": list(terms.windows),
        "total": sum(term.rarity for term in found) or 1.0,
    }


def _fetch(sql: _Sql, terms: Terms, *, is_wide: bool) -> None:
    """The cards to choose from, by how they were found."""
    found = terms.terms
    if found:
        all_words = " & ".join(map(_any_form, found))
        is_walk_short = _is_walk_short(terms, sql.most)
        among, order = (WALK, AS_WALKED) if is_walk_short else (ANYWHERE, AS_NUMBER)
        title, title_order = (
            (WALK_OR_TITLE, AS_WALKED) if _is_common(terms) else (IN_TITLE, AS_NUMBER)
        )
        if loved := _loved(sql, terms):
            sql.fetch("loved", _with(sql, all_words, IN_TITLE, terms), loved)
        left = sql.left() if loved else ""
        sql.fetch("named", _with(sql, all_words, title, terms), order=title_order, most=left)
        sql.fetch("others", _with(sql, all_words, among, terms), sql.room(), order=order)
    if found and is_wide:
        sql.fetch("near", _with(sql, _nearly(found), ANYWHERE, terms), sql.room(ENOUGH))
        sql.fetch("far", _with(sql, _telling(found), ANYWHERE, terms), sql.room(1))
    if terms.identifier:
        sql.fetch("numbered", "id in (select id from meant)")


def _loved(sql: _Sql, terms: Terms) -> str:
    """The condition for the most popular of many cards; empty where it is not worth it, or all are alike."""
    if not _is_many(terms, sql.most):
        return ""
    least = popularity_of_first(SPARE * sql.most / _likely(terms))
    return "" if least is None else LOVED.format(sql.value(least))


def _with(sql: _Sql, words: str, where: str, terms: Terms) -> str:
    """The condition for cards of the market that have these words there, and no unwanted one."""
    unwanted = " | ".join(map(_quoted, terms.unwanted))
    without = f" and not search @@ {sql.value(unwanted)}::tsquery" if unwanted else ""
    return where.format(words=sql.value(words)) + without


def _by_rarity(terms: Sequence[Term]) -> list[Term]:
    """The terms that some card has, the most telling one first."""
    return sorted((one for one in terms if one.is_known), key=lambda t: t.rarity, reverse=True)


def _nearly(terms: Sequence[Term]) -> str:
    """The most telling word with any other, or all the others; of two, the more telling one."""
    found = list(map(_any_form, _by_rarity(terms)))
    if len(found) < 3:
        return next(iter(found), "")
    first, others = found[0], found[1:]
    return f"{first} & ({' | '.join(others)}) | ({' & '.join(others)})"


def _telling(terms: Sequence[Term]) -> str:
    return next(map(_any_form, _by_rarity(terms)), "")


def _weights(sql: _Sql, terms: Sequence[Term]) -> Iterator[str]:
    """How much a card is about each term: its best form."""
    for place, term in enumerate(terms):
        forms = [
            f"{1 if n == 0 else OTHER_FORM} * {_weight(sql, form)}"
            for n, form in enumerate(term.forms)
        ]
        yield f"greatest({', '.join(forms)}) as w{place}"


def _weight(sql: _Sql, form: Run) -> str:
    stems = [f"coalesce((known->{sql.value(stem)}::text)::float8, 0)" for stem in form]
    return stems[0] if len(stems) == 1 else f"least({', '.join(stems)})"


def _sum(parts: Iterator[str]) -> str:
    return " + ".join(parts) or "0::float8"


def _any_form(term: Term) -> str:
    runs = [" <-> ".join(map(_quoted, form)) for form in term.forms]
    return "(" + " | ".join(f"({run})" for run in runs) + ")"


def _quoted(stem: str) -> str:
    escaped = stem.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
