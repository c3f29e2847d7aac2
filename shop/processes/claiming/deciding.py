"""Deciding a claim: paid, sent again, or not; the carrier is asked first where that helps."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from orders.models import Claim, OrderEdit
from orders.services import claims
from orders.services.orders import Move
from payments.models import GrantedRefund
from payments.services import grants
from payments.services.grant_sums import Asked
from payments.services.grants import Terms
from shop.lib.money import ZERO
from shop.processes import editing, refunding
from shop.processes.claiming.telling import ANSWERED_WITHIN, CannotClaim, owe
from shop.processes.editing import Added
from shop.processes.returns import outstanding, paying

Status, Outcome = Claim.Status, Claim.Outcome


@transaction.atomic(durable=True)
def investigate(*, claim_id: int, actor: User | None, now: dt.datetime) -> Claim:
    """The carrier is asked. Raises CannotClaim."""
    _order, claim = claims.lock(claim_id=claim_id)
    _check(claim, Status.INVESTIGATING)
    claims.move_to(claim=claim, status=Status.INVESTIGATING, move=Move(now, actor))
    return claim


@transaction.atomic(durable=True)
def accept(
    *,
    claim_id: int,
    outcome: str = "",
    carrier_pays: Decimal | None = None,
    actor: User | None,
    now: dt.datetime,
) -> Claim:
    """Pay it or send it again, as wished unless told. carrier_pays: in the books' currency.

    Raises CannotClaim, OutOfStock, TooMuch.
    """
    order, claim = claims.lock(claim_id=claim_id)
    _check(claim, Status.ACCEPTED)
    claim.outcome = outcome or claim.wish
    if claim.outcome not in Outcome:
        raise CannotClaim(_("Money back, or sent again?"))
    claim.carrier_pays = claim.carrier_pays if carrier_pays is None else carrier_pays
    move = Move(now, actor)
    claims.move_to(claim=claim, status=Status.ACCEPTED, move=move)
    paying.hold_money(order)
    if claim.outcome == Outcome.REPLACE:
        claim.edit = _send_again(claim, move)
    else:
        _pay(claim, move)
    claims.move_to(claim=claim, status=Status.SETTLED, move=move)
    owe(claim, "claim_decided", now)
    return claim


def _send_again(claim: Claim, move: Move) -> OrderEdit:
    added = [
        Added(one.order_line.variant, one.quantity, ZERO)
        for one in claim.lines.select_related("order_line__variant__product").order_by("pk")
        if one.order_line.variant
    ]
    if not added:
        raise CannotClaim(_("These pieces are not made any more: give the money back."))
    return editing.amend_within(
        order=claim.order,
        cause=OrderEdit.Cause.CLAIM,
        add=added,
        remove={},
        reason=_reason(claim),
        key=claim.number,
        move=move,
    )


def _pay(claim: Claim, move: Move) -> None:
    """What the units cost; delivery too when nothing of the order arrived as it should."""
    rests = grants.rests(claim.order)
    left = {one.tax_line.line_id: one for one in rests if one.tax_line.line_id}
    rows = claim.lines.values_list("order_line_id", "quantity")
    units = {pk: min(count, left[pk].units) for pk, count in rows if pk in left}
    units = {pk: count for pk, count in units.items() if count}
    worth = sum((left[pk].price_of(count) for pk, count in units.items()), ZERO)
    is_all = all(
        one.units <= units.get(pk, 0)
        for pk, one in left.items()
        if one.tax_line.line and one.tax_line.line.is_shipped
    )
    delivery = sum((one.gross for one in rests if not one.tax_line.line_id), ZERO)
    delivery = delivery if is_all and units else ZERO
    if not worth + delivery:
        return
    to = GrantedRefund.To.ORIGIN
    terms = Terms(to, _reason(claim), claim.number, move.actor, move.now, claim=claim)
    refunding.give(order=claim.order, asked=Asked(units, delivery), terms=terms)


def _reason(claim: Claim) -> str:
    words = {"number": claim.number, "what": claim.get_kind_display()}
    return _("Claim %(number)s: %(what)s") % words


@transaction.atomic(durable=True)
def decline(*, claim_id: int, reason: str, actor: User | None, now: dt.datetime) -> Claim:
    """Say no, and why; the buyer reads it. Raises CannotClaim."""
    if not reason.strip():
        raise CannotClaim(_("Say why; the customer reads it."))
    _order, claim = claims.lock(claim_id=claim_id)
    _check(claim, Status.DECLINED)
    claim.decline_reason = reason.strip()[:300]
    claims.move_to(claim=claim, status=Status.DECLINED, move=Move(now, actor, reason))
    owe(claim, "claim_decided", now)
    return claim


@transaction.atomic(durable=True)
def cancel(*, claim_id: int, actor: User | None, now: dt.datetime) -> Claim:
    """It turned up, or its sender thought better of it. Raises CannotClaim."""
    _order, claim = claims.lock(claim_id=claim_id)
    _check(claim, Status.CANCELED)
    claims.move_to(claim=claim, status=Status.CANCELED, move=Move(now, actor))
    return claim


@transaction.atomic(durable=True)
def reopen(*, claim_id: int, actor: User | None, now: dt.datetime) -> Claim:
    """Look at a declined claim again. Raises CannotClaim."""
    order, claim = claims.lock(claim_id=claim_id)
    _check(claim, Status.OPEN)
    rows = list(order.lines.select_related("edit"))
    left = outstanding.left_to_claim(order, rows)
    asked = dict(claim.lines.values_list("order_line_id", "quantity"))
    if any(count > left.get(pk, 0) for pk, count in asked.items()):
        raise CannotClaim(_("It has been sorted out another way meanwhile."))
    claim.due_at = now + ANSWERED_WITHIN
    claims.move_to(claim=claim, status=Status.OPEN, move=Move(now, actor))
    return claim


def _check(claim: Claim, status: str) -> None:
    if not claims.can(claim, status):
        words = _("%(number)s is %(state)s: that can't be done now.")
        state = claim.get_status_display().lower()
        raise CannotClaim(words % {"number": claim.number, "state": state})
