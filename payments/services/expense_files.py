"""Bills that come as a file: read line by line, booked all together or not at all.

A file has a line of column names and one bill a line:

    date, supplier, reference, category, paid_from, currency, net, tax, gross, note

category and paid_from are numbers of accounts; paid_from may be left out (the bank), as may tax,
one of net and gross, currency (the books'), reference and note.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from payments.models import Expense, LedgerAccount
from payments.services.books import chart
from payments.services.books.expenses import KnownExpense
from payments.services.books.roles import Role
from payments.services.expenses import Facts, WrongBill, categories, check, enter, sources
from shop.lib.csvfiles import BadRow, Row, fold, table, unguard
from shop.lib.money import ZERO, round_money

NEEDED = ("date", "supplier", "category")
MOST = 5_000


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file: a bill, or what is wrong with it. is_known: booked before."""

    number: int
    facts: Facts | None
    problem: str = ""
    is_known: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as it would be booked."""

    lines: list[Line]
    notes: list[str]

    @property
    def problems(self) -> list[Line]:
        return [line for line in self.lines if line.problem]

    @property
    def new(self) -> list[Facts]:
        return [line.facts for line in self.lines if line.facts and not line.is_known]


def read(*, path: Path, now: dt.datetime) -> Sheet:
    """What a file says, line by line, without booking anything. Raises FileRefused, WrongBill."""
    accounts = {one.code: one for one in [*categories(), *sources()]}
    with table(path) as found:
        missing = [name for name in NEEDED if name not in {fold(one) for one in found.columns}]
        if missing:
            raise WrongBill(_("Columns are missing: %(names)s.") % {"names": ", ".join(missing)})
        lines = []
        for row in found.rows:
            lines.append(_line(row, accounts, now))
            if len(lines) > MOST:
                raise WrongBill(_("At most %(most)s lines at once.") % {"most": MOST})
        return Sheet(_known(lines), found.notes)


def _line(row: Row | BadRow, accounts: Mapping[str, LedgerAccount], now: dt.datetime) -> Line:
    if isinstance(row, BadRow):
        return Line(row.line, None, row.problem)
    cells = {name: unguard(text).strip() for name, text in row.cells.items()}
    try:
        facts = _facts(cells, accounts)
        check(facts, now)
    except WrongBill as wrong:
        return Line(row.line, None, wrong.message)
    return Line(row.line, facts)


def _facts(cells: Mapping[str, str], accounts: Mapping[str, LedgerAccount]) -> Facts:
    currency = (cells.get("currency") or chart.books_currency()).upper()
    if len(currency) != 3:
        raise WrongBill(_("“%(text)s” is no currency.") % {"text": currency})
    net, tax = _sums(cells, currency)
    supplier = cells.get("supplier", "")[:120]
    if not supplier:
        raise WrongBill(_("The supplier is missing."))
    bank = chart.account(Role.BANK).code
    return Facts(
        account=_account(cells.get("category", ""), accounts),
        paid_from=_account(cells.get("paid_from") or cells.get("paid from") or bank, accounts),
        on=_date(cells.get("date", "")),
        supplier=supplier,
        currency=currency,
        net=net,
        tax=tax,
        reference=cells.get("reference", "")[:60],
        note=cells.get("note", "")[:200],
    )


def _account(code: str, accounts: Mapping[str, LedgerAccount]) -> LedgerAccount:
    if code not in accounts:
        raise WrongBill(_("There is no account “%(code)s” for this.") % {"code": code})
    return accounts[code]


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise WrongBill(_("“%(text)s” is no date: write 2026-11-30.") % {"text": text}) from None


def _sums(cells: Mapping[str, str], currency: str) -> tuple[Decimal, Decimal]:
    """Net and tax; what is left out follows from the rest. They must agree with gross."""
    net, tax, gross = (_amount(cells.get(name, ""), currency) for name in ("net", "tax", "gross"))
    tax = tax or ZERO
    if net is None and gross is None:
        raise WrongBill(_("Neither net nor gross is given."))
    net = (gross or ZERO) - tax if net is None else net
    if gross is not None and net + tax != gross:
        raise WrongBill(_("Net and tax do not add up to gross."))
    return net, tax


def _amount(text: str, currency: str) -> Decimal | None:
    if not text:
        return None
    try:
        amount = Decimal(text.replace(" ", ""))
    except InvalidOperation:
        raise WrongBill(_("“%(text)s” is no amount: write 1234.50.") % {"text": text}) from None
    if not amount.is_finite() or abs(amount) >= Decimal(10) ** 10:
        raise WrongBill(_("“%(text)s” is no amount: write 1234.50.") % {"text": text})
    if amount != round_money(amount, currency):
        raise WrongBill(_("“%(text)s” has too many decimals.") % {"text": text})
    return amount


def _known(lines: list[Line]) -> list[Line]:
    """Mark bills that are booked, or stand in the file before."""
    digests = [line.facts.digest for line in lines if line.facts]
    known = set(Expense.objects.filter(digest__in=digests).values_list("digest", flat=True))
    marked = []
    for line in lines:
        if line.facts and line.facts.digest in known:
            marked.append(Line(line.number, line.facts, is_known=True))
            continue
        if line.facts:
            known.add(line.facts.digest)
        marked.append(line)
    return marked


@transaction.atomic
def add_all(*, sheet: Sheet, actor: User | None, now: dt.datetime) -> int:
    """Book a file: all of it or nothing. How many bills were new; a second time none.

    Raises WrongBill while a line is wrong, or MonthIsClosed.
    """
    if sheet.problems:
        raise WrongBill(_("Put the lines right first; nothing was booked."))
    added = 0
    for facts in sheet.new:
        try:
            with transaction.atomic():
                enter(facts=facts, actor=actor, now=now)
        except KnownExpense:
            continue
        added += 1
    return added
