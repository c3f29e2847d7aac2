import datetime as dt
from decimal import Decimal

import factory
from django.db.backends.postgresql.psycopg_any import DateRange
from factory.django import DjangoModelFactory

from catalog.models import (
    Category,
    Image,
    Market,
    Price,
    Product,
    ProductType,
    SafetyParty,
    TaxClass,
    TaxRate,
    Variant,
)

LONG_AGO = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)


class MarketFactory(DjangoModelFactory):
    class Meta:
        model = Market
        django_get_or_create = ("code",)

    code = "uk"
    name = "United Kingdom"
    path = ""
    currency = "GBP"
    countries = ["GB"]
    prices_include_tax = True

    class Params:
        eu = factory.Trait(
            code="eu",
            name="European Union",
            path="eu",
            currency="EUR",
            locale="en-IE",
            countries=["IE", "DE", "FR"],
            position=1,
        )


class TaxClassFactory(DjangoModelFactory):
    class Meta:
        model = TaxClass
        django_get_or_create = ("code",)

    code = "standard"
    name = factory.LazyAttribute(lambda it: it.code.capitalize())


class TaxRateFactory(DjangoModelFactory):
    class Meta:
        model = TaxRate
        django_get_or_create = ("country", "tax_class")

    country = "GB"
    tax_class = factory.SubFactory(TaxClassFactory)
    rate = Decimal(20)
    valid = DateRange(dt.date(2011, 1, 4), None)


class ProductTypeFactory(DjangoModelFactory):
    class Meta:
        model = ProductType
        django_get_or_create = ("code",)

    code = "stoneware"
    name = "Stoneware"
    tax_class = factory.SubFactory(TaxClassFactory)


class CategoryFactory(DjangoModelFactory):
    class Meta:
        model = Category
        django_get_or_create = ("url_path",)

    name = "Mugs"
    slug = factory.LazyAttribute(lambda it: it.name.lower().replace(" ", "-"))
    url_path = factory.LazyAttribute(lambda it: it.slug)

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        kept = model_class.objects.filter(url_path=kwargs["url_path"]).first()
        return kept or model_class.objects.add_root(kwargs)


class SafetyPartyFactory(DjangoModelFactory):
    class Meta:
        model = SafetyParty
        django_get_or_create = ("name",)

    name = "Kiln Works"
    address = "1 Quay Stores\nCork"
    country = "IE"
    contact = "safety@kilnworks.example"


class ProductFactory(DjangoModelFactory):
    """On sale, and told to be safe, so that every market may have it."""

    class Meta:
        model = Product

    title = factory.Sequence(lambda n: f"Foot-ring mug {n}")
    slug = factory.Sequence(lambda n: f"foot-ring-mug-{n}")
    type = factory.SubFactory(ProductTypeFactory)
    category = factory.SubFactory(CategoryFactory)
    status = Product.Status.ACTIVE
    published_at = LONG_AGO
    manufacturer = factory.SubFactory(SafetyPartyFactory)
    needs_no_warning = True


class VariantFactory(DjangoModelFactory):
    """A variant with a price in the main market; `price=None` leaves it without one."""

    class Meta:
        model = Variant
        skip_postgeneration_save = True

    product = factory.SubFactory(ProductFactory)
    sku = factory.Sequence(lambda n: f"MUG-{n:04}")
    label = factory.Sequence(lambda n: f"{n} ml")
    grams = 390

    @factory.post_generation
    def price(self, create, extracted, **kwargs):
        amount = Decimal("22.00") if extracted is None and not kwargs else extracted
        if create and amount is not None:
            PriceFactory(variant=self, amount=amount, **kwargs)


class PriceFactory(DjangoModelFactory):
    class Meta:
        model = Price
        django_get_or_create = ("variant", "market")

    variant = factory.SubFactory(VariantFactory)
    market = factory.SubFactory(MarketFactory)
    amount = Decimal("22.00")


class ImageFactory(DjangoModelFactory):
    class Meta:
        model = Image

    product = factory.SubFactory(ProductFactory)
    alt = "A mug in ash glaze"
    file = factory.django.ImageField(width=80, height=100, format="WEBP")
