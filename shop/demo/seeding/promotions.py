"""Offers that run in the demo shop, a code to try, and a card that gives."""

import datetime as dt

from accounts.models import CustomerGroup
from catalog.models import Category, ExchangeRate, Extra, Product, ProductType, TaxClass, Variant
from marketing.models import Benefit, Condition, Coupon, Promotion, Segment

Kind = Benefit.Kind
Lane = Promotion.Lane
MEMBERS = {"code": "members", "name": "Members"}
# What is asked about a gift card: name, kind, what it means, whether it has to be answered.
CARD = (
    ("Who it is for", Extra.Kind.TEXT, Extra.Role.TO, False, 80),
    ("Their email address", Extra.Kind.EMAIL, Extra.Role.ADDRESS, True, 254),
    ("Your words", Extra.Kind.TEXT, Extra.Role.WORDS, False, 300),
    ("Send it on", Extra.Kind.DATE, Extra.Role.DAY, False, 40),
)


def fill(*, now: dt.datetime) -> None:
    """Promotions and the rate reports convert by, once; the demo catalogue must be there."""
    if Promotion.objects.exists():
        return
    ExchangeRate.objects.create(base="EUR", quote="GBP", rate="0.86", at=now, source="demo")
    _gift_card()
    mugs = {"categories": [Category.objects.get(url_path="mugs-cups/mugs").pk]}
    group, _created = CustomerGroup.objects.get_or_create(
        code=MEMBERS["code"], defaults={"name": MEMBERS["name"]}
    )
    three = _promotion("3 for 2 on mugs", "Three mugs for the price of two", lane=Lane.PRE)
    Benefit.objects.create(
        promotion=three,
        kind=Kind.GROUPS,
        params={"buy": 2, "get": 1, "percent": "100", "scope": mugs},
    )
    members = _promotion("10 % for members", "Members' ten per cent")
    Condition.objects.create(
        promotion=members, kind=Condition.Kind.GROUP, params={"ids": [group.pk]}
    )
    Benefit.objects.create(promotion=members, kind=Kind.PERCENT, params={"percent": "10"})
    _welcome(now)
    _candle()
    Segment.objects.create(name="Regulars", rules=[{"field": "orders_at_least", "value": 3}])


def _promotion(name: str, label: str, **fields: object) -> Promotion:
    return Promotion.objects.create(name=name, label=label, **fields)


def _welcome(now: dt.datetime) -> None:
    welcome = _promotion(
        "Welcome code",
        "Welcome: 10% off your first order",
        is_automatic=False,
        per_customer_limit=1,
    )
    Condition.objects.create(promotion=welcome, kind=Condition.Kind.FIRST_ORDER)
    Benefit.objects.create(
        promotion=welcome,
        kind=Kind.PERCENT,
        params={"percent": "10", "cap": {"GBP": "20.00", "EUR": "24.00"}},
    )
    Coupon.objects.create(promotion=welcome, code="WELCOME10", created_at=now)


def _candle() -> None:
    """A candle for whoever buys a lot."""
    candle = Variant.objects.filter(product__category__url_path__startswith="candles").first()
    if candle is None:
        return
    gift = _promotion("Candle from 120", "A candle with our thanks", lane=Lane.POST)
    Condition.objects.create(
        promotion=gift,
        kind=Condition.Kind.ITEM_TOTAL,
        params={"least": {"GBP": "120.00", "EUR": "145.00"}},
    )
    Benefit.objects.create(
        promotion=gift, kind=Kind.GIFT, params={"variant": candle.pk, "quantity": 1}
    )


def _gift_card() -> None:
    """Make the card by e-mail a real one: a type of its own, and what has to be asked."""
    card = Product.objects.filter(slug="digital-gift-card").first()
    if card is None:
        return
    tax, _created = TaxClass.objects.get_or_create(code="zero", defaults={"name": "Zero rate"})
    card.type, _created = ProductType.objects.get_or_create(
        code="gift-card",
        defaults={
            "name": "Gift card",
            "tax_class": tax,
            "is_shipped": False,
            "is_gift_card": True,
        },
    )
    card.save(update_fields=["type"])
    for position, (name, kind, role, is_required, length) in enumerate(CARD):
        Extra.objects.create(
            product=card,
            name=name,
            kind=kind,
            role=role,
            is_required=is_required,
            max_length=length,
            position=position,
        )
