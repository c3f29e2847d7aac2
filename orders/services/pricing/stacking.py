"""Which deals apply together, and what is said of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orders.services.pricing.basket import Basket
from orders.services.pricing.deals import Deal, Situation
from orders.services.pricing.lanes import Run, run
from orders.services.pricing.reasons import Code, Reason

Reasons = Mapping[int, Reason]


@dataclass(frozen=True, slots=True)
class Choice:
    """The best way to combine deals. alone: the exclusive deal that stands instead of the rest."""

    chosen: Run
    alone: Deal | None
    together: Run
    by_itself: Mapping[int, Run]

    def run_of(self, deal: Deal) -> Run:
        """The run that the deal was part of, chosen or not."""
        return self.by_itself[deal.key] if deal.is_exclusive else self.together


def refusals(deals: Sequence[Deal], basket: Basket, situation: Situation) -> Reasons:
    """Deals that are out before anything is computed, and why."""
    found = {}
    for deal in deals:
        reason = deal.refusal or _unmet(deal, basket, situation)
        if reason:
            found[deal.key] = reason
    return found


def _unmet(deal: Deal, basket: Basket, situation: Situation) -> Reason | None:
    for condition in deal.conditions:
        if reason := condition.unmet(basket, situation):
            return reason
    return None


def choose(deals: Sequence[Deal], basket: Basket) -> Choice:
    """Of each exclusive deal alone and all others together, what takes most off.

    Equal ones: the others together, then the lower key; deals come in order of their keys.
    """
    together = run([deal for deal in deals if not deal.is_exclusive], basket)
    by_itself = {deal.key: run([deal], basket) for deal in deals if deal.is_exclusive}
    chosen, alone = together, None
    for deal in deals:
        if deal.is_exclusive and _beats(by_itself[deal.key], chosen):
            chosen, alone = by_itself[deal.key], deal
    return Choice(chosen, alone, together, by_itself)


def _beats(run: Run, best: Run) -> bool:
    # A gift may be worth nothing: it is still more than no deal at all.
    return run.total > best.total or bool(run.amounts and not best.amounts)


def reason_of(deal: Deal, choice: Choice, basket: Basket) -> Reason:
    """What became of a deal that was not refused."""
    run = choice.run_of(deal)
    if not run.applies(deal) and deal.key not in run.losses:
        return _nothing(deal, basket)
    if run is not choice.chosen:
        return _excluded(deal, run, choice, basket)
    if loss := run.losses.get(deal.key):
        figures = {"offered": basket.money(loss.offered), "instead": basket.money(loss.instead)}
        return Reason(Code.LOST, {**_names(loss.winner), **figures})
    amount = run.amounts[deal.key]
    offered = max(run.offered.get(deal.key, 0), amount)
    return Reason(Code.APPLIED, {"amount": basket.money(amount), "offered": basket.money(offered)})


def _nothing(deal: Deal, basket: Basket) -> Reason:
    reasons = [one.why_not(basket) for one in deal.benefits]
    # What is missing says more than that nothing was found.
    vague = {Code.NOTHING_IN_SCOPE, Code.NOTHING_LEFT, Code.NO_DELIVERY}
    telling = [reason for reason in reasons if reason.code not in vague]
    return next(iter([*telling, *reasons]), Reason(Code.NOTHING_LEFT))


def _excluded(deal: Deal, run: Run, choice: Choice, basket: Basket) -> Reason:
    offered = run.total if deal.is_exclusive else run.amounts.get(deal.key, 0)
    figures = {
        "offered": basket.money(offered),
        "together": basket.money(run.total),
        "instead": basket.money(choice.chosen.total),
    }
    return Reason(Code.EXCLUDED, {**_names(choice.alone), **figures})


def _names(winner: Deal | None) -> dict[str, str]:
    return {"by": winner.name, "label": winner.label} if winner else {"by": "", "label": ""}
