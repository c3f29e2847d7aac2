"""CSV from a bank's web page: columns are recognised by name, or told by a person."""

import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from django.utils.translation import gettext as _

from payments.models import BankStatement
from payments.services.statements import facts
from payments.services.statements.facts import (
    BadCell,
    Line,
    Problem,
    Statement,
    StatementRefused,
)
from shop.lib import csvfiles
from shop.lib.csvfiles import BadRow, Row, fold
from shop.lib.money import ZERO

# What banks call their columns, the likeliest first.
NAMES: Mapping[str, Sequence[str]] = {
    "day": ("date", "booking date", "booked", "transaction date", "posting date", "completed date",
            "date completed (utc)", "value date", "buchungstag", "buchung", "valuta", "date de comptabilisation"),
    "amount": ("amount", "betrag", "umsatz", "value", "montant", "transaction amount", "betrag (eur)", "amount (gbp)",
               "amount (eur)"),
    "money_in": ("paid in", "money in", "credit", "credit amount", "haben", "in", "crédit"),
    "money_out": ("paid out", "money out", "debit", "debit amount", "soll", "out", "débit"),
    "currency": ("currency", "währung", "waehrung", "devise", "payment currency", "ccy"),
    "party": ("counter party", "counterparty", "name", "payee", "payer", "from or to", "beneficiary",
              "auftraggeber/empfänger", "name zahlungsbeteiligter", "beguenstigter/zahlungspflichtiger", "merchant"),
    "party_account": ("iban", "counterparty iban", "account number of counterparty", "iban zahlungsbeteiligter",
                      "kontonummer/iban"),
    "text": ("reference", "payment reference", "purpose", "description", "details", "transaction description", "narrative",
             "verwendungszweck", "memo", "particulars", "libellé"),
    "reference": ("transaction id", "id", "bank reference", "transaction reference", "referenz", "unique id"),
}  # fmt: skip
FIELDS = tuple(NAMES)
PREAMBLE = 25


@dataclass(frozen=True, slots=True)
class Mapped:
    """Which column is what, by its folded name; what nobody said is recognised.

    mark: the decimal mark, found in the column when empty. currency: where no column has it.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    mark: str = ""
    date_format: str = ""
    currency: str = ""


def recognised(columns: Sequence[str]) -> dict[str, str]:
    """{field: column} as far as the names are known."""
    known = [fold(one) for one in columns]
    found: dict[str, str] = {}
    for name, candidates in NAMES.items():
        pick = next((one for one in candidates if one in known and one not in found.values()), "")
        if pick:
            found[name] = pick
    return found


def columns_of(data: bytes) -> list[str]:
    """The columns of a file, for a person to choose from. Raises StatementRefused, FileRefused."""
    with _opened(data) as (_skipped, path), csvfiles.table(path) as table:
        return [fold(one) for one in table.columns if one]


def read(data: bytes, mapped: Mapped) -> Statement:
    """Raises StatementRefused or FileRefused; what is wrong with one line is named by it."""
    with _opened(data) as (skipped, path), csvfiles.table(path) as table:
        columns = recognised(table.columns) | {k: v for k, v in mapped.columns.items() if v}
        _check(columns)
        rows: list[Row] = []
        problems: list[Problem] = []
        for row in table.rows:
            if isinstance(row, BadRow):
                problems.append(Problem(row.line + skipped, row.problem))
            else:
                rows.append(row)
            if len(rows) + len(problems) > facts.MOST_LINES:
                raise StatementRefused(_("More lines than one import takes."))
        notes = tuple(table.notes)
    reader = _Reader(rows, columns, mapped)
    lines: list[Line] = []
    for row in rows:
        try:
            lines.append(reader.line(row, row.line + skipped))
        except BadCell as error:
            problems.append(Problem(row.line + skipped, str(error)))
    codes = {line.currency for line in lines}
    return Statement(
        format=BankStatement.Format.CSV,
        lines=tuple(lines),
        problems=tuple(sorted(problems, key=lambda one: one.line)),
        notes=notes,
        currency=codes.pop() if len(codes) == 1 else "",
    )


class _Opened:
    """The rows as a file, without the lines banks write above them."""

    def __init__(self, data: bytes) -> None:
        self.skipped, self.data = _without_preamble(data)

    def __enter__(self) -> tuple[int, Path]:
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "statement.csv"
        path.write_bytes(self.data)
        return self.skipped, path

    def __exit__(self, kind: type[BaseException] | None, *_more: object) -> None:
        self.folder.cleanup()
        if kind is not None and issubclass(kind, UnicodeError):
            raise StatementRefused(_("The file is damaged: save it as UTF-8.")) from None


_opened = _Opened


def _without_preamble(data: bytes) -> tuple[int, bytes]:
    """From the line of column names on: the first with two names that are known."""
    if data.startswith(csvfiles.UTF16):
        return 0, data
    lines = data.split(b"\n", PREAMBLE)[:PREAMBLE]
    for skipped, line in enumerate(lines):
        cells = re.split(r"[,;\t|]", line.decode("cp1252", "replace").lstrip("ï»¿"))
        if len(recognised([cell.strip().strip('"') for cell in cells])) > 1:
            return skipped, b"\n".join(data.split(b"\n")[skipped:])
    return 0, data


def _check(columns: Mapping[str, str]) -> None:
    if "day" not in columns:
        raise StatementRefused(_("No column is the day. Say which one it is."))
    if "amount" not in columns and not {"money_in", "money_out"} & set(columns):
        raise StatementRefused(_("No column is the amount. Say which one it is."))


class _Reader:
    """Reads rows by columns that were settled; days and sums as most of their column has them."""

    def __init__(self, rows: Sequence[Row], columns: Mapping[str, str], mapped: Mapped) -> None:
        self.columns, self.currency = columns, mapped.currency
        self.form = mapped.date_format or facts.fitting_format(
            self._cell(row, "day") for row in rows
        )
        sums = ("amount", "money_in", "money_out")
        self.mark = mapped.mark or facts.decimal_mark(
            self._cell(row, name) for row in rows for name in sums
        )

    def _cell(self, row: Row, name: str) -> str:
        return csvfiles.unguard(row.cells.get(self.columns.get(name, ""), "")).strip()

    def line(self, row: Row, place: int) -> Line:
        """Raises BadCell."""
        amount = self._amount(row)
        if not amount:
            raise BadCell(_("The amount is zero."))
        return Line(
            line=place,
            booked_on=facts.day(self._cell(row, "day"), (self.form,)),
            amount=amount,
            currency=facts.currency(self._cell(row, "currency") or self.currency),
            party=facts.words(self._cell(row, "party"), 140),
            party_account=facts.words(self._cell(row, "party_account"), 34).replace(" ", ""),
            text=facts.words(self._cell(row, "text"), 500),
            reference=facts.words(self._cell(row, "reference"), 120),
        )

    def _amount(self, row: Row) -> Decimal:
        if "amount" in self.columns:
            return facts.amount(self._cell(row, "amount"), self.mark)
        came, went = (self._cell(row, name) for name in ("money_in", "money_out"))
        found = facts.amount(came, self.mark) if came else ZERO
        return found - (abs(facts.amount(went, self.mark)) if went else ZERO)
