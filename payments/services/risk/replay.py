"""What rules would have caught: weigh past orders again, and tell what became of them."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from orders.models import Order
from payments.models import Dispute, RiskAssessment
from payments.services.risk.gathering import gather
from payments.services.risk.rules import Rule, Weight, reach, weigh

# So many of the newest orders are looked at, so many at a time.
LIMIT = 2_000
BATCH = 250
OUTCOMES = {
    "disputed": _("Disputed"),
    "refunded": _("Refunded"),
    "called_off": _("Called off"),
    "fine": _("Shipped fine"),
    "open": _("Not over yet"),
}
GONE = (Order.Status.CANCELED, Order.Status.EXPIRED)
SHIPPED = (Order.Fulfillment.FULFILLED, Order.Fulfillment.DELIVERED)


@dataclass(frozen=True, slots=True)
class Caught:
    """An order that would have waited. was_held: whether it did."""

    order: Order
    weight: Weight
    outcome: str
    was_held: bool


@dataclass(frozen=True, slots=True)
class Replay:
    """is_cut: there were more orders than are looked at. missed: disputed, and not caught."""

    looked_at: int
    is_cut: bool
    caught: list[Caught] = field(default_factory=list)
    missed: list[Order] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        found = Counter(one.outcome for one in self.caught)
        return {outcome: found[outcome] for outcome in OUTCOMES}


def run(*, asked: Sequence[Rule], hold_from: int, since: dt.datetime, now: dt.datetime) -> Replay:
    """Weigh the orders placed since then as if these rules had counted.

    Each is weighed with what was known when it was: nothing that came later helps.
    """
    rows = list(_orders(since, now)[: LIMIT + 1])
    orders = rows[:LIMIT]
    disputed = _disputed(orders)
    found = Replay(len(orders), len(rows) > LIMIT)
    for order, weight in _weigh_all(orders, asked):
        if weight.reasons and weight.score >= hold_from:
            was_held = _was_held(order)
            found.caught.append(Caught(order, weight, _outcome(order, disputed), was_held))
        elif order.pk in disputed:
            found.missed.append(order)
    return found


def _orders(since: dt.datetime, now: dt.datetime) -> QuerySet[Order]:
    """Those that came as far as being looked at; an order nobody ever paid is left out."""
    came_far = Q(risk__isnull=False) | Q(confirmed_at__isnull=False) | Q(paid_at__isnull=False)
    rows = Order.objects.filter(came_far, placed_at__gte=since, placed_at__lte=now)
    return rows.select_related("risk").order_by("-placed_at", "-pk")


def _weigh_all(orders: Sequence[Order], asked: Sequence[Rule]) -> Iterator[tuple[Order, Weight]]:
    for start in range(0, len(orders), BATCH):
        batch = orders[start : start + BATCH]
        known_at = {order.pk: _known_at(order) for order in batch}
        facts = gather(batch, reach=reach(asked), known_at=known_at)
        for order in batch:
            yield order, weigh(asked, facts[order.pk])


def _assessment(order: Order) -> RiskAssessment | None:
    return getattr(order, "risk", None)


def _known_at(order: Order) -> dt.datetime:
    found = _assessment(order)
    if found is not None:
        return found.assessed_at
    return order.confirmed_at or order.paid_at or order.placed_at


def _was_held(order: Order) -> bool:
    found = _assessment(order)
    return found is not None and found.verdict != RiskAssessment.Verdict.PASSED


def _disputed(orders: Sequence[Order]) -> set[int]:
    rows = Dispute.objects.filter(payment__order__in=[one.pk for one in orders])
    return set(rows.values_list("payment__order", flat=True))


def _outcome(order: Order, disputed: set[int]) -> str:
    if order.pk in disputed:
        return "disputed"
    if order.status in GONE:
        return "called_off"
    if order.refunded:
        return "refunded"
    return "fine" if order.fulfillment_status in SHIPPED else "open"
