"""Banking: statements come in, and each of their lines finds what it is about."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from orders.models import Order
from orders.services import orders
from orders.services.orders import Move
from payments.gateways import BALANCES
from payments.gateways.base import Standing, State
from payments.models import BankLine, BankStatement, Payment, Payout
from payments.services import matching, payments
from payments.services.statements import Statement
from shop.lib.errors import Refused
from shop.lib.locks import locked
from shop.lib.money import ZERO
from shop.processes import refunding
from shop.processes.checkout import settling

Status = BankLine.Status
BATCH = 300


class KnownStatement(Refused):
    """Raised when the very same file was imported before."""


class NotMatched(Refused):
    """Raised when a line can't be what somebody says it is."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came."""

    name: str
    data: bytes

    @property
    def digest(self) -> str:
        return sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a file: lines that are new, and how many stood in another file already."""

    statement: BankStatement
    added: int
    known: int


# Coming in


def known_lines(statement: Statement) -> set[str]:
    """References of the lines that an earlier file brought."""
    wanted = [line.reference for line in statement.lines]
    return set(BankLine.objects.filter(bank_ref__in=wanted).values_list("bank_ref", flat=True))


def known_file(upload: Upload) -> BankStatement | None:
    return BankStatement.objects.filter(digest=upload.digest).first()


@transaction.atomic(durable=True)
def import_statement(
    *, statement: Statement, upload: Upload, actor: User | None, now: dt.datetime
) -> Imported:
    """Keep a statement and those of its lines that are new. Raises KnownStatement."""
    row, is_new = BankStatement.objects.get_or_create(
        digest=upload.digest,
        defaults={
            "format": statement.format,
            "name": upload.name[:120],
            "account": statement.account[:40],
            "currency": statement.currency,
            "starts_on": statement.starts_on,
            "ends_on": statement.ends_on,
            "opening": statement.opening,
            "closing": statement.closing,
            "imported_by": actor,
            "imported_at": now,
        },
    )
    if not is_new:
        raise KnownStatement(_("This file was imported before."))
    BankLine.objects.bulk_create(
        (
            BankLine(
                statement=row,
                bank_ref=line.reference,
                booked_on=line.booked_on,
                amount=line.amount,
                currency=line.currency,
                party=line.party,
                party_account=line.party_account,
                text=line.text,
            )
            for line in statement.lines
        ),
        batch_size=1000,
        # Two overlapping files at once: a line is whoever's came first.
        ignore_conflicts=True,
    )
    added = BankLine.objects.filter(statement=row).count()
    return Imported(row, added, len(statement.lines) - added)


# Finding what a line is about


def match_open(
    *, now: dt.datetime, limit: int = BATCH, statement: BankStatement | None = None
) -> int:
    """Match what is beyond doubt, oldest first. Returns how many lines. Safe to run twice at once."""
    waiting = BankLine.objects.filter(status=Status.OPEN).order_by("booked_on", "pk")
    waiting = waiting.filter(statement=statement) if statement else waiting
    return sum(match_if_sure(line, now=now) for line in list(waiting[:limit]))


def match_if_sure(line: BankLine, *, now: dt.datetime) -> bool:
    """Match one line when it is beyond doubt."""
    found = matching.sure(line)
    if found is None:
        return False
    try:
        match(line_id=line.pk, choices=[found.value], actor=None, now=now)
    except Refused:
        return False
    return True


@transaction.atomic(durable=True)
def match(
    *, line_id: int, choices: Sequence[str], actor: User | None, now: dt.datetime
) -> BankLine:
    """Say what a line is about: "order-7", several of them, "refund-3" or "payout-2".

    Money for several orders pays each in full in turn, the last gets what is left. What nobody
    chose by hand (no actor) must still agree to the cent. Raises NotMatched.
    """
    kinds = {choice.partition("-")[0] for choice in choices}
    keys = [int(choice.partition("-")[2]) for choice in choices]
    move = Move(now, actor)
    if kinds == {"order"}:
        return _match_orders(line_id, keys, move)
    if len(keys) == 1 and kinds == {"refund"}:
        return _match_refund(line_id, keys[0], move)
    if len(keys) == 1 and kinds == {"payout"}:
        return _match_payout(line_id, keys[0], move)
    raise NotMatched(_("Choose orders, or one refund, or one payout."))


def _match_orders(line_id: int, order_ids: list[int], move: Move) -> BankLine:
    # Orders before the line, as everywhere.
    found = {one.pk: one for one in locked(Order.objects.filter(pk__in=order_ids))}
    line = _open_line(line_id)
    chosen = [found[pk] for pk in dict.fromkeys(order_ids) if pk in found]
    if line.amount < 0 or not chosen:
        raise NotMatched(_("Money that left the account pays no order."))
    if any(order.currency != line.currency for order in chosen):
        raise NotMatched(_("The order is in another currency."))
    if move.actor is None and payments.left_to_pay(chosen[0]) != line.amount:
        raise NotMatched(_("Its amount is not what is left to pay."))
    paid = [
        _pay(order, line, amount, move) for order, amount in _shares(chosen, line.amount) if amount
    ]
    return _matched(line, move, payment=paid[0])


def _shares(chosen: list[Order], amount: Decimal) -> list[tuple[Order, Decimal]]:
    """Each order what it asks for, in turn; the last one all that is left."""
    shares = []
    for order in chosen[:-1]:
        part = min(amount, payments.left_to_pay(order))
        shares.append((order, part))
        amount -= part
    return [*shares, (chosen[-1], amount)]


def _pay(order: Order, line: BankLine, amount: Decimal, move: Move) -> Payment:
    payment = matching.attempt(order=order, amount=amount, now=move.now)
    payment = payments.lock(payment_id=payment.pk)
    reference = f"bank-line-{line.pk}-{order.number}"
    orders.note(order=order, text=_("Money on the bank statement: %s") % line, move=move)
    settling.charged(
        order=order,
        payment=payment,
        standing=Standing(State.CHARGED, amount, order.currency, reference),
        now=move.now,
    )
    return payment


def _match_refund(line_id: int, refund_id: int, move: Move) -> BankLine:
    # Order, payment and refund before the line, as everywhere.
    asked = refunding.sent_within(refund_id=refund_id, reference=f"line-{line_id}", move=move)
    line = _open_line(line_id)
    if (asked.amount, asked.payment.currency) != (-line.amount, line.currency):
        raise NotMatched(_("The refund is over another amount."))
    return _matched(line, move, refund=asked)


def _match_payout(line_id: int, payout_id: int, move: Move) -> BankLine:
    payout = locked(Payout.objects.filter(pk=payout_id))[0]
    line = _open_line(line_id)
    if BankLine.objects.filter(payout=payout).exists():
        raise NotMatched(_("This payout is on another line."))
    if (payout.amount, payout.currency) != (line.amount, line.currency):
        raise NotMatched(_("The payout is over another amount."))
    return _matched(line, move, payout=payout)


def _open_line(line_id: int) -> BankLine:
    line = locked(BankLine.objects.filter(pk=line_id))[0]
    if line.status != Status.OPEN:
        raise NotMatched(_("Somebody has dealt with this line meanwhile."))
    return line


def _matched(line: BankLine, move: Move, **about: object) -> BankLine:
    for name, value in about.items():
        setattr(line, name, value)
    line.status, line.matched_by, line.matched_at = Status.MATCHED, move.actor, move.now
    line.save()
    return line


# By hand


@transaction.atomic(durable=True)
def set_aside(*, line_id: int, note: str, actor: User | None, now: dt.datetime) -> BankLine:
    """A line is nobody's business here; the note says why. Raises NotMatched."""
    if not note.strip():
        raise NotMatched(_("Say what it is, so that nobody has to ask again."))
    line = _open_line(line_id)
    line.status, line.note = Status.SET_ASIDE, note.strip()[:200]
    line.matched_by, line.matched_at = actor, now
    line.save()
    return line


@transaction.atomic(durable=True)
def undo(*, line_id: int) -> BankLine:
    """Open a line again that was set aside. A match is money on record and stays. NotMatched."""
    line = locked(BankLine.objects.filter(pk=line_id))[0]
    if line.status != Status.SET_ASIDE:
        raise NotMatched(_("Only what was set aside can be opened again."))
    line.status, line.note, line.matched_by, line.matched_at = Status.OPEN, "", None, None
    line.save()
    return line


@transaction.atomic(durable=True)
def refund_excess(*, order_id: int, actor: User | None, now: dt.datetime) -> Decimal:
    """Send back what came in beyond what an order costs; returns how much.

    It takes nothing off the sale. Raises NotMatched when nothing is too much.
    """
    order = orders.lock(order_id=order_id)
    rows = locked(Payment.objects.filter(order=order).exclude(provider__in=BALANCES))
    whole = left = matching.excess(order)
    for payment in reversed(rows):
        payment.order = order
        part = min(left, payments.give_back_left(payment))
        if part > ZERO:
            reason = _("Paid more than was asked.")
            refunding.give_back(payment=payment, reason=reason, actor=actor, now=now, most=part)
            left -= part
    if whole == left:
        raise NotMatched(_("No more came in than was asked."))
    return whole - left
