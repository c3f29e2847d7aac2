"""Gift cards, store credit, and orders for them to pay."""

import itertools
from decimal import Decimal

from django.utils import timezone

from accounts.models import Customer
from orders.models import Order
from payments.services import balances, gift_cards
from payments.services.balances import Cause
from payments.services.gift_cards import Present
from tests.factories.catalog import MarketFactory, ProductFactory, ProductTypeFactory
from tests.factories.stock import in_stock

count = itertools.count(1)


def gift_card(amount="50.00", currency="GBP", *, email="", now=None, **fields):
    """A card with this much on it; fields are set on it afterwards."""
    card = gift_cards.issue(
        amount=Decimal(amount),
        currency=currency,
        present=Present(email),
        cause=Cause("issue", now or timezone.now()),
    )
    for name, value in fields.items():
        setattr(card, name, value)
    card.save()
    return card


def customer(email="alice@example.com", **fields):
    defaults = {"created_at": timezone.now(), **fields}
    return Customer.objects.get_or_create(email=email, defaults=defaults)[0]


def store_credit(amount="20.00", currency="GBP", *, owner=None, expires_on=None):
    account = balances.give_credit(
        customer=owner or customer(),
        amount=Decimal(amount),
        currency=currency,
        expires_on=expires_on,
        cause=Cause(f"gift-{next(count)}", timezone.now()),
    )
    account.refresh_from_db()
    return account


def bare_order(total="30.00", **fields):
    """An order with a total and nothing else: enough to be paid."""
    facts = {
        "number": f"VALUE{next(count)}",
        "market": MarketFactory(),
        "currency": "GBP",
        "payment_method": "card",
        "email": "alice@example.com",
        "name": "Alice Byron",
        "line1": "12 Analytical Row",
        "city": "London",
        "country": "GB",
        "net": Decimal(total),
        "tax": Decimal(0),
        "total": Decimal(total),
        "placed_at": timezone.now(),
    }
    return Order.objects.create(**facts | fields)


def gift_card_variant(price="25.00"):
    """A gift card in the shop: no parcel, no tax."""
    kind = ProductTypeFactory(
        code="gift-card",
        name="Gift card",
        is_shipped=False,
        is_gift_card=True,
        tax_class__code="zero",
    )
    return in_stock(product=ProductFactory(type=kind), price=Decimal(price))
