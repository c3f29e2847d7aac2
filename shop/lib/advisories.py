"""Known holes in the packages the shop is built from: a list kept by hand, and what it says of ours."""

import datetime as dt
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

LIST = Path(__file__).with_name("advisories.toml")
# After so long the list says little about today.
FRESH = dt.timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Finding:
    """A hole in a version that is in use. fixed: empty where no version is without it."""

    package: str
    version: str
    advisory: str
    published: dt.date
    what: str
    fixed: str = ""
    accepted: str = ""
    until: dt.date | None = None

    def is_accepted(self, *, on: dt.date) -> bool:
        return bool(self.accepted) and self.until is not None and on <= self.until


def findings(versions: Mapping[str, Iterable[str]] | None = None) -> list[Finding]:
    """Every known hole in these versions, by package; without any, in what is installed here."""
    mine = installed() if versions is None else versions
    return list(_found({name_of(one): list(given) for one, given in mine.items()}))


def open_findings(
    versions: Mapping[str, Iterable[str]] | None = None, *, on: dt.date
) -> list[Finding]:
    """The same without what is known to do no harm here, as long as that was said for."""
    return [one for one in findings(versions) if not one.is_accepted(on=on)]


def looked_up_on() -> dt.date:
    """When somebody last went through the sources."""
    day: dt.date = _list()["looked_up_on"]
    return day


def installed() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in distributions():
        found.setdefault(one.metadata["Name"], []).append(one.version)
    return found


def locked(lock: Path) -> dict[str, list[str]]:
    """The versions a uv.lock names; a package has several where Python versions differ."""
    found: dict[str, list[str]] = {}
    for one in tomllib.loads(lock.read_text())["package"]:
        found.setdefault(one["name"], []).append(one["version"])
    return found


def name_of(package: str) -> str:
    """One spelling for all: PyPDF2, py_pdf2 and py.pdf2 are one package."""
    return re.sub(r"[-_.]+", "-", package).lower()


def is_affected(version: str, *, since: str, fixed: str) -> bool:
    ours = _numbers(version)
    return _numbers(since) <= ours and (not fixed or ours < _numbers(fixed))


def _numbers(version: str) -> tuple[int, ...]:
    """5.2.19 as (5, 2, 19), without zeros at the end; what follows the numbers is left out."""
    match = re.match(r"\d+(\.\d+)*", version)
    numbers = [int(part) for part in match[0].split(".")] if match else []
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def _found(mine: Mapping[str, list[str]]) -> Iterator[Finding]:
    for one in _list()["advisory"]:
        since, fixed = one.get("since", ""), one.get("fixed", "")
        for version in mine.get(name_of(one["package"]), ()):
            if is_affected(version, since=since, fixed=fixed):
                yield Finding(
                    package=one["package"],
                    version=version,
                    advisory=", ".join(one["ids"]),
                    published=one["published"],
                    what=one["what"],
                    fixed=fixed,
                    accepted=one.get("accepted", ""),
                    until=one.get("until"),
                )


@cache
def _list() -> dict[str, Any]:
    return tomllib.loads(LIST.read_text())
