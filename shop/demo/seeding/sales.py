"""Sales as they might have happened: who bought what, at which price, and what became of it."""

import datetime as dt
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from catalog.models import Market
from orders.services import pricing
from orders.services.orders import Buyer
from orders.services.pricing import Delivery, Item, Quote, TaxRules
from shop.demo.seeding.buyers import Crowd
from shop.demo.seeding.counter import Counter, Offer, Post, Taxes
from shop.demo.seeding.stories import Story, tell
from shop.lib.workdays import shop_day

MAIN_MARKET_SHARE = 0.8
LINES, LINES_WEIGHTS = (1, 2, 3, 4), (52, 28, 13, 7)
UNITS, UNITS_WEIGHTS = (1, 2, 3, 4, 6), (80, 12, 3, 4, 1)
TRAVEL_DAYS = 3


@dataclass(frozen=True, slots=True)
class Sale:
    market: Market
    buyer: Buyer
    offers: list[Offer]
    quote: Quote
    story: Story


class Sales:
    """Draws sales; the same seed and catalogue give the same ones."""

    def __init__(self, *, seed: int, rng: random.Random, now: dt.datetime) -> None:
        markets = Market.objects.in_order()
        counters = [Counter(market, seed=seed, rng=rng) for market in markets]
        self._counters = [counter for counter in counters if counter]
        self._crowds = [Crowd(counter.market.countries, rng) for counter in self._counters]
        self._taxes = Taxes()
        self._post = Post(rng)
        self._rng = rng
        self._now = now

    def draw(self, moments: Iterable[dt.datetime]) -> Iterator[Sale]:
        return (self._sale(at) for at in moments)

    def _sale(self, at: dt.datetime) -> Sale:
        others = len(self._counters) - 1
        is_main = not others or self._rng.random() < MAIN_MARKET_SHARE
        place = 0 if is_main else self._rng.randint(1, others)
        market, buyer = self._counters[place].market, self._crowds[place].next()
        wanted = self._rng.choices(LINES, LINES_WEIGHTS)[0]
        offers = self._counters[place].draw(wanted, at=at)
        quote = self._quote(market, buyer.country, offers, at)
        story = tell(
            placed_at=at, days=TRAVEL_DAYS, country=buyer.country, now=self._now, rng=self._rng
        )
        return Sale(market, buyer, offers, quote, story)

    def _quote(self, market: Market, country: str, offers: list[Offer], at: dt.datetime) -> Quote:
        day = shop_day(at)
        rules = self._taxes.rules(country, day, included=market.prices_include_tax)
        items = [
            Item(place, self._rng.choices(UNITS, UNITS_WEIGHTS)[0], offer.price, offer.tax_class)
            for place, offer in enumerate(offers)
        ]
        delivery = self._delivery(items, offers, rules, market, at)
        return pricing.quote(items=items, delivery=delivery, rules=rules, currency=market.currency)

    def _delivery(
        self,
        items: list[Item],
        offers: list[Offer],
        rules: TaxRules,
        market: Market,
        at: dt.datetime,
    ) -> Delivery | None:
        if not any(offer.is_shipped for offer in offers):
            return None
        grams = sum(
            offer.grams * item.quantity
            for offer, item in zip(offers, items, strict=True)
            if offer.is_shipped
        )
        goods = pricing.quote(items=items, delivery=None, rules=rules, currency=market.currency)
        return self._post.choose(
            country=rules.country, currency=market.currency, grams=grams, goods=goods.goods, at=at
        )

    def tracking_page(self, code: str, number: str) -> str:
        return self._post.tracking_page(code, number)
