"""Sales, and a past for prices."""

import datetime as dt
from decimal import Decimal

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from catalog.models import ExchangeRate, PriceHistory, Sale

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


class SaleFactory(DjangoModelFactory):
    """10 per cent off everything everywhere, for an hour by now and a week to come."""

    class Meta:
        model = Sale

    name = factory.Sequence(lambda n: f"Winter sale {n}")
    starts_at = factory.LazyFunction(lambda: timezone.now() - HOUR)
    ends_at = factory.LazyAttribute(lambda it: it.starts_at + 7 * DAY)
    percent = Decimal(10)
    covers_all = True


class ChangeFactory(SaleFactory):
    """A change of price by so many per cent, with an end."""

    kind = Sale.Kind.CHANGE


class ExchangeRateFactory(DjangoModelFactory):
    class Meta:
        model = ExchangeRate

    base = "EUR"
    quote = "GBP"
    rate = Decimal("0.80000000")
    at = factory.LazyFunction(lambda: timezone.now() - HOUR)


def give_past(price, *told):
    """What the price was: (days ago, amount) pairs, oldest first, and what it is from now on."""
    PriceHistory.objects.filter(variant=price.variant_id, market=price.market_id).delete()
    now = timezone.now()
    PriceHistory.objects.bulk_create(
        PriceHistory(
            variant_id=price.variant_id,
            market_id=price.market_id,
            amount=Decimal(amount),
            at=now - days * DAY,
        )
        for days, amount in told
    )
