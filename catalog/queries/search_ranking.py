"""Which cards fit a query, best first. One query, whose work does not grow with the catalogue.

All words must be there. Only when that leaves few cards, near ones follow: with the most telling
word and another, or with all others; with that word alone when there is nothing else. Of very many,
the ones with all words in the title are looked at, too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from catalog.models import Market
from catalog.queries.search_language import Run
from catalog.queries.search_terms import Term, Terms

# Cards with all words that are looked at, at most, and those with all of them in the title; fewer
# than ENOUGH bring near ones in. The most popular are reached by walking an index: the commoner a
# word, the shorter the walk.
MOST, MOST_NAMED, ENOUGH = 500, 400, 10
# BM25's saturation, and what a form that was not typed counts.
SATURATION, OTHER_FORM = 1.2, 0.6
FEW = 5
POPULARITY = 0.03
MANY = "(select count(*) from every)"
NONE_NEAR = "not exists (select from near)"
FETCH = """(
    select id from catalog_card where market_id = %(market)s {condition}
    order by in_stock desc, popularity desc, id limit {most}
)"""
RANK = """
with every as materialized {every},
named as materialized {named},
near as materialized {near},
far as materialized {far},
pool as (
    select id from every union select id from named union select id from near
    union select id from far
    union select id from catalog_card
    where market_id = %(market)s and %(identifier)s <> '' and identifiers @> array[%(identifier)s::varchar]
),
weighed as (
    select card.id, card.in_stock, card.popularity, card.slug,
        card.identifiers @> array[%(identifier)s::varchar] as is_it,
        card.identifiers && %(windows)s::varchar[] as names_it,
        {weights}
    from pool join lateral (
        select id, in_stock, popularity, slug, identifiers, impacts || '{{}}'::jsonb as impacts
        from catalog_card where catalog_card.id = pool.id offset 0
    ) as card on true
),
scored as (
    select *, {whole} as whole, ({covered}) / %(total)s as covered, ({score}) as score
    from weighed
)
select id, is_it, whole, case when is_it then slug else '' end from scored
order by is_it desc, whole desc, names_it and whole desc, in_stock desc,
    score * covered * covered * (1 + %(liking)s * ln(1 + popularity)) desc, popularity desc, id
"""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Cards by id, best first. whole: how many have all words; slugs: of those with this number."""

    ids: tuple[int, ...] = ()
    whole: int = 0
    slugs: tuple[str, ...] = ()


@dataclass
class _Sql:
    """Parts of a statement and the values they name."""

    most: int
    values: dict[str, Any] = field(default_factory=dict)

    def value(self, value: object) -> str:
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f"%({name})s"


def rank(terms: Terms, market: Market, *, few: bool = False) -> Ranked:
    """The best cards for these terms. One query, or none when there is nothing to look for.

    few: only the first ones matter, so that a shorter look will do.
    """
    if not terms.terms and not terms.identifier:
        return Ranked()
    statement, values = _statement(terms, market, share=FEW if few else 1)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall()
    return Ranked(
        ids=tuple(row[0] for row in rows),
        whole=sum(row[1] or row[2] for row in rows),
        slugs=tuple(row[3] for row in rows if row[1]),
    )


def _statement(terms: Terms, market: Market, *, share: int) -> tuple[str, dict[str, Any]]:
    sql = _Sql(most=MOST // share)
    found = terms.terms
    without = "".join(f" & !{_quoted(stem)}" for stem in terms.unwanted)
    all_words = " & ".join(map(_any_form, found))
    in_title = " & ".join(_any_form(term, letter=":A") for term in found)
    statement = RANK.format(
        every=_fetch(sql, all_words, without),
        named=_fetch(sql, in_title, without, f"{MANY} = {sql.most}", most=MOST_NAMED // share),
        near=_fetch(sql, _nearly(found), without, f"{MANY} < {ENOUGH}"),
        far=_fetch(sql, _telling(found), without, f"{MANY} = 0 and {NONE_NEAR}"),
        weights=", ".join([*_weights(sql, found), "null"]),
        whole=" and ".join([f"w{i} > 0" for i, _ in enumerate(found)]) or "false",
        covered=_sum(f"(w{i} > 0)::int * {sql.value(t.rarity)}" for i, t in enumerate(found)),
        score=_sum(
            f"{sql.value(t.rarity)} * w{i} / (w{i} + {SATURATION})" for i, t in enumerate(found)
        ),
    )
    return statement, sql.values | {
        "market": market.pk,
        "identifier": terms.identifier,
        "windows": list(terms.windows),
        "total": sum(term.rarity for term in found) or 1,
        "liking": POPULARITY,
    }


def _fetch(sql: _Sql, query: str, without: str, only_if: str = "", *, most: int = 0) -> str:
    if not query:
        return "(select id from catalog_card where false)"
    conditions = [f"and search @@ {sql.value(f'({query}){without}')}::tsquery"]
    if only_if:
        conditions.append(f"and {only_if}")
    return FETCH.format(condition=" ".join(conditions), most=most or sql.most)


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
    stems = [f"coalesce((card.impacts->{sql.value(stem)})::float8, 0)" for stem in form]
    return stems[0] if len(stems) == 1 else f"least({', '.join(stems)})"


def _sum(parts: Iterator[str]) -> str:
    return " + ".join(parts) or "0::float8"


def _any_form(term: Term, *, letter: str = "") -> str:
    runs = [" <-> ".join(_quoted(stem) + letter for stem in form) for form in term.forms]
    return "(" + " | ".join(f"({run})" for run in runs) + ")"


def _quoted(stem: str) -> str:
    escaped = stem.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
