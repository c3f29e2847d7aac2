"""What a provider says of a payment, written into its log. What it makes of the order is settling's.

A standing is how things are and not what happened: writing it again, late or after a newer one,
adds nothing. What was taken only grows; a hold that is gone does not come back.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from payments.gateways.base import Captured, Outcome, Standing, State
from payments.models import Payment, PaymentEvent
from payments.services import captures, cards, payments, voids
from payments.services.payments import Fact
from shop.lib.money import ZERO, to_minor

Kind = PaymentEvent.Kind
Stage = PaymentEvent.Stage
REAL = (State.AUTHORIZED, State.CHARGED)


@dataclass(frozen=True, slots=True)
class News:
    """What a standing told that was not known. All of it is about money held first."""

    # The money is held now.
    is_held: bool = False
    # A part of it was taken, or the rest let go.
    is_moved: bool = False
    # The hold is gone and nobody here had asked for that.
    is_lost: bool = False


@transaction.atomic
def write(*, payment: Payment, standing: Standing, now: dt.datetime) -> News:
    """Write down all of a standing but a charge without a hold. The payment must be locked."""
    _know(payment, standing)
    if standing.state not in REAL and standing.declined_ref:
        payments.declined(
            payment=payment, reference=standing.declined_ref, message=standing.message, now=now
        )
    if standing.state in REAL:
        cards.owe_look(payment=payment, now=now)
    if standing.state == State.CLOSED:
        return _closed(payment, standing, now)
    if standing.state in REAL and payment.is_manual:
        return _held(payment, standing, now)
    return News()


def _know(payment: Payment, standing: Standing) -> None:
    """Keep the provider's names, and what is told of a card."""
    fresh: dict[str, object] = {"charge_ref": standing.charge_ref}
    if standing.state in REAL:
        # A card that was refused before the one that paid is not the payer's.
        fresh |= {"card": dict(standing.card), "fingerprint": standing.fingerprint[:64]}
    if standing.state == State.AUTHORIZED:
        fresh["is_manual"] = True
    changed = {name: new for name, new in fresh.items() if new and new != getattr(payment, name)}
    if changed:
        Payment.objects.filter(pk=payment.pk).update(**changed)
        for name, new in changed.items():
            setattr(payment, name, new)


def _held(payment: Payment, standing: Standing, now: dt.datetime) -> News:
    fact = Fact(Kind.AUTHORIZE, Stage.SUCCESS, standing.amount, standing.reference)
    is_held = payments.record(payment=payment, fact=fact, now=now)
    was = (payment.charged, payment.authorized)
    _taken(payment, standing, now)
    if standing.state == State.CHARGED:
        _give_up_pending(payment, now)
        captures.let_rest_go(payment=payment, reference=standing.reference, now=now)
    return News(is_held=is_held, is_moved=was != (payment.charged, payment.authorized))


def _taken(payment: Payment, standing: Standing, now: dt.datetime) -> None:
    """What was taken and is not in our log: our own requests first, then others' doing."""
    more = standing.taken - payment.charged
    if more <= ZERO:
        return
    waiting = captures.pending(payment=payment)
    for capture in waiting:
        if capture.amount <= more:
            more -= capture.amount
            answer = Captured(Outcome.DONE, standing.reference)
            captures.settle(capture=capture, answer=answer, now=now)
    if more > ZERO and not captures.pending(payment=payment):
        _by_others(payment, standing, more, now)


def _by_others(payment: Payment, standing: Standing, more: Decimal, now: dt.datetime) -> None:
    """Taken at the provider's own pages."""
    reference = f"{standing.reference}-{to_minor(standing.taken, standing.currency)}"
    words = _("Taken at the provider's own pages.")
    fact = Fact(Kind.CHARGE, Stage.SUCCESS, more, reference, words)
    payments.record(payment=payment, fact=fact, now=now)


def _give_up_pending(payment: Payment, now: dt.datetime) -> None:
    """Nothing more can be taken: what waits for its answer has it now."""
    for capture in captures.pending(payment=payment):
        answer = Captured(Outcome.REFUSED, message=_("The hold is gone."))
        captures.settle(capture=capture, answer=answer, now=now)


def _closed(payment: Payment, standing: Standing, now: dt.datetime) -> News:
    if payment.authorized > ZERO:
        _give_up_pending(payment, now)
        was_asked = voids.is_asked(payment)
        words = standing.message or _("The hold is gone.")
        reference = voids.reference_of(payment)
        fact = Fact(Kind.VOID, Stage.SUCCESS, payment.authorized, reference, words)
        payments.record(payment=payment, fact=fact, now=now)
        return News(is_moved=True, is_lost=not was_asked)
    if payment.is_open:
        payments.close(payment=payment, message=standing.message, now=now)
    return News()
