"""The price of one piece by how many are taken: "1+ £24.00, 6+ £22.00, 12+ £20.00 each"."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from catalog.models import Market, Product, Variant
from catalog.queries.options import Choice
from catalog.queries.price_lists import Rung, best, public_lists, rungs_by, rungs_of, unpacked
from catalog.queries.quantities import Quantities
from catalog.queries.shown import Side
from catalog.queries.unit_prices import UnitPrice, unit_price


@dataclass(frozen=True, slots=True)
class Step:
    """What one costs from `least` units on."""

    least: int
    amount: Decimal
    unit_price: UnitPrice | None

    @property
    def text(self) -> str:
        return _("%(count)s+") % {"count": self.least}

    @property
    def unit_price_text(self) -> str:
        return self.unit_price.text if self.unit_price else ""

    def shown(self, side: Side) -> "Step":
        unit = self.unit_price
        shown = replace(unit, amount=side.of(unit.amount)) if unit else None
        return replace(self, amount=side.of(self.amount), unit_price=shown)


@dataclass(frozen=True, slots=True)
class Ladder:
    """The steps of a piece, falling; none when it costs the same however many are taken.

    changes_at: when a list begins or ends next, None when none will.
    """

    steps: tuple[Step, ...]
    currency: str
    note: str = ""
    changes_at: dt.datetime | None = None

    @property
    def first(self) -> Step:
        return self.steps[0]

    @property
    def has_breaks(self) -> bool:
        return len(self.steps) > 1

    def __bool__(self) -> bool:
        return bool(self.steps)

    def shown(self, side: Side) -> "Ladder":
        """The same with its prices on the side that the market shows."""
        if side.is_same:
            return self
        return replace(self, steps=tuple(one.shown(side) for one in self.steps))

    def seconds_left(self, now: dt.datetime) -> float:
        """How long the steps stay true."""
        return (self.changes_at - now).total_seconds() if self.changes_at else float("inf")


def ladder_for_everybody(
    product: Product, choice: Choice, market: Market, *, now: dt.datetime
) -> Ladder:
    """What anybody pays for several. No query of its own: the lists are kept, the choice knows what they say."""
    if product.type.is_gift_card:
        return Ladder((), market.currency)
    lists = public_lists(market, now=now)
    rungs = [
        rung
        for one in lists
        if one.starts_at is None or one.starts_at <= now
        for rung in rungs_by(
            one,
            unpacked(each for each in choice.written if each["on"] == one.pk),
            choice.price,
            market.currency,
        )
    ]
    moments = [at for one in lists for at in (one.starts_at, one.ends_at) if at]
    changes_at = min((at for at in moments if at > now), default=None)
    return _ladder(choice, choice.price, rungs, market, changes_at=changes_at)


def ladder_for_groups(
    goods: Variant,
    price: Decimal,
    market: Market,
    *,
    groups: Collection[int],
    now: dt.datetime,
) -> Ladder:
    """What somebody in these groups pays. price: everybody's for one. Two queries."""
    rungs = rungs_of(market=market, groups=groups, base={goods.pk: price}, now=now)
    return _ladder(goods, price, rungs.get(goods.pk, ()), market)


def _ladder(
    goods: Choice | Variant,
    price: Decimal,
    rungs: Sequence[Rung],
    market: Market,
    changes_at: dt.datetime | None = None,
) -> Ladder:
    rule = Quantities.within(goods.min_quantity, goods.quantity_step, goods.max_quantity)
    # The quantities at which each rung is really reached.
    reached = {-(-max(rung.least, rule.least) // rule.step) * rule.step for rung in rungs}
    steps: list[Step] = []
    for least in sorted({rule.least, *reached}):
        amount, _note = best(price, rungs, least)
        if least <= rule.most and (not steps or amount < steps[-1].amount):
            steps.append(Step(least, amount, _per_unit(goods, amount, market)))
    says_something = len(steps) > 1 or any(step.amount < price for step in steps)
    note = best(price, rungs, rule.least)[1]
    return Ladder(tuple(steps) if says_something else (), market.currency, note, changes_at)


def _per_unit(goods: Choice | Variant, amount: Decimal, market: Market) -> UnitPrice | None:
    return unit_price(
        amount, content=goods.content, unit=goods.content_unit, currency=market.currency
    )
