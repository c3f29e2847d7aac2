"""The price per 100 g, 100 ml, metre."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from catalog.queries.unit_prices import unit_price
from tests.factories import VariantFactory, in_stock


@pytest.mark.parametrize(
    ("price", "content", "unit", "text"),
    [
        ("7.50", "50", "g", "£15.00 per 100 g"),
        ("7.50", "1", "kg", "£0.75 per 100 g"),
        ("9.00", "0.5", "l", "£1.80 per 100 ml"),
        ("12.00", "250", "cm", "£4.80 per m"),
        ("12.00", "2.4", "m2", "£5.00 per m²"),
        ("9.00", "6", "pc", "£1.50 per piece"),
        ("1.00", "3", "pc", "£0.33 per piece"),
    ],
)
def test_a_price_is_told_per_reference_amount(price, content, unit, text):
    found = unit_price(Decimal(price), content=Decimal(content), unit=unit, currency="GBP")

    assert found.text == text


@pytest.mark.parametrize(
    ("content", "unit"), [(None, ""), ("100", "g"), ("0.1", "l"), ("1", "m"), ("1", "pc")]
)
def test_nothing_is_told_without_a_content_or_when_it_is_the_price_itself(content, unit):
    content = Decimal(content) if content else None

    assert unit_price(Decimal(5), content=content, unit=unit, currency="GBP") is None


def test_the_page_tells_it(client, demo_market):
    variant = VariantFactory(price=Decimal("7.50"), content=Decimal(50), content_unit="g")
    in_stock(variant=variant)

    page = client.get(variant.product.get_absolute_url()).content.decode()

    assert "£15.00 per 100 g" in page


@pytest.mark.django_db
def test_a_content_without_a_unit_is_not_kept():
    with pytest.raises(IntegrityError, match="variant_content_has_a_unit"), transaction.atomic():
        VariantFactory(content=Decimal(50))
