"""Granting refunds: the decision to give money back, line by line, before any of it moves."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.models import User
from orders.models import Claim, Order, Return, TaxLine
from payments.models import GrantedLine, GrantedRefund, Payment, Refund
from payments.services import granted_cards
from payments.services.grant_sums import (
    Asked,
    Rest,
    Share,
    TooMuchAsked,
    everything,
    fresh,
    replayed,
    shares_of,
)
from shop.lib.errors import Refused
from shop.lib.money import ZERO
from shop.lib.tax import NOTHING, Taxed

__all__ = [
    "Asked",
    "NothingToGive",
    "Share",
    "Terms",
    "TooMuchAsked",
    "Worked",
    "grant",
    "open_amount",
    "owed",
    "preview",
    "rests",
    "settle",
]

Kind = GrantedRefund.Kind
To = GrantedRefund.To


class NothingToGive(Refused):
    """Raised when nothing was asked for, or nothing is left."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How a grant came about. key: of the form, so that a second click finds the first grant."""

    to: str
    reason: str
    key: str
    actor: User | None
    now: dt.datetime
    kind: str = ""
    # What it is given for, if it is one of these.
    rma: Return | None = None
    claim: Claim | None = None


@dataclass(frozen=True, slots=True)
class Worked:
    """A grant as it would be written. unpaid: what of it was never paid."""

    shares: tuple[Share, ...]
    amount: Taxed
    unpaid: Decimal

    @property
    def money(self) -> Decimal:
        """What has to go back."""
        return self.amount.gross - self.unpaid


def rests(order: Order) -> list[Rest]:
    """What may still be granted of an order, line by line; delivery comes last."""
    rows = TaxLine.objects.filter(order=order).select_related("line")
    cards = granted_cards.lines_of(order)
    found = {
        one.pk: fresh(one, order.currency, is_card=one.line_id in cards)
        for one in rows.order_by("pk")
    }
    for row in GrantedLine.objects.filter(grant__order=order).order_by("pk"):
        found[row.tax_line_id] = replayed(found[row.tax_line_id], row)
    return sorted(found.values(), key=_place)


def _place(rest: Rest) -> tuple[bool, int, int]:
    line = rest.tax_line.line
    return (line is None, line.position if line else 0, rest.tax_line.pk)


# Working out


def preview(*, order: Order, asked: Asked) -> Worked:
    """The figures of a grant, nothing written.

    Raises NothingToGive, TooMuchAsked, granted_cards.CardsUsed.
    """
    before = rests(order)
    shares = shares_of(before, everything(before) if asked.whole else asked)
    amount = sum((one.amount for one in shares), NOTHING)
    if not amount.gross:
        raise NothingToGive(_("Choose something to give back."))
    cards = {rest.tax_line.line_id for rest in before if rest.is_card}
    for one in shares:
        if one.line and one.quantity and one.line.pk in cards:
            granted_cards.check(line=one.line, units=one.quantity, whole=asked.whole)
    return Worked(tuple(shares), amount, min(amount.gross, max(ZERO, owed(order))))


def owed(order: Order) -> Decimal:
    """What the buyer still owes for the order; below zero, what the shop owes the buyer."""
    paid = Payment.objects.filter(order=order).aggregate(
        charged=Sum("charged", default=ZERO),
        back=Sum("refunded", default=ZERO),
        leaving=Sum("refund_pending", default=ZERO),
    )
    credited = GrantedRefund.objects.filter(order=order).aggregate(all=Sum("total", default=ZERO))
    money: Decimal = paid["charged"] - paid["back"] - paid["leaving"]
    return order.total - Decimal(credited["all"]) - money


# Writing


@transaction.atomic
def grant(*, order: Order, asked: Asked, terms: Terms) -> GrantedRefund:
    """Decide a refund, once per key. The order must be locked, and its payments.

    Raises NothingToGive, TooMuchAsked, granted_cards.CardsUsed.
    """
    if known := GrantedRefund.objects.filter(order=order, key=terms.key).first():
        return known
    worked = preview(order=order, asked=asked)
    decided = GrantedRefund.objects.create(
        order=order,
        kind=terms.kind or _kind(asked),
        to=terms.to,
        reason=terms.reason[:200],
        net=worked.amount.net,
        tax=worked.amount.tax,
        total=worked.amount.gross,
        unpaid=worked.unpaid,
        granted_by=terms.actor,
        granted_at=terms.now,
        settled_at=None if worked.money else terms.now,
        key=terms.key,
        rma=terms.rma,
        claim=terms.claim,
    )
    GrantedLine.objects.bulk_create(_row(decided, one) for one in worked.shares)
    for one in worked.shares:
        if one.line and one.quantity:
            granted_cards.take_back(grant=decided, line=one.line, units=one.quantity)
    return decided


def _kind(asked: Asked) -> str:
    takes_back = asked.whole or asked.delivery or any(asked.units.values())
    return Kind.REFUND if takes_back else Kind.GOODWILL


def _row(decided: GrantedRefund, share: Share) -> GrantedLine:
    return GrantedLine(
        grant=decided,
        tax_line=share.tax_line,
        line=share.line,
        quantity=share.quantity,
        net=share.amount.net,
        tax=share.amount.tax,
        gross=share.amount.gross,
    )


# Paying out


def open_amount(decided: GrantedRefund) -> Decimal:
    """What was approved and no refund runs for: not asked for yet, or it failed."""
    rows = Refund.objects.filter(grant=decided).exclude(status=Refund.Status.FAILED)
    paid = rows.aggregate(all=Sum("amount", default=ZERO))["all"]
    return decided.total - decided.unpaid - Decimal(paid)


def settle(*, decided: GrantedRefund, now: dt.datetime) -> bool:
    """Note when the last of its money had arrived, or that some came back. True when it has."""
    done = Refund.objects.filter(grant=decided, status=Refund.Status.SUCCEEDED)
    paid = done.aggregate(all=Sum("amount", default=ZERO))["all"]
    is_settled = decided.unpaid + Decimal(paid) >= decided.total
    if is_settled != (decided.settled_at is not None):
        decided.settled_at = now if is_settled else None
        decided.save(update_fields=["settled_at"])
    return is_settled
