"""The verdict on each line of an order: whether it may come back, until when, at whose cost."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from orders.models import Order, OrderLine, ReturnRule
from orders.services import return_policy
from payments.services import grants
from shop.lib.workdays import shop_day
from shop.processes.returns import outstanding
from shop.processes.returns.arrivals import Arrived, arrivals
from shop.templatetags.shop_text import longdate

# An order is a contract from its placing, and until it is called off.
SOLD = (Order.Status.PENDING, Order.Status.CONFIRMED, Order.Status.COMPLETED)


@dataclass(frozen=True, slots=True)
class Verdict:
    """units: that may be asked back now. problem: why none, in words; "" when some may.

    until: the last day of the shop's own window; None while it has not begun. withdraw_units: that
    the law lets go back, also of what has not left; until withdraw_until (None: not begun).
    """

    units: int
    rule: ReturnRule
    until: dt.date | None = None
    problem: str = ""
    fee_percent: Decimal = Decimal(0)
    pays: str = ReturnRule.Pays.CUSTOMER
    can_exchange: bool = False
    withdraw_until: dt.date | None = None
    withdraw_units: int = 0
    # Of these, how many go back without coming back: not sent yet, or never in a parcel.
    withdraw_at_once: int = 0

    @property
    def is_open(self) -> bool:
        return not self.problem


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is known of a line, read for all lines at once."""

    left: int
    untouched: int
    arrived: Arrived
    rest: int


def verdicts(
    *, order: Order, now: dt.datetime, lines: Sequence[OrderLine] = ()
) -> dict[int, Verdict]:
    """By line, in the order of the lines. A fixed number of queries.

    lines: all of the order's with their edits, for whoever has read them.
    """
    lines = lines or list(order.lines.select_related("edit").order_by("position", "pk"))
    subjects = return_policy.subjects_of(order, lines)
    policy = return_policy.policy()
    known = _facts(order, lines)
    found = {}
    for line in lines:
        facts = known[line.pk]
        judged = _by_shop(line, policy.rule_for(subjects[line.pk]), facts, shop_day(now))
        found[line.pk] = _by_law(order, line, judged, facts, shop_day(now))
    return found


def _facts(order: Order, lines: Sequence[OrderLine]) -> dict[int, _Facts]:
    """By line. Of what is to be sent and has not left there is nothing to ask."""
    if all(line.is_shipped and not line.fulfilled for line in lines):
        return {line.pk: _Facts(0, 0, Arrived({}, None), 0) for line in lines}
    left = outstanding.left_to_return(order, lines)
    fresh = outstanding.untouched(lines)
    arrived = arrivals(order)
    rests = {one.tax_line.line_id: one.units for one in grants.rests(order)}
    return {
        line.pk: _Facts(left[line.pk], fresh.get(line.pk, 0), arrived, rests.get(line.pk, 0))
        for line in lines
    }


def may_withdraw(*, order: Order, now: dt.datetime) -> bool:
    """Whether the law lets anything of an order go back now."""
    return any(one.withdraw_units for one in verdicts(order=order, now=now).values())


def _by_shop(line: OrderLine, rule: ReturnRule, facts: _Facts, today: dt.date) -> Verdict:
    """What the shop's own rule says."""
    came = facts.arrived.lines.get(line.pk)
    until = came + dt.timedelta(days=rule.window_days) if came else None
    verdict = Verdict(
        units=min(facts.left, facts.rest) if line.is_shipped else 0,
        rule=rule,
        until=until,
        fee_percent=rule.fee_percent,
        pays=rule.pays_return,
        can_exchange=rule.allows_exchange and line.variant_id is not None,
    )
    problem = _problem(line, verdict, today)
    return replace(verdict, problem=problem, units=0) if problem else verdict


def _problem(line: OrderLine, verdict: Verdict, today: dt.date) -> str:
    if not line.is_shipped:
        return _("This was not sent in a parcel, so it can't be sent back.")
    if verdict.rule.is_final_sale:
        return _("This was a final sale: it can't be returned.")
    if not line.fulfilled:
        return _("This has not been sent yet.")
    if verdict.units <= 0:
        return _("All of it has been sent back or refunded already.")
    if verdict.until and verdict.until < today:
        return _("It could be returned until %(day)s.") % {"day": longdate(verdict.until)}
    return ""


def _by_law(
    order: Order, line: OrderLine, verdict: Verdict, facts: _Facts, today: dt.date
) -> Verdict:
    """Add what the law says, whatever the shop's rule is."""
    if order.status not in SOLD or not return_policy.is_consumer_sale(order):
        return verdict
    if return_policy.is_exempt(verdict.rule):
        return verdict
    until = _last_day(order, line, facts)
    if until is not None and until < today:
        return replace(verdict, withdraw_until=until)
    here = min(facts.left, facts.rest) if line.is_shipped else 0
    is_to_come = line.is_shipped or order.confirmed_at is None
    at_once = line.unfulfilled if is_to_come else min(facts.untouched, facts.rest)
    return replace(
        verdict,
        withdraw_until=until,
        withdraw_units=here + at_once,
        withdraw_at_once=at_once,
    )


def _last_day(order: Order, line: OrderLine, facts: _Facts) -> dt.date | None:
    """Goods: from the last parcel of the order. Anything else: from the contract."""
    if not line.is_shipped:
        start = shop_day(order.confirmed_at) if order.confirmed_at else None
    else:
        start = None if line.unfulfilled else facts.arrived.all
    return return_policy.last_legal_day(start, order.country) if start else None
