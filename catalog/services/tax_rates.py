"""Tax rates, territories and classes on file, from the lists that come with the shop.

What people entered or changed stays: a list only adds what is missing and ends an open rate of
its own where the next one begins.
"""

import datetime as dt
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from catalog.models import TaxClass, TaxRate, TaxTerritory
from shop.lib.errors import Refused

FOLDER = Path(__file__).parent / "tax_data"
ALWAYS, NONE = "always", ""
VAT = "VAT"
CLASSES = {
    "standard": "Standard rate",
    "reduced": "Reduced rate",
    "reduced2": "Reduced rate, the higher of two",
    "super_reduced": "Strongly reduced rate",
    "parking": "Parking rate",
    "zero": "Zero rate",
}
OUTSIDE = {code: {ALWAYS: "0"} for code in CLASSES}
Key = tuple[str, str, str]


class UnknownCountry(Refused):
    """Raised when a country is asked for that no list has."""


@dataclass(frozen=True, slots=True)
class Step:
    """A rate in per cent and its first day; None: as long as anybody knows."""

    first: dt.date | None
    end: dt.date | None
    rate: Decimal

    @property
    def valid(self) -> DateRange:
        return DateRange(self.first, self.end)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did. kept: "DE standard", whose rates differ from the list and stayed."""

    added: int
    ended: int
    territories: int
    kept: list[str] = field(default_factory=list)


def countries() -> list[str]:
    """The countries that the lists know."""
    return sorted(_lists())


def load_classes() -> None:
    """Make the tax classes that every list speaks of; names that were changed stay."""
    for code, name in CLASSES.items():
        TaxClass.objects.get_or_create(code=code, defaults={"name": name})


@transaction.atomic
def load(*, countries: Collection[str] | None = None) -> Loaded:
    """Bring the rates of these countries (all) up to the lists. Raises UnknownCountry."""
    lists = _lists()
    wanted = sorted(lists) if countries is None else [code.upper() for code in countries]
    if unknown := [code for code in wanted if code not in lists]:
        raise UnknownCountry(_("No list has %(codes)s.") % {"codes": ", ".join(unknown)})
    load_classes()
    made, kept = _load_territories({code: lists[code] for code in wanted})
    load = _Load()
    for code in wanted:
        for key, steps in _steps(code, lists[code]):
            load.bring(key, steps, name=lists[code].get("tax", VAT))
    added = load.save()
    return Loaded(added, load.ended, made, sorted(kept + load.kept))


class _Load:
    """One run: what is on file, and what will be added to it."""

    def __init__(self) -> None:
        self._classes = {one.code: one for one in TaxClass.objects.all()}
        self._on_file: dict[Key, list[TaxRate]] = {}
        self._new: list[TaxRate] = []
        self.ended = 0
        self.kept: list[str] = []
        for rate in TaxRate.objects.select_related("tax_class"):
            key = (rate.country, rate.region, rate.tax_class.code)
            self._on_file.setdefault(key, []).append(rate)

    def bring(self, key: Key, steps: Sequence[Step], *, name: str) -> None:
        """Add the steps that are missing, unless somebody has had a hand in what is there."""
        by_first = {step.first: step for step in steps}
        on_file = self._on_file.get(key, [])
        if not all(_is_ours(rate, by_first) for rate in on_file):
            self.kept.append(" ".join(filter(None, key)))
            return
        for rate in on_file:
            self._end(rate, by_first.pop(rate.valid.lower))
        country, region, code = key
        self._new += [
            TaxRate(
                country=country,
                region=region,
                tax_class=self._classes[code],
                name=name,
                rate=step.rate,
                valid=step.valid,
            )
            for step in by_first.values()
        ]

    def _end(self, rate: TaxRate, step: Step) -> None:
        if rate.valid.upper is None and step.end is not None:
            rate.valid = step.valid
            rate.save(update_fields=["valid"])
            self.ended += 1

    def save(self) -> int:
        return len(TaxRate.objects.bulk_create(self._new))


def _is_ours(rate: TaxRate, by_first: Mapping[dt.date | None, Step]) -> bool:
    """Whether a rate is as a list, of today or of an earlier day, wrote it."""
    step = by_first.get(rate.valid.lower)
    return step is not None and step.rate == rate.rate and rate.valid.upper in (step.end, None)


def _lists() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        found |= tomllib.loads(path.read_text(encoding="utf-8"))
    return found


def _load_territories(lists: Mapping[str, dict[str, Any]]) -> tuple[int, list[str]]:
    """How many were made, and the names of those that somebody changed."""
    made, kept = 0, []
    for country, entry in lists.items():
        for region, territory in entry.get("territories", {}).items():
            on_file, is_new = TaxTerritory.objects.get_or_create(
                country=country,
                region=region,
                defaults={"name": territory["name"], "postcodes": territory["postcodes"]},
            )
            made += is_new
            if on_file.postcodes != territory["postcodes"]:
                kept.append(f"{country} {region}")
    return made, kept


def _steps(country: str, entry: Mapping[str, Any]) -> Iterator[tuple[Key, list[Step]]]:
    """The rates of a country and of its territories, by class."""
    places = {"": entry, **entry.get("territories", {})}
    for region, place in places.items():
        rates = OUTSIDE if place.get("is_outside") else place
        for code in CLASSES.keys() & rates.keys():
            yield (country, region, code), list(_periods(rates[code]))


def _periods(days: Mapping[str, str]) -> Iterator[Step]:
    """Rates by the day they came into force, as periods [from, to) that never overlap."""
    firsts = [None if day == ALWAYS else dt.date.fromisoformat(day) for day in days]
    for (first, end), rate in zip(pairwise([*firsts, None]), days.values(), strict=True):
        if rate != NONE:
            yield Step(first, end, Decimal(rate))
