from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from shipping.models import Method, Rate, Zone
from tests.factories.catalog import TaxClassFactory


class ZoneFactory(DjangoModelFactory):
    class Meta:
        model = Zone
        django_get_or_create = ("name",)

    name = "United Kingdom"
    countries = ["GB"]


class MethodFactory(DjangoModelFactory):
    class Meta:
        model = Method
        django_get_or_create = ("code",)

    zone = factory.SubFactory(ZoneFactory)
    code = "tracked-48"
    name = "Tracked 48"
    carrier = "Royal Mail"
    tax_class = factory.SubFactory(TaxClassFactory)
    min_days = 2
    max_days = 3
    tracking_url = "https://carrier.example/{number}"


class RateFactory(DjangoModelFactory):
    class Meta:
        model = Rate

    method = factory.SubFactory(MethodFactory)
    currency = "GBP"
    price = Decimal("3.90")
    free_from = Decimal(60)
