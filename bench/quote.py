"""What a quote costs: python bench/quote.py [--lines 50] [--deals 200] [--runs 200]

CPU milliseconds of one quote of a basket, without deals and with deals of every kind and lane that
are all running at once. Reads no database. Exit code 1 when a quote takes more than it may.
"""

import argparse
import datetime as dt
import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
os.environ.setdefault("SECRET_KEY", "only-for-this-measurement")

from orders.services.pricing import (
    AtHours,
    Benefit,
    Condition,
    Deal,
    Delivery,
    Facts,
    Fixed,
    FixedEach,
    Groups,
    InGroup,
    Item,
    ItemTotal,
    Lane,
    Measure,
    Percent,
    Quantity,
    Rate,
    Scope,
    SetPrice,
    ShippingOff,
    Situation,
    TaxRules,
    Tier,
    Tiered,
    ToCountry,
    quote,
)

# CPU milliseconds that the median may take.
MOST_WITHOUT, MOST_WITH = 2.0, 20.0
CATEGORIES, COLLECTIONS, CHOICES = 12, 8, 10
DAY = dt.date(2026, 11, 24)
RULES = TaxRules(
    country="GB",
    included=True,
    rates={"standard": Rate("VAT", Decimal(20)), "reduced": Rate("VAT", Decimal(5))},
)
DELIVERY = Delivery("tracked-48", "Tracked 48", "Royal Mail", Decimal("3.90"), "", DAY, DAY)
SITUATION = Situation(
    now=dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC),
    market=1,
    country="GB",
    groups=frozenset({1, 2}),
    orders=3,
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=50)
    parser.add_argument("--deals", type=int, default=200)
    parser.add_argument("--runs", type=int, default=200)
    options = parser.parse_args()
    items, deals = basket(options.lines), promotions(options.deals)
    without = measure(lambda: priced(items, ()), options.runs)
    beside = measure(lambda: priced(items, deals), options.runs)
    applied = sum(outcome.applies for outcome in priced(items, deals).outcomes)
    print(f"{options.lines} lines, {options.runs} runs, CPU ms: median / 95 of 100 below")
    print(f"  no deals    {without[0]:6.2f} / {without[1]:6.2f}  (at most {MOST_WITHOUT})")
    print(f"{options.deals:>5} deals    {beside[0]:6.2f} / {beside[1]:6.2f}  (at most {MOST_WITH})")
    print(f"{applied} of {options.deals} deals apply")
    return 0 if without[0] <= MOST_WITHOUT and beside[0] <= MOST_WITH else 1


def priced(items: Sequence[Item], deals: Sequence[Deal]):
    return quote(
        items=items,
        delivery=DELIVERY,
        rules=RULES,
        currency="GBP",
        deals=deals,
        situation=SITUATION,
    )


def measure(act: Callable[[], object], runs: int) -> tuple[float, float]:
    """Median and 95th percentile in CPU milliseconds, after a few runs to warm up."""
    times = []
    for run in range(-10, runs):
        start = time.process_time()
        act()
        if run >= 0:
            times.append((time.process_time() - start) * 1000)
    return statistics.median(times), statistics.quantiles(times, n=20)[-1]


def basket(lines: int) -> list[Item]:
    return [
        Item(
            key=1000 - number,
            quantity=1 + number % 4,
            unit_price=Decimal(199 + 37 * number) / 100,
            tax_class="reduced" if number % 5 == 0 else "standard",
            facts=Facts(
                product=number + 1,
                categories=frozenset({number % CATEGORIES, 100 + number % 3, 200}),
                collections=frozenset({number % COLLECTIONS}),
                choices=frozenset({number % CHOICES, 50 + number % 7}),
                is_on_sale=number % 6 == 0,
            ),
        )
        for number in range(lines)
    ]


def promotions(number: int) -> list[Deal]:
    """Deals of every kind in turn: half for everything, the others for a part; some conditional."""
    return [
        Deal(
            key=key,
            name=f"Promotion {key}",
            label=f"Offer {key}",
            lane=list(Lane)[key % 3],
            conditions=conditions(key),
            benefits=(benefit(key),),
            is_exclusive=key % 20 == 0,
        )
        for key in range(1, number + 1)
    ]


def benefit(key: int) -> Benefit:
    places = (
        Scope(),
        Scope(categories=frozenset({key % CATEGORIES, 100})),
        Scope(without_sale=True),
        Scope(collections=frozenset({key % COLLECTIONS}), choices=frozenset({key % CHOICES, 51})),
    )
    scope, some = places[key // 9 % 4], 1 + key % 7
    tiers = (Tier(2000, basis_points=300), Tier(10000, basis_points=100 * some))
    kinds: tuple[Benefit, ...] = (
        Percent(250 * some, scope),
        Percent(400 * some, scope, cap=2500),
        Fixed(300 * some, scope),
        FixedEach(20 * some, scope),
        Tiered(Measure.AMOUNT, tiers, scope),
        Groups(2, 1, scope=scope),
        Groups(1, 1, basis_points=5000, scope=scope, get_scope=Scope(categories=frozenset({200}))),
        SetPrice(900 + 100 * some, scope),
        ShippingOff(basis_points=1000 * some),
    )
    return kinds[key % len(kinds)]


def conditions(key: int) -> tuple[Condition, ...]:
    return {
        0: (),
        1: (ItemTotal(least=5000),),
        2: (Quantity(least=3, scope=Scope(categories=frozenset({100}))), ToCountry({"GB", "IE"})),
        3: (InGroup(frozenset({1})), AtHours(frozenset({4}), dt.time(9), dt.time(17))),
        4: (ItemTotal(least=1000, scope=Scope(collections=frozenset({key % COLLECTIONS}))),),
        5: (),
    }[key % 6]


if __name__ == "__main__":
    sys.exit(main())
