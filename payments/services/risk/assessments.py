"""An order is weighed, and a person's word ends it."""

import datetime as dt

from django.conf import settings
from django.utils import translation

from orders.models import Order
from orders.services.orders import Move
from payments.models import RiskAssessment
from payments.services.risk.gathering import gather
from payments.services.risk.rules import Weight, active_rules, policy, reach, weigh

Verdict = RiskAssessment.Verdict
DECIDED = (Verdict.ACCEPTED, Verdict.REJECTED)


def assess(*, order: Order, now: dt.datetime) -> RiskAssessment:
    """Weigh an order that waits to be confirmed. It must be locked.

    Until it is confirmed or a person has decided, asking again weighs it anew, for cards tell of
    themselves late. What was held once stays held: only a person lets it go.
    """
    known = RiskAssessment.objects.filter(order=order).first()
    if known and (known.verdict in DECIDED or not order.can_confirm):
        return known
    return _weighed(order, known, now)


def look_again(*, order: Order, now: dt.datetime) -> RiskAssessment | None:
    """Weigh an order anew, confirmed or not: news has come. None when it never was weighed.

    It must be locked.
    """
    known = RiskAssessment.objects.filter(order=order).first()
    if known is None or known.verdict in DECIDED:
        return known
    return _weighed(order, known, now)


def _weighed(order: Order, known: RiskAssessment | None, now: dt.datetime) -> RiskAssessment:
    weight, says = weight_of(order, now), policy()
    was_held = known is not None and known.verdict == Verdict.HELD
    is_looked_at = says.verify_everything and order.can_confirm
    waits = was_held or is_looked_at or weight.score >= says.hold_from
    found, _is_new = RiskAssessment.objects.update_or_create(
        order=order,
        defaults={
            "score": max(-9999, min(weight.score, 9999)),
            "hold_from": says.hold_from,
            "reasons": weight.reasons,
            "verdict": Verdict.HELD if waits else Verdict.PASSED,
            "assessed_at": now,
        },
    )
    return found


def weight_of(order: Order, now: dt.datetime) -> Weight:
    """What the rules say, in the staff's language whoever is shopping."""
    asked = active_rules()
    facts = gather([order], reach=reach(asked), known_at={order.pk: now})
    with translation.override(settings.LANGUAGE_CODE):
        return weigh(asked, facts[order.pk])


def decide(*, order: Order, is_good: bool, move: Move) -> bool:
    """Keep a person's word on an order that waits for one. False when none was asked for."""
    verdict = Verdict.ACCEPTED if is_good else Verdict.REJECTED
    waiting = RiskAssessment.objects.filter(order=order, verdict=Verdict.HELD)
    return bool(waiting.update(verdict=verdict, decided_by=move.actor, decided_at=move.now))
