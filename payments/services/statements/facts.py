"""What a bank statement says, whatever file it came in, and how days and sums are read."""

import datetime as dt
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from shop.lib.errors import Refused
from shop.lib.text import clean

LARGEST = 5 << 20
MOST_LINES = 20_000
MOST = Decimal(10**9)
FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2100, 1, 1)
CURRENCY = re.compile(r"[A-Z]{3}")
# What banks write where they have no reference.
NO_REFERENCE = {"", "NOTPROVIDED", "NONREF", "NOT PROVIDED", "0"}
FORMATS = (
    "%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%m/%d/%Y", "%Y/%m/%d", "%Y%m%d",
    "%d/%m/%y", "%d.%m.%y", "%d %b %Y", "%d-%b-%Y", "%d %B %Y",
)  # fmt: skip
SIGNS = str.maketrans({"\u2212": "-", "\u2013": "-", "\u00a0": "", "\u202f": "", "'": "", "’": ""})


class StatementRefused(Refused):
    """Raised when a file can't be read as a bank statement at all."""


class BadCell(Exception):
    """Raised for a day or a sum that can't be read. Its text is for the person who imports."""


@dataclass(frozen=True, slots=True)
class Line:
    """Money that came (above zero) or went. line: where it stands in the file."""

    line: int
    booked_on: dt.date
    amount: Decimal
    currency: str
    party: str = ""
    party_account: str = ""
    text: str = ""
    # The bank's own reference; a digest stands in for it where there is none.
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that was left out, and why."""

    line: int
    words: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A file as it was read: what is good, and what was left out."""

    format: str
    lines: tuple[Line, ...]
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    account: str = ""
    currency: str = ""
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    opening: Decimal | None = None
    closing: Decimal | None = None


def finished(statement: Statement) -> Statement:
    """With references of its lines, and the days it covers. Raises StatementRefused when empty."""
    if not statement.lines and not statement.problems:
        raise StatementRefused(_("There are no booked lines in this file."))
    days = [line.booked_on for line in statement.lines]
    return replace(
        statement,
        lines=tuple(_named(statement.lines, statement.account)),
        starts_on=statement.starts_on or min(days, default=None),
        ends_on=statement.ends_on or max(days, default=None),
    )


def _named(lines: Iterable[Line], account: str) -> Iterator[Line]:
    """Each line with a reference of its own.

    Lines that are alike to the letter, or share the bank's reference, are told apart by their
    place among their likes: the same in tomorrow's file, whatever else stands in it.
    """
    likes: Counter[str] = Counter()
    for line in lines:
        stem = f"{account}:{_stem(line)}"[:110]
        likes[stem] += 1
        yield replace(line, reference=stem if likes[stem] == 1 else f"{stem}#{likes[stem]}")


def _stem(line: Line) -> str:
    own = line.reference.strip()
    if own.upper() not in NO_REFERENCE and len(own) <= 70:
        return own
    facts = (
        line.booked_on.isoformat(), f"{line.amount.normalize():f}", line.currency,
        line.party, line.party_account, line.text, own,
    )  # fmt: skip
    return hashlib.sha256("\x1f".join(facts).encode()).hexdigest()[:40]


# Cells


def words(text: str | None, most: int) -> str:
    return " ".join(clean(text or "").split())[:most]


def day(text: str, formats: Iterable[str] = FORMATS) -> dt.date:
    """A day, as one of these formats has it. Raises BadCell."""
    bare = words(text, 40).split("T")[0]
    for candidate in (bare, bare.split(" ")[0]):
        for form in formats:
            try:
                found = dt.datetime.strptime(candidate, form).date()  # noqa: DTZ007 - a day
            except ValueError:
                continue
            if FIRST_DAY <= found < LAST_DAY:
                return found
    raise BadCell(_("“%(text)s” is no day.") % {"text": text[:30]})


def fitting_format(cells: Iterable[str]) -> str:
    """The one way to write days that fits most of a column; the first where several do."""
    sample = [cell for cell in cells if cell.strip()][:2000]

    def fits(form: str) -> int:
        return sum(_fits(cell, form) for cell in sample)

    return max(FORMATS, key=fits) if sample else FORMATS[0]


def _fits(cell: str, form: str) -> bool:
    try:
        day(cell, (form,))
    except BadCell:
        return False
    return True


def amount(text: str, mark: str = ".") -> Decimal:
    """A sum with this decimal mark: "1,234.50", "-12.5", "12.50-", "(12.50)", "£ 12.50 DR".

    Raises BadCell.
    """
    bare = words(text, 60).translate(SIGNS).upper().replace(" ", "")
    is_minus = bare.startswith(("-", "(")) or bare.endswith(("-", "DR", "D", ")"))
    bare = re.sub(r"^[^0-9.,]*|[^0-9]*$", "", bare)
    bare = bare.replace("," if mark == "." else ".", "").replace(mark, ".")
    try:
        found = Decimal(bare)
    except InvalidOperation:
        raise BadCell(_("“%(text)s” is no amount.") % {"text": text[:30]}) from None
    return checked(-found if is_minus else found, text)


def checked(found: Decimal, text: str) -> Decimal:
    """A sum within reason, no finer than the books keep. Raises BadCell."""
    if not found.is_finite() or abs(found) >= MOST or found != round(found, 3):
        raise BadCell(_("“%(text)s” is no amount.") % {"text": text[:30]})
    return found


def decimal_mark(cells: Iterable[str]) -> str:
    """The mark before the last one or two digits, as most of a column has it."""
    marks = Counter(
        found.group(1)
        for cell in list(cells)[:5000]
        if (found := re.search(r"([.,])[0-9]{1,2}[^0-9.,]*$", cell))
    )
    return "," if marks[","] > marks["."] else "."


def currency(text: str) -> str:
    """Three capital letters. Raises BadCell."""
    code = text.strip().upper()
    if not CURRENCY.fullmatch(code):
        raise BadCell(_("“%(text)s” is no currency.") % {"text": text[:10]})
    return code
