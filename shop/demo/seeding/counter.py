"""The shop's counter: what is for sale in a market, what tax and delivery it meets."""

import datetime as dt
import random
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import accumulate

from django.conf import settings
from django.db import connection

from catalog.models import Market, TaxClass, TaxRate
from orders.services import pricing, taxes
from orders.services.pricing import Delivery, TaxRules
from shipping.models import Method
from shipping.models import Rate as DeliveryRate
from shop.lib.money import ZERO
from shop.lib.workdays import add_working_days, leaves_on

MOST_OFFERS = 20_000
LEAST_WANTED = 20
TAKES_CHEAPEST = 0.75
# A sample that is the same for the same seed; with few variants it is all of them.
OFFERS = """
    select v.id, p.id, v.sku, p.title, v.label, coalesce(v.cost, 0), v.grams, t.is_shipped,
           c.code, r.amount, p.published_at, p.popularity
    from catalog_price r
    join catalog_variant v on v.id = r.variant_id and v.is_active
    join catalog_product p on p.id = v.product_id and p.status in ('active', 'phase_out')
    join catalog_producttype t on t.id = p.type_id and not t.is_gift_card
    join catalog_taxclass c on c.id = t.tax_class_id
    where r.market_id = %s and r.amount > 0
    order by md5(v.sku || %s), v.id
    limit %s
"""


@dataclass(frozen=True, slots=True)
class Offer:
    """A variant at its price in a market."""

    variant_id: int
    product_id: int
    sku: str
    title: str
    label: str
    cost: Decimal
    grams: int
    is_shipped: bool
    tax_class: str
    price: Decimal
    published_at: dt.datetime
    popularity: int


class Counter:
    """One market's offers, drawn as often as they are popular."""

    def __init__(self, market: Market, *, seed: int, rng: random.Random) -> None:
        self.market = market
        self._rng = rng
        with connection.cursor() as cursor:
            cursor.execute(OFFERS, [market.pk, str(seed), MOST_OFFERS])
            self._offers = [Offer(*row) for row in cursor.fetchall()]
        # Within a product some variants sell better, too.
        self._weights = list(
            accumulate((o.popularity + LEAST_WANTED) * (0.4 + rng.random()) for o in self._offers)
        )

    def __bool__(self) -> bool:
        return bool(self._offers)

    def draw(self, count: int, *, at: dt.datetime) -> list[Offer]:
        """Up to `count` different variants that were for sale at that time; at least one."""
        drawn = self._rng.choices(self._offers, cum_weights=self._weights, k=4 * count)
        known = {offer.variant_id: offer for offer in drawn if offer.published_at <= at}
        return list(known.values())[:count] or [min(self._offers, key=_age)]


def _age(offer: Offer) -> dt.datetime:
    return offer.published_at


class Taxes:
    """The rates of every country, read once."""

    def __init__(self) -> None:
        rows = TaxRate.objects.filter(region="").select_related("tax_class")
        self._rates = [(r.country, r.tax_class.code, r.name, r.rate, r.valid) for r in rows]
        self._classes = list(TaxClass.objects.values_list("code", flat=True))
        self._rules: dict[tuple[str, dt.date], TaxRules] = {}

    def rules(self, country: str, on: dt.date, *, included: bool) -> TaxRules:
        key = (country, on)
        if key not in self._rules:
            known = {
                code: pricing.Rate(name, rate)
                for place, code, name, rate, valid in self._rates
                if place == country and on in valid
            }
            rates = taxes.by_class(
                {(country, ""): known}, country=country, region="", of=self._classes
            )
            self._rules[key] = TaxRules(country, included, rates)
        return self._rules[key]


class Post:
    """Ways of delivery, chosen from as shoppers do: mostly the cheapest."""

    def __init__(self, rng: random.Random) -> None:
        methods = Method.objects.select_related("zone", "tax_class").filter(
            is_active=True, kind=Method.Kind.HOME
        )
        self._methods = {method.pk: method for method in methods}
        self._rates = list(DeliveryRate.objects.filter(method__in=self._methods).order_by("pk"))
        self._rng = rng

    def choose(
        self, *, country: str, currency: str, grams: int, goods: Decimal, at: dt.datetime
    ) -> Delivery | None:
        offers = [
            rate
            for rate in self._rates
            if rate.currency == currency
            and rate.min_grams <= grams < rate.max_grams
            and country in self._methods[rate.method_id].zone.countries
        ]
        if not offers:
            return None
        offers.sort(key=lambda rate: (_price(rate, goods), rate.pk))
        rate = offers[0] if self._rng.random() < TAKES_CHEAPEST else self._rng.choice(offers)
        method = self._methods[rate.method_id]
        posted = posted_on(at)
        return Delivery(
            code=method.code,
            name=method.name,
            carrier=method.carrier,
            price=_price(rate, goods),
            tax_class=method.tax_class.code if method.tax_class else "",
            arrives_from=arrival(posted, method.min_days, country),
            arrives_by=arrival(posted, method.max_days, country),
        )

    def tracking_page(self, code: str, number: str) -> str:
        found = next((m.tracking_url for m in self._methods.values() if m.code == code), "")
        return found.replace("{number}", number)


def _price(rate: DeliveryRate, goods: Decimal) -> Decimal:
    return ZERO if rate.free_from is not None and goods >= rate.free_from else rate.price


def posted_on(at: dt.datetime) -> dt.date:
    return leaves_on(at, settings.SHOP["country"])


@lru_cache(maxsize=50_000)
def arrival(posted: dt.date, days: int, country: str) -> dt.date:
    return add_working_days(posted, days, country)
