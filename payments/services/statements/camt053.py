"""CAMT.053, the statement of ISO 20022: every booked entry, its parts where it has several."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]
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

BOOKED = ("BOOK", "")
PARTIES = {True: ("Dbtr", "DbtrAcct"), False: ("Cdtr", "CdtrAcct")}
DEEPEST = 40


def looks_like(data: bytes) -> bool:
    return data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def read(data: bytes) -> Statement:
    """Raises StatementRefused for what is no CAMT.053, or tries to be more than that."""
    statements = _parsed(data).findall(".//Stmt")
    if not statements:
        raise StatementRefused(_("This XML is not a CAMT.053 statement."))
    account = _account(statements[0].find("Acct"))
    if any(_account(one.find("Acct")) != account for one in statements):
        raise StatementRefused(_("The file is about several accounts: import one at a time."))
    lines: list[Line] = []
    problems: list[Problem] = []
    place = 0
    for entry in (entry for one in statements for entry in one.findall("Ntry")):
        place += 1
        if _status(entry) not in BOOKED:
            continue
        try:
            lines += _lines(entry, place)
        except BadCell as error:
            problems.append(Problem(place, str(error)))
        if len(lines) > facts.MOST_LINES:
            raise StatementRefused(_("More lines than one import takes."))
    first, last = statements[0], statements[-1]
    return Statement(
        format=BankStatement.Format.CAMT053,
        lines=tuple(lines),
        problems=tuple(problems),
        account=account,
        currency=_text(first.find("Acct"), "Ccy")[:3],
        starts_on=_bound(first, "FrToDt/FrDtTm"),
        ends_on=_bound(last, "FrToDt/ToDtTm"),
        opening=_balance(first, "OPBD"),
        closing=_balance(last, "CLBD"),
    )


def _parsed(data: bytes) -> Element:
    """The tree without namespaces. No entity is expanded and no document type is read."""
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except DefusedXmlException:
        raise StatementRefused(_("The file declares entities; no bank does that.")) from None
    except (ParseError, ValueError, LookupError, RecursionError) as error:
        raise StatementRefused(_("This is broken XML: %(why)s.") % {"why": error}) from None
    for node in _nodes(root):
        node.tag = node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""
    return root


def _nodes(root: Element) -> Iterator[Element]:
    """Every node, level by level: no file makes us recurse."""
    level = [root]
    for _depth in range(DEEPEST):
        yield from level
        level = [child for node in level for child in node]
        if not level:
            return
    raise StatementRefused(_("This XML is not a CAMT.053 statement."))


def _text(node: Element | None, path: str) -> str:
    found = node.find(path) if node is not None else None
    return facts.words(found.text, 500) if found is not None else ""


def _account(node: Element | None) -> str:
    return (_text(node, "Id/IBAN") or _text(node, "Id/Othr/Id"))[:34]


def _status(entry: Element) -> str:
    return _text(entry, "Sts/Cd") or _text(entry, "Sts")


def _bound(statement: Element, path: str) -> dt.date | None:
    try:
        return facts.day(_text(statement, path))
    except BadCell:
        return None


def _balance(statement: Element, code: str) -> Decimal | None:
    for one in statement.findall("Bal"):
        if _text(one, "Tp/CdOrPrtry/Cd") == code:
            try:
                found, _currency = _sum(one.find("Amt"))
            except BadCell:
                return None
            return -found if _text(one, "CdtDbtInd") == "DBIT" else found
    return None


def _sum(node: Element | None) -> tuple[Decimal, str]:
    """Raises BadCell."""
    text = facts.words(node.text, 40) if node is not None else ""
    try:
        found = Decimal(text)
    except InvalidOperation:
        raise BadCell(_("“%(text)s” is no amount.") % {"text": text[:30]}) from None
    code = facts.currency(node.get("Ccy", "") if node is not None else "")
    return facts.checked(found, text), code


def _lines(entry: Element, place: int) -> list[Line]:
    """One for each part that has a sum of its own, when together they are the entry's."""
    whole = _line(entry, entry.find("NtryDtls/TxDtls"), place)
    parts = entry.findall("NtryDtls/TxDtls")
    if len(parts) < 2:
        return [whole]
    try:
        found = [_part(entry, part, whole) for part in parts]
    except BadCell:
        return [whole]
    return found if sum(one.amount for one in found) == whole.amount else [whole]


def _line(entry: Element, part: Element | None, place: int) -> Line:
    """Raises BadCell."""
    amount, currency = _sum(entry.find("Amt"))
    direction = _text(entry, "CdtDbtInd")
    if direction not in ("CRDT", "DBIT") or not amount:
        raise BadCell(_("It says neither that money came nor that it went."))
    is_in = direction == "CRDT"
    booked = _text(entry, "BookgDt/Dt") or _text(entry, "BookgDt/DtTm")
    return Line(
        line=place,
        booked_on=facts.day(booked or _text(entry, "ValDt/Dt")),
        amount=amount if is_in else -amount,
        currency=currency,
        reference=_text(entry, "AcctSvcrRef"),
        **_about(entry, part, is_in=is_in),
    )


def _part(entry: Element, part: Element, whole: Line) -> Line:
    node = part.find("Amt")
    amount, currency = _sum(part.find("AmtDtls/TxAmt/Amt") if node is None else node)
    if currency != whole.currency:
        raise BadCell(currency)
    sign = -1 if (_text(part, "CdtDbtInd") or _text(entry, "CdtDbtInd")) == "DBIT" else 1
    return Line(
        line=whole.line,
        booked_on=whole.booked_on,
        amount=sign * amount,
        currency=currency,
        reference=_text(part, "Refs/AcctSvcrRef") or whole.reference,
        **_about(entry, part, is_in=sign > 0),
    )


def _about(entry: Element, part: Element | None, *, is_in: bool) -> dict[str, str]:
    """Whom it came from or went to, and all that was written on it."""
    who, account = PARTIES[is_in]
    parties = part.find("RltdPties") if part is not None else None
    remittance = part.findall("RmtInf/Ustrd") if part is not None else []
    written = [facts.words(one.text, 500) for one in remittance]
    written.append(_text(part, "RmtInf/Strd/CdtrRefInf/Ref"))
    own = _text(part, "Refs/EndToEndId")
    if own.upper() not in facts.NO_REFERENCE:
        written.append(own)
    text = " ".join(filter(None, written)) or _text(entry, "AddtlNtryInf")
    return {
        "party": (_text(parties, f"{who}/Nm") or _text(parties, f"{who}/Pty/Nm"))[:140],
        "party_account": _account(parties.find(account) if parties is not None else None),
        "text": text[:500],
    }
