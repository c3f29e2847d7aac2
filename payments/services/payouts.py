"""What a provider says of its payouts and the shop's balance there: kept once, matched, booked."""

import datetime as dt
from typing import TypeVar

from django.db import models, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from payments.gateways.base import BalanceLine, PayoutStanding
from payments.models import Dispute, JournalEntry, Payment, Payout, PayoutLine, Refund
from payments.services.books import payouts as books
from shop.lib.errors import Refused
from shop.lib.locks import locked

M = TypeVar("M", bound=models.Model)
PROVIDER = "card"
Status = Payout.Status
Kind = PayoutLine.Kind
# News may be old: what is decided never goes back to being on its way.
DECIDED = (Status.PAID, Status.FAILED, Status.CANCELED)


class MatchedBefore(Refused):
    """Raised when a line is to be matched that already was."""


@transaction.atomic
def keep_payout(*, standing: PayoutStanding, now: dt.datetime) -> Payout:
    """Write a payout down once, follow its status, book it when it has arrived or came back."""
    found, _is_new = Payout.objects.get_or_create(
        provider=PROVIDER,
        provider_ref=standing.reference,
        defaults={
            "amount": standing.amount,
            "currency": standing.currency,
            "created_at": standing.created_at,
            "arrives_on": standing.arrives_on,
        },
    )
    payout = locked(Payout.objects.filter(pk=found.pk))[0]
    if standing.status not in DECIDED and payout.status in DECIDED:
        return payout
    payout.status, payout.arrives_on = standing.status, standing.arrives_on
    payout.save(update_fields=["status", "arrives_on"])
    _book(payout, now)
    return payout


def _book(payout: Payout, now: dt.datetime) -> None:
    if payout.status == Status.PAID:
        books.post_payout(payout=payout, now=now)
    elif payout.status == Status.FAILED and _arrived(payout):
        books.post_payout_failed(payout=payout, now=now)


def _arrived(payout: Payout) -> bool:
    """Whether it was taken for arrived before it failed."""
    return JournalEntry.objects.filter(source=f"payout-{payout.pk}").exists()


@transaction.atomic
def keep_line(*, fact: BalanceLine, payout: Payout | None, now: dt.datetime) -> PayoutLine:
    """Write a movement down once, name its payout once it has one, match it, book its fee."""
    line, _is_new = PayoutLine.objects.get_or_create(
        provider=PROVIDER,
        provider_ref=fact.reference,
        defaults={
            "kind": fact.kind,
            "about": _about(fact),
            "gross": fact.gross,
            "fee": fact.fee,
            "net": fact.net,
            "currency": fact.currency,
            "happened_at": fact.happened_at,
            "words": fact.words[:200],
        },
    )
    if payout is not None and line.payout_id is None:
        line.payout = payout
        line.save(update_fields=["payout"])
    if line.matched_at is None:
        match(line=line, now=now, refund_key=fact.refund_key)
    books.post_line(line=line, now=now)
    return line


def _about(fact: BalanceLine) -> str:
    """What our own rows know it by: a charge by its payment, the rest by themselves."""
    return fact.charge_ref if fact.kind == Kind.CHARGE and fact.charge_ref else fact.about


def match(*, line: PayoutLine, now: dt.datetime, refund_key: str = "") -> bool:
    """Find what a line is about. False when nothing of ours is known by that name."""
    if line.kind == Kind.REFUND:
        line.refund = _refund(line, refund_key)
        line.payment = line.refund.payment if line.refund else None
    elif line.kind == Kind.DISPUTE:
        line.dispute = _first(Dispute.objects.select_related("payment"), provider_ref=line.about)
        line.payment = line.dispute.payment if line.dispute else None
    elif line.kind == Kind.CHARGE:
        line.payment = _first(Payment.objects.select_related("order"), charge_ref=line.about)
    # A provider's own fee is about no order: it is understood as it is.
    if line.payment is None and line.kind != Kind.FEE:
        return False
    line.matched_at = now
    line.save(update_fields=["refund", "dispute", "payment", "matched_at"])
    return True


def _refund(line: PayoutLine, key: str) -> Refund | None:
    refunds = Refund.objects.select_related("payment__order")
    number = key.removeprefix("refund-")
    if number.isdecimal() and (found := refunds.filter(pk=int(number)).first()):
        return found
    return _first(refunds, provider_ref=line.about)


def _first(rows: "QuerySet[M]", **known: str) -> M | None:
    """The row known by this name; none for an empty one."""
    return rows.filter(**known).order_by("pk").first() if all(known.values()) else None


def match_again(*, now: dt.datetime) -> int:
    """Look once more for what unmatched lines are about. How many were found."""
    found = 0
    for pk in unmatched().values_list("pk", flat=True):
        with transaction.atomic():
            line = locked(PayoutLine.objects.filter(pk=pk, matched_at=None))
            if line and match(line=line[0], now=now):
                books.post_line(line=line[0], now=now)
                found += 1
    return found


def unmatched() -> "QuerySet[PayoutLine]":
    """Oldest first."""
    return PayoutLine.objects.filter(matched_at=None).order_by("happened_at", "pk")


@transaction.atomic
def match_to(*, line_id: int, payment: Payment | None, now: dt.datetime) -> PayoutLine:
    """A person says which payment a line is about, or that it is about none of ours.

    Its fee is booked already; what else it moved is entered by hand. Raises MatchedBefore.
    """
    line = locked(PayoutLine.objects.filter(pk=line_id))[0]
    if line.matched_at is not None:
        raise MatchedBefore(_("This line is matched already."))
    line.payment, line.matched_at = payment, now
    line.save(update_fields=["payment", "matched_at"])
    books.post_line(line=line, now=now)
    return line
