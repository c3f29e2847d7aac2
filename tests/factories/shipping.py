from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from shipping.models import Box, Carrier, Method, PickupPoint, Rate, Zone
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


class CarrierFactory(DjangoModelFactory):
    class Meta:
        model = Carrier
        django_get_or_create = ("code",)

    code = "parcels"
    name = "Parcels & Sons"


class PickupPointFactory(DjangoModelFactory):
    class Meta:
        model = PickupPoint

    carrier = factory.SubFactory(CarrierFactory)
    code = factory.Sequence(lambda n: f"P{n}")
    name = "Corner shop"
    line1 = "1 High Street"
    city = "London"
    postcode = "N1 9GU"
    country = "GB"
    hours = "Mon–Sat 8–20"


class BoxFactory(DjangoModelFactory):
    class Meta:
        model = Box
        django_get_or_create = ("name",)

    name = "M"
    length_mm = 300
    width_mm = 200
    height_mm = 150
    tare_grams = 100
    max_grams = 10_000
