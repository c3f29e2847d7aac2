"""The ladder of orders. Each rung is climbed through the shop's own processes."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from orders.models import Cart, CartLine
from orders.services.orders import Buyer
from shipping.models import Rate
from shop.processes import checkout, fulfilment
from shop.processes.checkout import Choice
from shop.processes.fulfilment import Parcel
from tests.factories.catalog import MarketFactory, TaxRateFactory
from tests.factories.shipping import RateFactory
from tests.factories.stock import in_stock


class CartFactory(DjangoModelFactory):
    class Meta:
        model = Cart

    market = factory.SubFactory(MarketFactory)
    created_at = factory.LazyFunction(timezone.now)
    updated_at = factory.LazyFunction(timezone.now)


class CartLineFactory(DjangoModelFactory):
    class Meta:
        model = CartLine

    cart = factory.SubFactory(CartFactory)
    variant = factory.LazyFunction(in_stock)
    quantity = 1
    price_seen = factory.LazyAttribute(
        lambda it: it.variant.prices.get(market=it.cart.market).amount
    )
    added_at = factory.LazyFunction(timezone.now)


def buyer(**fields):
    return Buyer(
        **{
            "email": "alice@example.com",
            "name": "Alice Byron",
            "line1": "12 Analytical Row",
            "line2": "",
            "city": "London",
            "postcode": "N1 9GU",
            "country": "GB",
            **fields,
        }
    )


def checkout_of(payment_method="card", **fields):
    """What a shopper decides; makes sure that parcels go to the United Kingdom, with tax."""
    TaxRateFactory()
    if not Rate.objects.exists():
        RateFactory()
    return Choice(
        buyer=buyer(**fields),
        shipping_method="tracked-48",
        payment_method=payment_method,
        language="en-gb",
    )


def placed_order(*, variant=None, quantity=1, payment_method="card", now=None, **fields):
    line = CartLineFactory(variant=variant or in_stock(), quantity=quantity)
    choice = checkout_of(payment_method, **fields)
    return checkout.place_order(cart=line.cart, choice=choice, now=now or timezone.now())


def paid_order(**fields):
    order = placed_order(**fields)
    return checkout.mark_paid(
        order_id=order.pk, actor=None, reference="statement 7", now=timezone.now()
    )


def shipped_order(**fields):
    order = paid_order(**fields)
    fulfilment.dispatch(
        order_id=order.pk,
        quantities=None,
        parcel=Parcel("Royal Mail", "QB123456789GB"),
        actor=None,
        now=timezone.now(),
    )
    order.refresh_from_db()
    return order


def canceled_order(**fields):
    order = placed_order(**fields)
    return fulfilment.cancel(
        order_id=order.pk, reason="Changed mind", actor=None, now=timezone.now()
    )
