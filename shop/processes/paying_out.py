"""Paying out: ask the card provider what it sent to the bank and what that was made of."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from payments.gateways.base import BalanceLine, NotKnown, PayoutStanding
from payments.gateways.stripe import payout_lines, payout_standing, payouts_since, unpaid_lines
from payments.models import Payout, PayoutLine
from payments.services import payouts

# So far back a payout may still fail, and a line may still be found missing.
LOOK_BACK = dt.timedelta(days=14)
FIRST_TIME = dt.timedelta(days=90)


def look(*, ref: str, now: dt.datetime) -> bool:
    """Ask about one payout and keep what is said. False when the provider knows none.

    Raises GatewayUnreachable.
    """
    try:
        standing = payout_standing(ref)
    except NotKnown:
        return False
    keep(standing=standing, lines=payout_lines(ref), now=now)
    return True


@transaction.atomic(durable=True)
def keep(*, standing: PayoutStanding, lines: Sequence[BalanceLine], now: dt.datetime) -> Payout:
    """Write down a payout with all it is made of, however often it is told."""
    payout = payouts.keep_payout(standing=standing, now=now)
    for line in sorted(lines, key=lambda one: one.reference):
        payouts.keep_line(fact=line, payout=payout, now=now)
    return payout


def sync(*, now: dt.datetime) -> int:
    """Ask about all recent payouts, and about movements that are not paid out yet.

    How many payouts were told of. Raises GatewayUnreachable.
    """
    since = _since(now)
    told = payouts_since(since)
    waiting = Payout.objects.filter(status=Payout.Status.PENDING, created_at__lt=since)
    told += [payout_standing(name) for name in waiting.values_list("provider_ref", flat=True)]
    for standing in told:
        keep(standing=standing, lines=_lines_of(standing), now=now)
    for line in unpaid_lines(since):
        with transaction.atomic(durable=True):
            payouts.keep_line(fact=line, payout=None, now=now)
    payouts.match_again(now=now)
    return len(told)


def _lines_of(standing: PayoutStanding) -> Sequence[BalanceLine]:
    """What a payout is made of; asked once, for it never changes."""
    known = PayoutLine.objects.filter(payout__provider_ref=standing.reference)
    return [] if known.exists() else payout_lines(standing.reference)


def _since(now: dt.datetime) -> dt.datetime:
    """As far back as something may be new."""
    last = PayoutLine.objects.order_by("-happened_at").values_list("happened_at", flat=True)
    newest = last.first()
    return now - FIRST_TIME if newest is None else min(newest, now) - LOOK_BACK
