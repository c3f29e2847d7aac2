"""Saying anew what stock is worth, and what pages cost however long their history is."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from inventory.models import Location, StockItem, StockMovement, Valuation
from inventory.queries.value import value_on
from inventory.services.stock import Why
from payments.services.books.roles import Role
from shop.processes import stocktaking
from tests.factories import VariantFactory, in_stock
from tests.payments.books.reading import balance

pytestmark = pytest.mark.django_db
# The most queries each may take.
LIST, PAGE, DAY = 25, 40, 2


@pytest.fixture
def item():
    return in_stock(10, variant=VariantFactory(cost=Decimal(8))).stock_items.get()


def page_of(item):
    return reverse("admin:inventory_stockitem_revalue", args=[item.pk])


def test_a_manager_says_what_stock_is_worth(sign_in, item):
    manager = sign_in("manager")
    assert b"80.000" in manager.get(page_of(item)).content

    manager.post(page_of(item), {"unit_cost": "6.50", "reason": "Wrong invoice"})

    movement = StockMovement.objects.latest("pk")
    assert (movement.kind, movement.reason) == ("revaluation", "Wrong invoice")
    assert movement.actor.is_staff
    assert balance(Role.STOCK) == Valuation.objects.get().value == 65


def test_a_reason_is_asked_for(owner, item):
    answer = owner.post(page_of(item), {"unit_cost": "6.50", "reason": ""})

    assert answer.context["form"].errors.keys() == {"reason"}
    assert Valuation.objects.get().value == 80


def test_what_is_not_there_can_not_be_valued(owner, item):
    why = Why(kind=StockMovement.Kind.COUNT, now=timezone.now())
    stocktaking.correct(variant_id=item.variant_id, on_hand=0, why=why)

    answer = owner.post(page_of(item), {"unit_cost": "6.50", "reason": "Wrong invoice"})

    assert "no units" in str(answer.context["form"].non_field_errors())


def test_the_warehouse_counts_and_does_not_value(sign_in, item):
    warehouse = sign_in("warehouse")

    assert warehouse.get(page_of(item)).status_code == 403
    shown = warehouse.get(reverse("admin:inventory_stockitem_change", args=[item.pk]))
    assert page_of(item) not in shown.content.decode()
    assert b"Change value" not in shown.content


def queries_of(ask):
    with CaptureQueriesContext(connection) as captured:
        ask()
    return len(captured)


def much_happens(variant, times):
    """Movements of a year, past the doors of the shop: only their number matters here."""
    item, now = variant.stock_items.get(), timezone.now()
    StockMovement.objects.bulk_create(
        StockMovement(
            stock_item=item,
            kind=StockMovement.Kind.COUNT,
            on_hand_change=1 if number % 2 else -1,
            value_change=Decimal(1 if number % 2 else -1),
            at=now - dt.timedelta(hours=number),
        )
        for number in range(times)
    )


def test_a_long_history_costs_no_more_queries_than_a_short_one(owner, item):
    asked = {
        LIST: lambda: owner.get(reverse("admin:inventory_stockitem_changelist")),
        PAGE: lambda: owner.get(reverse("analytics:stock_variant", args=[item.variant.sku])),
        DAY: lambda: value_on(timezone.localdate(), most=50),
    }
    much_happens(item.variant, 60)
    for ask in asked.values():
        ask()
    before = {most: queries_of(ask) for most, ask in asked.items()}

    much_happens(item.variant, 600)
    shop = Location.objects.create(code="counter", name="Shop", position=9)
    for number in range(20):
        more = in_stock(3, variant=VariantFactory(cost=Decimal(number)))
        StockItem.objects.create(variant=more, location=shop)

    for most, ask in asked.items():
        assert queries_of(ask) <= before[most] <= most
