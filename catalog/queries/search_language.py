"""What staff teach the search: units of measure and synonyms, kept in the process for seconds."""

import re
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from catalog.models import Synonym, Unit
from catalog.queries.search_text import TOKEN, fold, tokens

SECONDS = 5.0
NUMBER = r"(\d{1,12}(?:[.,]\d{1,6})?)"
Run = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """A number with its unit: where it stands in a text, its words, and the one word for it."""

    start: int
    end: int
    words: Run
    name: str


@dataclass(frozen=True)
class Language:
    """Units by spelling, as (base unit, factor); synonyms by language, from a run of words to runs."""

    units: Mapping[str, tuple[str, Decimal]] = field(default_factory=dict)
    synonyms: Mapping[str, Mapping[Run, Sequence[Run]]] = field(default_factory=dict)
    pattern: re.Pattern[str] | None = None

    def measures(self, folded: str) -> Iterator[Measure]:
        """The measures in a folded text. "500 ml" and "0.5l" have the same name."""
        if self.pattern is None:
            return
        for match in self.pattern.finditer(folded):
            base, factor = self.units[match[2]]
            amount = Decimal(match[1].replace(",", ".")) * factor
            words = tuple(TOKEN.findall(match[0]))
            yield Measure(match.start(), match.end(), words, _name(amount, base))

    def same_as(self, run: Run, language: str) -> Sequence[Run]:
        """What else these words, in this order, are called."""
        return self.synonyms.get(language.partition("-")[0], {}).get(run, ())


@dataclass
class _Kept:
    language: Language = field(default_factory=Language)
    until: float = 0.0


_kept = _Kept()


def language() -> Language:
    """What is known of units and synonyms. Two queries, once in a few seconds."""
    if time.monotonic() >= _kept.until:
        units = _units()
        _kept.language = Language(units, _synonyms(), _pattern(units))
        _kept.until = time.monotonic() + SECONDS
    return _kept.language


def forget() -> None:
    """Read them again at the next question."""
    _kept.until = 0.0


def parted(written: str) -> list[str]:
    """The parts between commas, without blank ones."""
    return [part for part in map(str.strip, written.split(",")) if part]


def _units() -> dict[str, tuple[str, Decimal]]:
    return {
        spelling: (unit.base, unit.factor)
        for unit in Unit.objects.all()
        for spelling in map(fold, [unit.symbol, *parted(unit.spellings)])
        if spelling
    }


def _synonyms() -> dict[str, dict[Run, list[Run]]]:
    found: dict[str, dict[Run, list[Run]]] = defaultdict(lambda: defaultdict(list))
    for synonym in Synonym.objects.all():
        runs = [tuple(tokens(part)) for part in parted(synonym.words)]
        others = [tuple(tokens(part)) for part in parted(synonym.means)] or runs
        for run in filter(None, runs):
            known = found[synonym.language.partition("-")[0]][run]
            known += [other for other in others if other and other not in (run, *known)]
    return found


def _pattern(units: Mapping[str, object]) -> re.Pattern[str] | None:
    if not units:
        return None
    # Longest first: "mm" is not "m" with a rest.
    spellings = "|".join(re.escape(one) for one in sorted(units, key=len, reverse=True))
    return re.compile(rf"(?<![\w.,]){NUMBER}\s?({spellings})(?!\w)")


def _name(amount: Decimal, base: str) -> str:
    """One word for a measure: three digits, their power of ten, the unit. 14.1" is 35.8 cm."""
    digits, _, power = f"{amount:.2e}".partition("e")
    bare_unit = "".join(TOKEN.findall(fold(base))) or "x"
    return (
        f"q{digits.replace('.', '')}{'n' if power.startswith('-') else 'p'}{power[1:]}{bare_unit}"
    )
