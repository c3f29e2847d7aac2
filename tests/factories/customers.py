"""Customers, what they belong to, and the lists they buy by."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.models import Customer, CustomerGroup
from catalog.models import PriceList, PriceListEntry
from tests.factories.catalog import MarketFactory
from tests.factories.people import UserFactory


class GroupFactory(DjangoModelFactory):
    class Meta:
        model = CustomerGroup
        django_get_or_create = ("code",)

    code = "trade"
    name = factory.LazyAttribute(lambda it: it.code.capitalize())


class CustomerFactory(DjangoModelFactory):
    class Meta:
        model = Customer
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"customer{n}@example.com")
    name = "Alice Byron"
    created_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def groups(self, create, extracted, **_kwargs):
        if create and extracted:
            self.groups.set(extracted)


def member(email="alice@example.com", *groups):
    """A customer with a login (password: tests.factories.people.PASSWORD)."""
    return CustomerFactory(email=email, user=UserFactory(email=email), groups=groups)


class PriceListFactory(DjangoModelFactory):
    class Meta:
        model = PriceList

    name = "Trade"
    market = factory.SubFactory(MarketFactory)


def rungs(price_list, variant, **steps):
    """rungs(trade, mug, at_1="20.00", at_6="18.00")"""
    for name, amount in steps.items():
        PriceListEntry.objects.create(
            price_list=price_list,
            variant=variant,
            min_quantity=int(name.removeprefix("at_")),
            amount=amount,
        )
    return price_list
