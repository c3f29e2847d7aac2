"""The demo shop shows what sales look like."""

from decimal import Decimal

import pytest
from django.utils import timezone

from catalog.models import Card, Price, Sale
from shop.demo.seeding import sales_plan
from shop.processes import browsing
from tests.factories import CategoryFactory, ProductFactory, VariantFactory


@pytest.mark.django_db
def test_planters_are_on_sale_and_say_what_they_were(demo_market):
    now = timezone.now()
    for name in ("Planters", "Prints", "Tea"):
        VariantFactory(
            product=ProductFactory(category=CategoryFactory(name=name)), price=Decimal(20)
        )

    sales_plan.fill(now=now)
    sales_plan.fill(now=now)

    on_sale = Price.objects.get(variant__product__category__name="Planters").variant.product_id
    browsing.refresh_cards(product_ids=[on_sale], now=now)
    card = Card.objects.get()
    assert (card.price_from, card.compare_at) == (17, 20)
    assert Sale.objects.filter(starts_at__gt=now).count() == 2
