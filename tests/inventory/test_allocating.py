"""Promising units over several locations."""

from uuid import uuid4

import pytest
from django.utils import timezone

from inventory.models import Allocation, Routing, StockItem, StockMovement
from inventory.services import stock
from inventory.services.stock import OutOfStock, Route
from tests.factories import VariantFactory
from tests.factories.shelves import item_at, place, promise, put

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def _two_places(units=(3, 5), **fields):
    one, two = place("leeds", 1, **fields), place("london", 2)
    variant = VariantFactory()
    put(variant, units[0], one)
    put(variant, units[1], two)
    return variant, one, two


def _routed(strategy):
    Routing.objects.update_or_create(pk=1, defaults={"strategy": strategy})


def _taken(holder):
    rows = Allocation.objects.filter(holder=holder)
    return dict(rows.values_list("stock_item__location__code", "quantity"))


def test_a_line_is_spread_over_locations_when_no_one_has_enough():
    variant, *_places = _two_places()

    holder = promise(variant, 7)

    assert _taken(holder) == {"leeds": 3, "london": 4} or _taken(holder) == {
        "leeds": 2,
        "london": 5,
    }


def test_priority_empties_the_first_location_first():
    variant, *_places = _two_places()
    _routed(Routing.Strategy.PRIORITY)

    assert _taken(promise(variant, 4)) == {"leeds": 3, "london": 1}


def test_as_few_parcels_as_possible_unless_told_otherwise():
    variant, *_places = _two_places()

    assert _taken(promise(variant, 4)) == {"london": 4}
    assert Routing.objects.get().strategy == Routing.Strategy.FEWEST_PARCELS


def test_nearest_asks_the_buyers_own_country_first():
    variant, *_places = _two_places()
    place("london", 2, country="GB", postcode="E1 6AN")
    _routed(Routing.Strategy.NEAREST)

    assert _taken(promise(variant, 2, route=Route("GB", "E1 7BB"))) == {"london": 2}


@pytest.mark.parametrize("closed", [{"is_active": False}, {"sends_orders": False}])
def test_a_location_that_sends_nothing_is_not_asked(closed):
    variant, *_places = _two_places()
    place("london", 2, **closed)

    with pytest.raises(OutOfStock) as refusal:
        promise(variant, 4)

    assert refusal.value.short == {variant.pk: 3}


def test_two_lines_of_one_variant_share_what_there_is():
    variant, *_places = _two_places()
    lines = {uuid4(): (variant.pk, 4), uuid4(): (variant.pk, 4)}

    stock.allocate(lines=lines, reference="1", now=NOW)

    assert [_sum(holder) for holder in lines] == [4, 4]


def _sum(holder):
    return sum(_taken(holder).values())


def test_more_for_a_holder_is_added_to_what_he_has():
    variant, one, _two = _two_places(units=(9, 0))
    holder = promise(variant, 2)

    stock.allocate(lines={holder: (variant.pk, 3)}, reference="2", now=NOW)

    assert _taken(holder) == {"leeds": 5}
    assert item_at(variant, one).allocated == 5


def test_every_promise_leaves_a_movement():
    variant, *_places = _two_places()

    promise(variant, 8)

    rows = StockMovement.objects.filter(kind=StockMovement.Kind.ALLOCATION)
    assert sum(row.allocated_change for row in rows) == 8
    assert {row.reference for row in rows} == {"10001"}


def test_what_is_kept_back_at_one_location_is_not_lent_to_another():
    variant, one, _two = _two_places()
    StockItem.objects.filter(pk=item_at(variant, one).pk).update(safety=5)

    with pytest.raises(OutOfStock) as refusal:
        promise(variant, 6)

    assert refusal.value.short == {variant.pk: 5}
