"""What sending something back would bring, and why it can't be done, before anything is written."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from orders.models import Order, OrderLine, Return, ReturnReason
from orders.services import return_policy
from payments.services import grants
from shop.lib.money import ZERO, round_money
from shop.processes.returns.judging import Verdict, verdicts
from shop.processes.returns.sums import were_free
from shop.processes.returns.swapping import swaps_of
from shop.processes.returns.wanted import Estimate, Swap, Wanted


def estimate(
    *,
    order: Order,
    wanted: Sequence[Wanted],
    wish: str,
    swaps: Mapping[int, int] | None = None,
    now: dt.datetime,
    is_withdrawal: bool = False,
) -> Estimate:
    """The figures of a return as they stand today; what is found on inspection may change them."""
    lines = {line.pk: line for line in order.lines.all()}
    known = verdicts(order=order, now=now)
    reasons = {one.code: one for one in return_policy.reasons()}
    problems = _problems(wanted, known, lines, is_withdrawal=is_withdrawal)
    if not is_withdrawal:
        problems += [
            _("Choose a reason for every piece.")
            for one in wanted[:1]
            if any(it.reason not in reasons for it in wanted)
        ]
    asked = [one for one in wanted if one.line_id in known and one.units > 0]
    swapped: dict[int, Swap] = {}
    if wish == Return.Wish.EXCHANGE:
        swapped, more = swaps_of(order, asked, swaps or {}, known, now)
        problems += more
    return _figures(order, asked, _Terms(known, reasons, is_withdrawal), problems, swapped)


@dataclass(frozen=True, slots=True)
class _Terms:
    verdicts: Mapping[int, Verdict]
    reasons: Mapping[str, ReturnReason]
    is_withdrawal: bool

    def is_free(self, one: Wanted) -> bool:
        """No fee is kept: the law says so, or it is our fault."""
        reason = self.reasons.get(one.reason)
        return self.is_withdrawal or bool(reason and reason.is_our_fault)


def _problems(
    wanted: Sequence[Wanted],
    known: Mapping[int, Verdict],
    lines: Mapping[int, OrderLine],
    *,
    is_withdrawal: bool,
) -> list[str]:
    if not any(one.units > 0 for one in wanted):
        return [_("Choose what you want to send back.")]
    if len({one.line_id for one in wanted}) < len(wanted):
        return [_("Name each line once.")]
    found = []
    for one in wanted:
        verdict = known.get(one.line_id)
        if verdict is None or one.units < 0:
            found.append(_("That is not a line of this order."))
            continue
        most = verdict.withdraw_units if is_withdrawal else verdict.units
        if one.units > most:
            found.append(_too_many(lines[one.line_id], verdict, most))
    return found


def _too_many(line: OrderLine, verdict: Verdict, most: int) -> str:
    why = verdict.problem or _("At most %(count)s can be sent back.") % {"count": most}
    return f"{line.title}: {why}"


def _figures(
    order: Order,
    asked: Sequence[Wanted],
    terms: _Terms,
    problems: list[str],
    swaps: Mapping[int, Swap],
) -> Estimate:
    rests = grants.rests(order)
    left = {one.tax_line.line_id: one for one in rests if one.tax_line.line_id}
    goods = fee = ZERO
    for one in asked:
        rest = left[one.line_id]
        worth = rest.price_of(min(one.units, rest.units)) if rest.units else ZERO
        goods += worth
        if not terms.is_free(one):
            fee += worth * terms.verdicts[one.line_id].fee_percent / 100
    fee = round_money(fee, order.currency)
    whole = all(terms.is_free(one) for one in asked) and _is_all(order, asked) and were_free(order)
    delivery = (
        sum((one.gross for one in rests if not one.tax_line.line_id), ZERO) if whole else ZERO
    )
    worth_new = sum((one.gross for one in swaps.values()), ZERO)
    days = [terms.verdicts[one.line_id] for one in asked]
    until = [
        day for one in days if (day := one.withdraw_until if terms.is_withdrawal else one.until)
    ]
    return Estimate(
        goods=goods,
        delivery=delivery,
        fee=fee,
        total=max(ZERO, goods + delivery - fee - worth_new),
        difference=worth_new + fee - goods - delivery if swaps else ZERO,
        until=min(until, default=None),
        problems=problems,
        swaps=swaps,
        with_delivery=whole,
    )


def _is_all(order: Order, asked: Iterable[Wanted]) -> bool:
    """Whether nothing that was sent, or is to be, stays with the buyer."""
    units = {one.line_id: one.units for one in asked}
    lines = [line for line in order.lines.all() if line.is_shipped]
    return bool(units) and all(
        line.quantity - line.canceled - line.returned <= units.get(line.pk, 0) for line in lines
    )
