"""What delivery costs to each country of a market; the rates are read once for a whole feed."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from catalog.models import Market
from channels.queries.offers import Shipping, priced
from shipping.models import Method, Rate
from shop.lib.money import ZERO


@dataclass(frozen=True, slots=True)
class Delivery:
    """The rates of a market."""

    market: Market
    rates: Sequence[Rate]

    @classmethod
    def of(cls, market: Market) -> "Delivery":
        rows = Rate.objects.filter(
            currency=market.currency,
            method__is_active=True,
            method__kind=Method.Kind.HOME,
            method__postcodes=[],
        )
        found = rows.select_related("method__zone").order_by("method__position", "pk")
        return cls(market, list(found))

    def cheapest(self, *, grams: int, goods: Decimal) -> list[Shipping]:
        """The cheapest way to each country that is served, for one piece of this weight and price."""
        fitting = [rate for rate in self.rates if _fits(rate, grams, goods)]
        found = []
        for country in self.market.countries:
            ways = [rate for rate in fitting if country in rate.method.zone.countries]
            if ways:
                best = min(ways, key=lambda one: (_cost(one, goods), one.method.max_days, one.pk))
                found.append(self._told(country, best, _cost(best, goods)))
        return found

    def by_mail(self) -> list[Shipping]:
        """For what is not sent in a parcel."""
        free = priced(ZERO, self.market.currency)
        return [Shipping(country, "E-mail", free, 0, 0) for country in self.market.countries]

    def _told(self, country: str, rate: Rate, cost: Decimal) -> Shipping:
        method = rate.method
        price = priced(cost, self.market.currency)
        return Shipping(country, method.name, price, method.min_days, method.max_days)


def _fits(rate: Rate, grams: int, goods: Decimal) -> bool:
    if not rate.min_grams <= grams < rate.max_grams:
        return False
    return rate.min_goods <= goods and (rate.max_goods is None or goods < rate.max_goods)


def _cost(rate: Rate, goods: Decimal) -> Decimal:
    return ZERO if rate.free_from is not None and goods >= rate.free_from else rate.price
