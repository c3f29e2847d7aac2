"""Baskets and deals for tests of the engine: plain ones to write down, and any to draw."""

import datetime as dt
import random
from decimal import Decimal

from hypothesis import strategies as st

from orders.services.pricing import (
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
    quote,
)

# Friday noon.
NOW = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
SITUATION = Situation(now=NOW, market=1, country="GB", groups=frozenset({1}), orders=0)
RATES = {
    "standard": Rate("VAT", Decimal(20)),
    "reduced": Rate("VAT", Decimal("5.5")),
    "zero": Rate("VAT", Decimal(0)),
}
MUGS = Scope(categories=frozenset({1}), name="mugs")
PLATES = Scope(categories=frozenset({2}), name="plates")


def item(key=1, quantity=1, price="10.00", *, tax_class="standard", category=1, **facts):
    return Item(
        key=key,
        quantity=quantity,
        unit_price=Decimal(price),
        tax_class=tax_class,
        facts=Facts(product=key, categories=frozenset({category}), **facts),
    )


def delivery(price="3.90", *, tax_class="standard", code="tracked-48"):
    day = dt.date(2026, 11, 24)
    return Delivery(code, "Tracked 48", "Royal Mail", Decimal(price), tax_class, day, day)


def rules(*, included=True, rates=RATES, relief=""):
    return TaxRules(country="GB", included=included, rates=rates, relief=relief)


def deal(key=1, *benefits, **fields):
    fields = {"name": f"Promotion {key}", "label": f"Offer {key}", **fields}
    return Deal(key=key, benefits=benefits, **fields)


def priced(items, deals=(), *, currency="GBP", by=None, tax=None, situation=SITUATION):
    """A quote by the delivery `by`, with tax as `tax` says; British and included without."""
    return quote(
        items=items,
        delivery=by,
        rules=tax or rules(),
        currency=currency,
        deals=deals,
        situation=situation,
    )


# Anything. One number is one line or one deal: drawing few numbers keeps thousands of examples quick.

SETTINGS = [
    (currency, digits, included, relief, tax_class)
    for currency, digits in (("JPY", 0), ("EUR", 2), ("KWD", 3))
    for included in (True, False)
    for relief in ("", "", "exempt")
    for tax_class in ("", "standard", "reduced")
]
SCOPES = [
    Scope(),
    Scope(),
    MUGS,
    PLATES,
    Scope(products=frozenset({1, 3, 5})),
    Scope(choices=frozenset({1}), without_sale=True),
]
CONDITIONS = [
    (),
    (),
    (ItemTotal(least=2000),),
    (ItemTotal(most=9000, scope=MUGS),),
    (Quantity(least=3),),
    (InGroup(frozenset({2})),),
]
SEEDS = st.integers(0, 10**6)
NUMBERS = st.lists(st.integers(0, 5 * 4 * 8 * 10_000 - 1), max_size=5)


def items(digits=2):
    """Up to five lines; now and then something free, on sale, or a gift card."""
    return NUMBERS.map(lambda numbers: _items(numbers, digits))


def _items(numbers, digits):
    return [_item(key, number, digits) for key, number in enumerate(numbers, 1)]


def _item(key, number, digits):
    number, quantity = divmod(number, 5)
    number, tax_class = divmod(number, 4)
    units, odd = divmod(number, 8)
    facts = Facts(
        product=key,
        categories=frozenset({1 + odd % 3}),
        choices=frozenset({odd % 2}),
        is_on_sale=odd == 4,
        takes_promotions=odd != 7,
    )
    price = Decimal(units).scaleb(-digits)
    return Item(key, 1 + quantity, price, [*RATES, "unknown"][tax_class], facts)


def deals(most=4):
    return st.lists(SEEDS, max_size=most).map(_deals)


def _deals(seeds):
    return [_deal(key, random.Random(seed)) for key, seed in enumerate(seeds, 1)]


def benefits(most=3):
    return st.lists(SEEDS, min_size=1, max_size=most).map(
        lambda seeds: [_benefit(random.Random(seed)) for seed in seeds]
    )


def _deal(key, chance):
    return deal(
        key,
        *(_benefit(chance) for _ in range(chance.choice([0, 1, 1, 1, 2]))),
        lane=chance.choice(list(Lane)),
        conditions=chance.choice(CONDITIONS),
        is_exclusive=chance.random() < 0.3,
        gifts=(item(-key, 2, "7.00"),) if chance.random() < 0.25 else (),
    )


def _benefit(chance):
    points = chance.choice([1, 333, 1000, 2500, 5000, 9999, 10_000])
    amount, few, scope = chance.randrange(6000), chance.randrange(1, 4), chance.choice(SCOPES)
    some = chance.choice([None, few])
    cap = chance.choice([None, amount // 2])
    by_pieces = (Tier(few, points), Tier(few + 3, amount=amount))
    by_amount = (Tier(amount, points), Tier(amount // 3, amount=amount))
    return chance.choice([
        Percent(points, scope, cap),
        Fixed(amount, scope),
        FixedEach(amount, scope, some),
        SetPrice(amount, scope, some),
        Tiered(Measure.QUANTITY, by_pieces, scope, cap),
        Tiered(Measure.AMOUNT, by_amount, scope, cap),
        Groups(few, chance.randrange(1, 3), points, scope, None, some),
        Groups(few, 1, points, scope, chance.choice(SCOPES), some),
        ShippingOff(points),
        ShippingOff(amount=amount // 4),
        ShippingOff(price=amount // 9),
    ])  # fmt: skip


def calls(most_deals=4):
    """Keywords of `quote` for any cart, deals, tax setting and currency."""
    return st.tuples(
        st.sampled_from(SETTINGS),
        NUMBERS,
        st.lists(SEEDS, max_size=most_deals),
        st.integers(-300, 1500),
    ).map(_call)


def _call(drawn):
    (currency, digits, included, relief, tax_class), numbers, seeds, charge = drawn
    price = Decimal(charge).scaleb(-digits)
    return {
        "items": _items(numbers, digits),
        "delivery": None if charge < 0 else delivery(price, tax_class=tax_class),
        "rules": rules(included=included, relief=relief),
        "currency": currency,
        "deals": _deals(seeds),
        "situation": SITUATION,
    }
