"""What was typed, as terms: words in every form that counts as them, with how telling each is."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log

from catalog.models import Market
from catalog.queries import search_words
from catalog.queries.search_language import Measure, Run, language
from catalog.queries.search_text import LONGEST_WORD, TOKEN, fold, squeezed, tokens, windows
from catalog.queries.search_words import Near, Stem

MOST_TERMS, LONGEST_SYNONYM, SHORTEST_HALF = 12, 3, 3
UNWANTED = re.compile(r"(?:^|\s)-(\w[\w-]*)")
Known = Mapping[str, Stem]


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a query. forms: runs of stems, the typed one first; rarity: how telling it is.

    cards: how many have it in any form, at most.
    """

    forms: tuple[Run, ...]
    rarity: float
    cards: int

    @property
    def is_known(self) -> bool:
        return self.cards > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """A query, understood. spelt: the words as we take them: as typed unless a slip was put right.

    identifier, windows: what the whole and what runs of its words may be the number of.
    stems: of the words as they were typed; unwanted: of those that must not be there.
    everything: how many cards there are.
    """

    typed: str
    spelt: str
    terms: tuple[Term, ...]
    stems: tuple[str, ...] = ()
    everything: int = 0
    unwanted: tuple[str, ...] = ()
    identifier: str = ""
    windows: tuple[str, ...] = ()

    @property
    def is_corrected(self) -> bool:
        return self.spelt != self.typed


@dataclass
class _Slot:
    """A word or measure on its way to a term: what we take it for, and its forms as spellings."""

    typed: str
    word: str
    runs: list[Run]
    is_measure: bool = False


def understand(text: str, market: Market, *, exact: bool = False, is_typing: bool = False) -> Terms:
    """The terms of a query. At most two queries, and two for what staff teach now and then.

    exact: slips of the pen stay as they are; is_typing: the last word may be unfinished.
    """
    folded = fold(text)
    wanted = UNWANTED.sub(" ", folded)
    unwanted = [word for part in UNWANTED.findall(folded) for word in tokens(part)]
    slots = _slots(wanted, market)
    known = search_words.look_up(_spellings(slots, unwanted), market)
    if is_typing and slots and wanted[-1:].isalnum():
        known |= _completed(slots[-1], market)
    if not exact:
        known |= _corrected(slots, known, market)
    terms = [_term(slot, known) for slot in slots]
    return Terms(
        typed=" ".join(slot.typed for slot in slots),
        spelt=" ".join(slot.word for slot in slots),
        terms=tuple(term for term in terms if term.forms),
        stems=_stems(tokens(wanted), known),
        everything=known[""].cards,
        unwanted=_stems(unwanted, known),
        identifier=squeezed(text),
        windows=tuple(windows(tokens(wanted))),
    )


def _stems(words: Iterable[str], known: Known) -> tuple[str, ...]:
    """Without stop words, and what is too long to be a word of anything."""
    found = (known[word].stem for word in words if word in known)
    return tuple(filter(None, found))


def _slots(wanted: str, market: Market) -> list[_Slot]:
    """Words and measures in their order, each once, with their synonyms and joined neighbours."""
    measures = list(language().measures(wanted))
    found: dict[str, _Slot] = {}
    for match in TOKEN.finditer(wanted):
        inside = [one for one in measures if one.start <= match.start() < one.end]
        slot = _measure(inside[0], wanted) if inside else _Slot(match[0], match[0], [(match[0],)])
        if len(match[0]) <= LONGEST_WORD:
            found.setdefault(slot.typed, slot)
    slots = list(found.values())[:MOST_TERMS]
    for start in range(len(slots)):
        for end in range(start + 1, min(len(slots), start + LONGEST_SYNONYM) + 1):
            run = tuple(slot.typed for slot in slots[start:end])
            others = [*language().same_as(run, market.language), *_joined(run)]
            for slot in slots[start:end]:
                slot.runs += others
    return slots


def _measure(measure: Measure, text: str) -> _Slot:
    written = text[measure.start : measure.end]
    runs = [(measure.name,), ("".join(measure.words),), measure.words]
    return _Slot(written, written, runs, is_measure=True)


def _joined(run: Run) -> list[Run]:
    """Two words as one: "head set" also finds headsets, if there is such a word."""
    word = "".join(run)
    return (
        [(word,)] if len(run) == 2 and TOKEN.fullmatch(word) and len(word) <= LONGEST_WORD else []
    )


def _halves(word: str) -> Iterator[Run]:
    """A word as two: "laptopstand" may be a laptop stand."""
    for cut in range(SHORTEST_HALF, len(word) - SHORTEST_HALF + 1):
        yield word[:cut], word[cut:]


def _spellings(slots: Sequence[_Slot], unwanted: Sequence[str]) -> list[str]:
    runs = [run for slot in slots for run in [*slot.runs, *_halves(slot.typed)]]
    return [*unwanted, *(word for run in runs for word in run)]


def _is_known(slot: _Slot, known: Known) -> bool:
    """Whether any form of it is somewhere. Measures and stop words are never slips of the pen."""
    return (
        slot.is_measure
        or not known[slot.typed].stem
        or any(_cards(run, known) for run in slot.runs)
    )


def _completed(last: _Slot, market: Market) -> dict[str, Stem]:
    """Let the last word end as words of the catalogue do."""
    near = [] if last.is_measure else search_words.endings(last.typed, market)
    return _ended(last, near)


def _ended(slot: _Slot, near: Sequence[Near]) -> dict[str, Stem]:
    slot.runs += [(one.word,) for one in near if one.word != slot.typed]
    return {one.word: one.stem for one in near}


def _corrected(slots: Sequence[_Slot], known: Known, market: Market) -> dict[str, Stem]:
    """Put right what nobody knows: unfinished, a slip of the pen, or two words without a space."""
    strange = [slot for slot in slots if not _is_known(slot, known)]
    begun = slots[-1].typed if strange and strange[-1] is slots[-1] else ""
    near = search_words.corrections([slot.typed for slot in strange], market, begun=begun)
    met: dict[str, Stem] = {}
    for slot in strange:
        found = near.get(slot.typed, ())
        if found and found[0].word.startswith(slot.typed):
            met |= _ended(slot, found)
        elif found:
            slot.word, slot.runs = found[0].word, [(found[0].word,)]
            met[slot.word] = found[0].stem
        elif halves := [run for run in _halves(slot.typed) if _cards(run, known)]:
            best = max(halves, key=lambda run: _cards(run, known))
            slot.word, slot.runs = " ".join(best), [best]
    return met


def _cards(run: Run, known: Known) -> int:
    """How many cards have all of these words, at most."""
    return min((known[word].cards for word in run if known[word].stem), default=0)


def _term(slot: _Slot, known: Known) -> Term:
    forms = [tuple(known[word].stem for word in run if known[word].stem) for run in slot.runs]
    typed, *others = forms
    usable = [form for form, run in zip(others, slot.runs[1:], strict=True) if _cards(run, known)]
    everything = known[""].cards
    cards = min(everything, sum(_cards(run, known) for run in slot.runs))
    return Term(
        forms=tuple(form for form in dict.fromkeys([typed, *usable]) if form),
        rarity=log(1 + (everything - cards + 0.5) / (cards + 0.5)),
        cards=cards,
    )
