"""What has to hold for a deal. What is not known refuses nothing."""

import datetime as dt
from dataclasses import dataclass

from orders.services.pricing.basket import Basket
from orders.services.pricing.deals import Situation
from orders.services.pricing.reasons import Code, Reason
from orders.services.pricing.scope import EVERYTHING, Scope


@dataclass(frozen=True, slots=True)
class FirstOrder:
    def unmet(self, _basket: Basket, situation: Situation) -> Reason | None:
        return Reason(Code.NOT_FIRST_ORDER) if situation.orders else None


@dataclass(frozen=True, slots=True)
class NthOrder:
    n: int

    def unmet(self, _basket: Basket, situation: Situation) -> Reason | None:
        if situation.orders is None or situation.orders + 1 == self.n:
            return None
        return Reason(Code.NOT_NTH_ORDER, {"n": self.n, "is": situation.orders + 1})


@dataclass(frozen=True, slots=True)
class NoOrderFor:
    """The last order, if there was one, lies so many days back."""

    days: int

    def unmet(self, _basket: Basket, situation: Situation) -> Reason | None:
        last = situation.last_order_at
        if last is None or situation.now - last >= dt.timedelta(days=self.days):
            return None
        return Reason(Code.ORDERED_LATELY, {"days": self.days})


@dataclass(frozen=True, slots=True)
class ItemTotal:
    """What goods in scope are worth before deals, in minor units; both ends included."""

    least: int | None = None
    most: int | None = None
    scope: Scope = EVERYTHING

    def unmet(self, basket: Basket, _situation: Situation) -> Reason | None:
        worth, what = basket.amount(self.scope), self.scope.name
        if self.least is not None and worth < self.least:
            missing, least = basket.money(self.least - worth), basket.money(self.least)
            return Reason(Code.TOO_LITTLE, {"missing": missing, "least": least, "what": what})
        if self.most is not None and worth > self.most:
            return Reason(Code.TOO_MUCH, {"most": basket.money(self.most), "what": what})
        return None


@dataclass(frozen=True, slots=True)
class Quantity:
    """How many pieces of goods in scope there are; both ends included."""

    least: int | None = None
    most: int | None = None
    scope: Scope = EVERYTHING

    def unmet(self, basket: Basket, _situation: Situation) -> Reason | None:
        pieces, what = basket.pieces(self.scope), self.scope.name
        if self.least is not None and pieces < self.least:
            missing = self.least - pieces
            return Reason(Code.TOO_FEW, {"missing": missing, "least": self.least, "what": what})
        if self.most is not None and pieces > self.most:
            return Reason(Code.TOO_MANY, {"most": self.most, "what": what})
        return None


@dataclass(frozen=True, slots=True)
class InGroup:
    ids: frozenset[int]

    def unmet(self, _basket: Basket, situation: Situation) -> Reason | None:
        return Reason(Code.NOT_IN_GROUP) if self.ids.isdisjoint(situation.groups) else None


@dataclass(frozen=True, slots=True)
class InSegment:
    ids: frozenset[int]

    def unmet(self, _basket: Basket, situation: Situation) -> Reason | None:
        return Reason(Code.NOT_IN_SEGMENT) if self.ids.isdisjoint(situation.segments) else None


@dataclass(frozen=True, slots=True)
class InMarket:
    ids: frozenset[int]

    def unmet(self, _basket: Basket, situation: Situation) -> Reason | None:
        known = bool(situation.market)
        return Reason(Code.NOT_IN_MARKET) if known and situation.market not in self.ids else None


@dataclass(frozen=True, slots=True)
class ToCountry:
    codes: frozenset[str]

    def unmet(self, _basket: Basket, situation: Situation) -> Reason | None:
        return _outside(Code.NOT_TO_COUNTRY, situation.country, self.codes)


@dataclass(frozen=True, slots=True)
class ByChannel:
    codes: frozenset[str]

    def unmet(self, _basket: Basket, situation: Situation) -> Reason | None:
        return _outside(Code.NOT_BY_CHANNEL, situation.channel, self.codes)


@dataclass(frozen=True, slots=True)
class ByMethod:
    """The delivery that was offered; else the one named by the situation."""

    codes: frozenset[str]

    def unmet(self, basket: Basket, situation: Situation) -> Reason | None:
        method = basket.delivery.code if basket.delivery else situation.shipping_method
        return _outside(Code.NOT_BY_METHOD, method, self.codes)


@dataclass(frozen=True, slots=True)
class AtHours:
    """On these days (0 is Monday; none: every day) from start to end, which may be past midnight.

    A night belongs to the day it began on.
    """

    days: frozenset[int] = frozenset()
    start: dt.time | None = None
    end: dt.time | None = None

    def unmet(self, _basket: Basket, situation: Situation) -> Reason | None:
        if self._holds(situation.now):
            return None
        hours = {"days": tuple(sorted(self.days)), "start": self.start, "end": self.end}
        return Reason(Code.NOT_AT_THIS_HOUR, hours)

    def _holds(self, now: dt.datetime) -> bool:
        start, end, time = self.start or dt.time.min, self.end or dt.time.min, now.time()
        if start < end:
            return self._is_day(now) and start <= time < end
        if time >= start:
            return self._is_day(now)
        return time < end and self._is_day(now - dt.timedelta(days=1))

    def _is_day(self, day: dt.datetime) -> bool:
        return not self.days or day.weekday() in self.days


def _outside(code: Code, value: str, allowed: frozenset[str]) -> Reason | None:
    if not value or value in allowed:
        return None
    return Reason(code, {"codes": tuple(sorted(allowed))})
