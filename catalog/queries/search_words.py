"""Looking words up among those that a market's cards use."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from string import ascii_lowercase, digits
from typing import Any

from django.db import connection

from catalog.models import Market, Word
from catalog.queries.documents import config_for
from shop.lib.page_cache import version_at_hand

ENDINGS = 8
# Words a process remembers per market: about half a megabyte.
MOST_LATELY = 2048
FEWEST_LETTERS, LONG_WORD = 3, 6
LETTERS = ascii_lowercase + digits
# (typed, word, stem, cards, cards with the stem)
Row = tuple[str, str, str, int, int]
LOOK_UP = """
select spelt, stemmed.stem, coalesce(max(known.stem_cards), 0), coalesce(bool_or(known.word = spelt), false)
from unnest(%(spellings)s::text[]) as spelt
cross join lateral (
    select coalesce((tsvector_to_array(to_tsvector(%(config)s, spelt)))[1], '') as stem
) as stemmed
left join catalog_word as known on known.market_id = %(market)s and known.stem = stemmed.stem
group by spelt, stemmed.stem
"""
# One letter off is listed and looked up; more is a matter of likeness; "%" may just be unfinished.
ALIKE = """
select typed, near.word, near.stem, near.cards, near.stem_cards
from unnest(%(typed)s::text[]) as typed
cross join lateral (
    select word, stem, cards, stem_cards from catalog_word
    where market_id = %(market)s and cards > 0 and length(typed) >= %(long)s and word %% typed
) as near
union
select '', word, stem, cards, stem_cards from catalog_word
where market_id = %(market)s and cards > 0 and word = any(%(edits)s::text[])
union (
    select '%%', word, stem, cards, stem_cards from catalog_word
    where market_id = %(market)s and cards > 0 and word like %(begun)s
    order by cards desc, word limit %(endings)s
)
"""


@dataclass(frozen=True, slots=True)
class Stem:
    """What a spelling comes down to, and how many cards have that; none: nobody knows it."""

    stem: str
    cards: int
    is_spelt_so: bool


@dataclass(frozen=True, slots=True)
class Near:
    """A word of the catalogue in place of one that was typed."""

    word: str
    stem: Stem


@dataclass(slots=True)
class _Lately:
    """The words that this process was asked for lately, in one market and version of the shop."""

    version: str
    stems: dict[str, Stem] = field(default_factory=dict)
    endings: dict[str, list[Near]] = field(default_factory=dict)


_lately: dict[int, _Lately] = {}


def look_up(spellings: Iterable[str], market: Market) -> dict[str, Stem]:
    """Each spelling's stem; stop words have none. The spelling '' says how many cards there are.

    One query for the words that were not asked for lately; none when all were.
    """
    lately = _known_lately(market)
    # Other threads may exchange the dictionary meanwhile: this one stays complete.
    known, wanted = lately.stems, ["", *dict.fromkeys(spellings)]
    if strange := [word for word in wanted if word not in known]:
        found = _stems(strange, market)
        is_full = len(known) > MOST_LATELY
        known = {**known, **found}
        lately.stems = found if is_full else known
    return {word: known[word] for word in wanted}


def endings(begun: str, market: Market) -> list[Near]:
    """The commonest words that begin so. One query, none for what was asked for lately."""
    lately = _known_lately(market)
    known = lately.endings.get(begun)
    if known is None:
        known = _endings(begun, market)
        is_full = len(lately.endings) > MOST_LATELY // ENDINGS
        lately.endings = {begun: known} if is_full else {**lately.endings, begun: known}
    return known


def _known_lately(market: Market) -> _Lately:
    """Nothing, when the shop moved on or has no version to go by."""
    version = version_at_hand.get()
    lately = _lately.get(market.pk)
    if lately is None or version is None or lately.version != version:
        lately = _Lately(version or "")
        if version is not None:
            _lately[market.pk] = lately
    return lately


def _stems(spellings: list[str], market: Market) -> dict[str, Stem]:
    values: dict[str, Any] = {
        "spellings": spellings,
        "config": config_for(market.language),
        "market": market.pk,
    }
    with connection.cursor() as cursor:
        cursor.execute(LOOK_UP, values)
        return {spelt: Stem(stem, cards, known) for spelt, stem, cards, known in cursor.fetchall()}


def _endings(begun: str, market: Market) -> list[Near]:
    words = Word.objects.filter(market=market, word__startswith=begun, cards__gt=0)
    rows = words.order_by("-cards", "word").values_list("word", "stem", "stem_cards")[:ENDINGS]
    return [Near(word, Stem(stem, cards, is_spelt_so=True)) for word, stem, cards in rows]


def corrections(
    typed: Collection[str], market: Market, *, begun: str = ""
) -> dict[str, Sequence[Near]]:
    """For words nobody knows, those that may be meant. One query.

    begun: the one among them that may be unfinished: its endings, the commonest first, if it has
    any. For the others the word with the fewest slips, of those the commonest.
    """
    words = [word for word in typed if len(word) >= FEWEST_LETTERS and not _has_digit(word)]
    if not words and not begun:
        return {}
    values: dict[str, Any] = {
        "typed": words,
        "edits": sorted({edit for word in words for edit in _edits(word)}),
        "long": LONG_WORD,
        "market": market.pk,
        "begun": f"{begun}%" if begun else "",
        "endings": ENDINGS,
    }
    with connection.cursor() as cursor:
        cursor.execute(ALIKE, values)
        rows = cursor.fetchall()
    found: dict[str, Sequence[Near]] = {
        word: [_near(best)] for word in words if (best := _best(word, rows))
    }
    ended = sorted((row for row in rows if row[0] == "%"), key=lambda row: -row[3])
    return {**found, begun: [_near(row) for row in ended]} if ended else found


def _near(row: Row) -> Near:
    return Near(row[1], Stem(row[2], row[4], is_spelt_so=True))


def slips(typed: str, meant: str) -> int:
    """How many letters were left out, added, changed, or swapped with their neighbour."""
    before: list[int] = []
    last = list(range(len(meant) + 1))
    for place, letter in enumerate(typed, start=1):
        row = [place]
        for other_place, other in enumerate(meant, start=1):
            best = min(
                last[other_place] + 1,
                row[other_place - 1] + 1,
                last[other_place - 1] + (letter != other),
            )
            if _swapped(typed, meant, place, other_place):
                best = min(best, before[other_place - 2] + 1)
            row.append(best)
        before, last = last, row
    return last[-1]


def _swapped(typed: str, meant: str, place: int, other: int) -> bool:
    if place < 2 or other < 2:
        return False
    return typed[place - 2 : place] == meant[other - 1] + meant[other - 2]


def _best(typed: str, rows: Iterable[Row]) -> Row | None:
    allowed = 2 if len(typed) >= LONG_WORD else 1
    ranked = [
        (slips(typed, row[1]), row[1][0] != typed[0], -row[3], row[1], row)
        for row in rows
        if row[0] in ("", typed) and abs(len(row[1]) - len(typed)) <= allowed
    ]
    near = [one for one in ranked if one[0] <= allowed]
    return min(near)[-1] if near else None


def _edits(word: str) -> Iterator[str]:
    """Everything that is one slip away."""
    for place in range(len(word) + 1):
        before, after = word[:place], word[place:]
        if after:
            yield before + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        for letter in LETTERS:
            yield before + letter + after
            if after:
                yield before + letter + after[1:]


def _has_digit(word: str) -> bool:
    return any(letter.isdigit() for letter in word)
