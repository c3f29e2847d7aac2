"""Stored details become what the engine works with: whole minor units and basis points."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from marketing.models import Benefit, Condition
from marketing.queries.params import Values
from marketing.queries.readers import Amounts
from marketing.queries.stored import KEPT, Thing, name_of, rules_of
from orders.services import pricing
from orders.services.pricing import EVERYTHING, Measure, Scope, basis_points
from shop.lib.money import to_minor

C, B = Condition.Kind, Benefit.Kind
Built = tuple[tuple[pricing.Condition, ...], tuple[pricing.Benefit, ...]]


class Builder:
    """Makes conditions and benefits for one currency; every amount has to know it."""

    def __init__(self, currency: str, name_of: Callable[[Scope], str] = lambda _scope: "") -> None:
        self.currency = currency
        self.name_of = name_of

    def condition(self, kind: str, values: Values) -> pricing.Condition:
        return CONDITIONS[kind](self, values)

    def benefit(self, kind: str, values: Values) -> pricing.Benefit:
        """Anything but a gift, which is no benefit to the engine but lines."""
        return BENEFITS[kind](self, values)

    def units(self, amounts: Amounts) -> int:
        return to_minor(amounts[self.currency], self.currency)

    def maybe(self, amounts: Amounts | None) -> int | None:
        return None if amounts is None else self.units(amounts)

    def scope(self, scope: Scope | None) -> Scope:
        if scope is None:
            return EVERYTHING
        name = self.name_of(scope)
        return replace(scope, name=name) if name else scope

    def pieces(self, values: Values) -> pricing.Quantity:
        return pricing.Quantity(values["least"], values["most"], self.scope(values["scope"]))

    def item_total(self, values: Values) -> pricing.ItemTotal:
        least, most = self.maybe(values["least"]), self.maybe(values["most"])
        return pricing.ItemTotal(least, most, self.scope(values["scope"]))

    def percent(self, values: Values) -> pricing.Percent:
        cap = self.maybe(values["cap"])
        return pricing.Percent(basis_points(values["percent"]), self.scope(values["scope"]), cap)

    def fixed(self, values: Values) -> pricing.Fixed:
        return pricing.Fixed(self.units(values["amount"]), self.scope(values["scope"]))

    def fixed_each(self, values: Values) -> pricing.FixedEach:
        amount, scope = self.units(values["amount"]), self.scope(values["scope"])
        return pricing.FixedEach(amount, scope, values["most_units"])

    def set_price(self, values: Values) -> pricing.SetPrice:
        price, scope = self.units(values["price"]), self.scope(values["scope"])
        return pricing.SetPrice(price, scope, values["most_units"])

    def tiered(self, values: Values) -> pricing.Tiered:
        tiers = tuple(self._tier(one) for one in values["tiers"])
        scope, cap = self.scope(values["scope"]), self.maybe(values["cap"])
        return pricing.Tiered(Measure(values["by"]), tiers, scope, cap)

    def _tier(self, tier: Any) -> pricing.Tier:
        start = tier.start if isinstance(tier.start, int) else self.units(tier.start)
        return pricing.Tier(start, _points(tier.percent), self.maybe(tier.amount) or 0)

    def groups(self, values: Values) -> pricing.Groups:
        other = values["get_scope"]
        return pricing.Groups(
            values["buy"],
            values["get"],
            _points(values["percent"]),
            self.scope(values["scope"]),
            None if other is None else self.scope(other),
            values["most_times"],
        )

    def shipping(self, values: Values) -> pricing.ShippingOff:
        return pricing.ShippingOff(
            _points(values["percent"]),
            self.maybe(values["amount"]) or 0,
            self.maybe(values["price"]),
            values["methods"] or frozenset(),
        )


def _points(percent: Decimal | None) -> int:
    return 0 if percent is None else basis_points(percent)


CONDITIONS: Mapping[str, Callable[[Builder, Values], pricing.Condition]] = {
    C.FIRST_ORDER: lambda _it, _values: pricing.FirstOrder(),
    C.NTH_ORDER: lambda _it, values: pricing.NthOrder(values["n"]),
    C.NO_ORDER_FOR: lambda _it, values: pricing.NoOrderFor(values["days"]),
    C.ITEM_TOTAL: Builder.item_total,
    C.QUANTITY: Builder.pieces,
    C.GROUP: lambda _it, values: pricing.InGroup(values["ids"]),
    C.SEGMENT: lambda _it, values: pricing.InSegment(values["ids"]),
    C.MARKET: lambda _it, values: pricing.InMarket(values["ids"]),
    C.COUNTRY: lambda _it, values: pricing.ToCountry(values["codes"]),
    C.CHANNEL: lambda _it, values: pricing.ByChannel(values["codes"]),
    C.SHIPPING_METHOD: lambda _it, values: pricing.ByMethod(values["codes"]),
    C.HOURS: lambda _it, values: pricing.AtHours(
        values["days"] or frozenset(), values["from"], values["to"]
    ),
}
BENEFITS: Mapping[str, Callable[[Builder, Values], pricing.Benefit]] = {
    B.PERCENT: Builder.percent,
    B.FIXED: Builder.fixed,
    B.FIXED_EACH: Builder.fixed_each,
    B.TIERED: Builder.tiered,
    B.GROUPS: Builder.groups,
    B.SET_PRICE: Builder.set_price,
    B.SHIPPING: Builder.shipping,
}


@lru_cache(maxsize=KEPT)
def built(text: tuple[str, str], currency: str, names: tuple[tuple[Thing, str], ...]) -> Built:
    """The conditions and benefits of sound rules that know the currency; see `stored.Stored`."""
    rules, known = rules_of(*text), dict(names)
    builder = Builder(currency, lambda scope: name_of(scope, known))
    return (
        tuple(builder.condition(one.kind, one.values or {}) for one in rules.conditions),
        tuple(
            builder.benefit(one.kind, one.values or {})
            for one in rules.benefits
            if one.kind != B.GIFT
        ),
    )
