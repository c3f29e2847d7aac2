"""Rules for orders: when this happens and that is true, do those things, and write it down."""

import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from orders.models import Order, OrderRule, OrderRuleRun
from orders.services import orders, rules
from orders.services.orders import Move
from orders.services.rules import ACTS, BadRule, Known
from payments.models import RiskAssessment
from shop.lib import rulebook
from shop.lib.errors import Refused
from shop.outbox import delivery as outbox
from shop.outbox.models import post

logger = logging.getLogger(__name__)
TOPIC = "orders.rules"
# So many of the newest orders a rule is tried on.
LIMIT = 500
SHOWN = 100


def happened(*, order: Order, when: str, occasion: str = "", now: dt.datetime) -> None:
    """Owe the rules a look at the order, in the caller's transaction; once an occasion.

    when: an OrderRule.When. occasion: which time, where it can happen more than once.
    """
    rules = OrderRule.objects
    if not rulebook.kept(f"rules:{when}", rules.filter(when=when, is_active=True).exists):
        return
    which = occasion or when
    post(
        topic=TOPIC,
        key=f"order-{order.number}-rules-{when}-{which}",
        payload={"order_id": order.pk, "when": when, "occasion": which},
        now=now,
    )
    outbox.ring()


@transaction.atomic
def run(*, order_id: int, when: str, occasion: str, now: dt.datetime) -> list[OrderRuleRun]:
    """Let each rule of this moment meet the order, once an occasion. Returns what was done."""
    order = orders.lock(order_id=order_id)
    met = OrderRuleRun.objects.filter(order=order, occasion=occasion).values("rule")
    made: list[OrderRuleRun] = []
    known = None
    for rule in _rules(when).exclude(pk__in=met):
        known = known or _known([order])[0]
        if done := _meet(rule, known, occasion, now):
            made.append(done)
            # What this rule did may matter to the next one.
            known = None
    return made


def _rules(when: str) -> QuerySet[OrderRule]:
    return OrderRule.objects.filter(when=when, is_active=True).order_by("position", "pk")


def _meet(rule: OrderRule, known: Known, occasion: str, now: dt.datetime) -> OrderRuleRun | None:
    try:
        conditions = rules.read_conditions(rule.conditions)
    except BadRule:
        logger.exception("rule can't be read", extra={"rule": rule.pk})
        return None
    if not rules.holds(conditions, known):
        return None
    order, move = known.order, Move(now=now, note=rule.name)
    return OrderRuleRun.objects.create(
        rule=rule,
        order=order,
        occasion=occasion,
        done=[_act(order, one, move) for one in rule.actions],
        at=now,
    )


def _act(order: Order, asked: dict[str, str], move: Move) -> dict[str, object]:
    """One refusal does not stop the rest."""
    try:
        code, value = rules.read_actions([asked])[0]
        with transaction.atomic():
            words, is_done = ACTS[code].run(order, value, move), True
    except Refused as refusal:
        words, is_done = refusal.message, False
    return {**asked, "done": is_done, "words": words}


def _known(found: Sequence[Order]) -> list[Known]:
    points = RiskAssessment.objects.filter(order__in=found).values_list("order_id", "score")
    return rules.gather(found, risks=dict(points))


@dataclass(frozen=True, slots=True)
class Trial:
    """What a rule would have met among past orders. met: the newest of them."""

    looked_at: int
    count: int
    met: list[Order]
    acts: list[str]


def try_out(*, rule: OrderRule, since: dt.datetime, now: dt.datetime) -> Trial:
    """Hold a rule against the newest orders placed since, as they are today. Changes nothing.

    Raises BadRule.
    """
    conditions = rules.read_conditions(rule.conditions)
    placed = Order.objects.filter(placed_at__gte=since, placed_at__lte=now)
    rows = placed.exclude(status=Order.Status.DRAFT).select_related("market")
    found = list(rows.order_by("-placed_at", "-pk")[:LIMIT])
    met = [one.order for one in _known(found) if rules.holds(conditions, one)]
    acts = [
        _("%(act)s: %(value)s") % {"act": ACTS[code].name, "value": value}
        for code, value in rules.read_actions(rule.actions)
    ]
    return Trial(len(found), len(met), met[:SHOWN], acts)
