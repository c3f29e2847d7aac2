"""What a return comes to, as things stand: goods, delivery, and the fee that is kept."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from orders.models import Order, OrderLine, Return, ReturnCheck, ReturnLine
from orders.services import return_policy
from payments.services import grants
from payments.services.grant_sums import Rest
from shop.lib.money import ZERO, round_money


@dataclass(frozen=True, slots=True)
class Sums:
    """Units by order line that are paid for, and what of it."""

    units: Mapping[int, int]
    goods: Decimal
    delivery: Decimal
    fee: Decimal


def accepted(rma: Return) -> dict[int, int]:
    """Units by order line that are paid for: what came and was not refused, or is kept."""
    if rma.way == Return.Way.KEEP:
        rows = ReturnLine.objects.filter(rma=rma)
        return dict(rows.values_list("order_line_id", "quantity"))
    found: Counter[int] = Counter()
    checks = ReturnCheck.objects.filter(line__rma=rma, is_refused=False)
    came = checks.exclude(disposition=ReturnCheck.Disposition.MISSING)
    for line_id, units in came.values_list("line__order_line_id", "quantity"):
        found[line_id] += units
    return dict(found)


def sums_of(rma: Return, taken: Mapping[int, int]) -> Sums:
    """What the units that were taken back come to, as things stand."""
    rests = grants.rests(rma.order)
    left = {one.tax_line.line_id: one for one in rests if one.tax_line.line_id}
    before = _worth_nothing(rma)
    units = {
        pk: min(count + before[pk], left[pk].units) for pk, count in taken.items() if pk in left
    }
    worth = {pk: left[pk].price_of(count) if count else ZERO for pk, count in units.items()}
    goods = sum(worth.values(), ZERO)
    return Sums(
        units=units,
        goods=goods,
        delivery=_delivery(rma, rests) if any(units.values()) else ZERO,
        fee=min(goods, _fee(rma, worth)),
    )


def _worth_nothing(rma: Return) -> Counter[int]:
    """Units that came back before and were less than half a cent: they count with the next."""
    found: Counter[int] = Counter()
    before = Return.objects.filter(order=rma.order, status=Return.Status.CLOSED, grants=None)
    for one in before.order_by("pk"):
        found.update(accepted(one))
    return found


def _fee(rma: Return, worth: Mapping[int, Decimal]) -> Decimal:
    """No more than was told when it was asked for; nothing where it is our fault."""
    if not rma.fee:
        return ZERO
    lines = [
        one.order_line
        for one in rma.lines.select_related("order_line", "reason")
        if not (one.reason and one.reason.is_our_fault)
    ]
    rules = zip(lines, return_policy.rules_of(rma.order, lines), strict=True)
    kept = sum((worth.get(line.pk, ZERO) * rule.fee_percent / 100 for line, rule in rules), ZERO)
    return min(rma.fee, round_money(kept, rma.order.currency))


def _delivery(rma: Return, rests: list[Rest]) -> Decimal:
    """All that is left of it, when the law or our fault brings back all that was sent."""
    lines = list(rma.lines.all())
    if not is_free(rma) or not were_free(rma.order) or _stays(rma, lines):
        return ZERO
    return sum((one.gross for one in rests if not one.tax_line.line_id), ZERO)


def is_free(rma: Return) -> bool:
    """Whether the law or our fault brings all of it back."""
    if rma.kind == Return.Kind.WITHDRAWAL:
        return True
    return all(one.reason and one.reason.is_our_fault for one in rma.lines.select_related("reason"))


def were_free(order: Order) -> bool:
    """The same of all that came back before."""
    before = Return.objects.filter(order=order, status=Return.Status.CLOSED)
    return all(is_free(one) for one in before.order_by("pk"))


def _stays(rma: Return, kept: list[ReturnLine]) -> bool:
    """Whether the buyer keeps anything that came, or is to come, in a parcel."""
    is_kept = rma.way == Return.Way.KEEP
    units = {one.order_line_id: one.quantity for one in kept}
    lines = OrderLine.objects.filter(order=rma.order, is_shipped=True)
    return any(
        line.quantity - line.canceled - line.returned > (units.get(line.pk, 0) if is_kept else 0)
        for line in lines
    )
