"""What comes together and expires together: first expired, first out."""

import datetime as dt

import pytest
from django.utils import timezone

from inventory.models import Batch, Shortage, StockItem, StockMovement, StockPolicy
from inventory.services import batches, stock
from inventory.services.stock import Lot, OutOfStock, StockRefused, Why
from shop.lib.workdays import shop_day
from tests.factories import VariantFactory, in_stock
from tests.factories.shelves import (
    batches_of,
    place,
    promise,
    put,
    put_batch,
    with_batches,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()
WHY = Why(kind=StockMovement.Kind.COUNT, now=NOW, reason="counted")


def _in(days):
    return shop_day(NOW) + dt.timedelta(days=days)


def _tea(early=4, late=5, **policy):
    tea = with_batches(**policy)
    put_batch(tea, late, "B2", _in(200))
    put_batch(tea, early, "B1", _in(100))
    return tea


def _send(holder, units, now=NOW):
    return stock.consume(quantities={holder: units}, reference="1", actor=None, now=now)


def test_what_expires_first_leaves_first_with_a_movement_per_batch():
    tea = _tea()
    holder = promise(tea, 6, NOW)

    _send(holder, 6)

    assert batches_of(tea) == {"B2": 3}
    sold = StockMovement.objects.filter(kind=StockMovement.Kind.SALE).order_by("pk")
    moved = [(one.batch.code, one.on_hand_change, one.allocated_change) for one in sold]
    assert moved == [("B1", -4, -4), ("B2", -2, -2)]


def test_what_has_no_date_leaves_last():
    tea = _tea(4, 5)
    put(tea, 2)
    holder = promise(tea, 10, NOW)

    _send(holder, 10)

    assert batches_of(tea) == {"": 1}


def test_units_without_a_name_lie_in_the_batch_without_a_label():
    tea = with_batches()

    put(tea, 3)
    put(tea, 2)

    row = Batch.objects.get()
    assert (row.code, row.expires_on, row.on_hand) == ("", None, 5)


def test_more_of_a_batch_is_the_same_batch():
    tea = with_batches()
    for _ in range(2):
        put_batch(tea, 2, "B1", _in(9))

    assert Batch.objects.count() == 1
    assert batches_of(tea) == {"B1": 4}


def test_a_batch_that_was_used_up_comes_back_as_itself():
    tea = with_batches()
    put_batch(tea, 2, "B1", _in(9))
    stock.set_on_hand(variant_id=tea.pk, on_hand=0, why=WHY)

    put_batch(tea, 3, "B1", _in(9))

    assert Batch.objects.count() == 1
    assert batches_of(tea) == {"B1": 3}


def test_a_correction_down_takes_what_expires_first():
    tea = _tea()

    stock.change_on_hand(variant_id=tea.pk, change=-5, why=WHY)

    assert batches_of(tea) == {"B2": 4}


def test_a_correction_of_a_named_batch_leaves_the_others():
    tea = _tea()

    changed = stock.set_on_hand(variant_id=tea.pk, on_hand=2, why=WHY, batch=Lot("B2", _in(200)))

    assert batches_of(tea) == {"B1": 4, "B2": 2}
    assert changed.item.on_hand == 6


def test_a_batch_can_lose_no_more_than_it_has():
    tea = _tea()

    with pytest.raises(StockRefused, match="B1"):
        stock.change_on_hand(variant_id=tea.pk, change=-5, why=WHY, batch=Lot("B1", _in(100)))

    assert batches_of(tea) == {"B1": 4, "B2": 5}


def test_a_variant_without_batches_has_none():
    mug = in_stock(2)

    put(mug, 2, lot=Lot("B1"))

    assert not Batch.objects.exists()


def test_what_expires_soon_is_set_apart_and_says_so():
    tea = _tea(days_fresh=101)

    gone = batches.expire(now=NOW)

    item = StockItem.objects.get()
    assert (item.on_hand, item.damaged) == (5, 4)
    assert batches_of(tea) == {"B2": 5}
    (movement,) = gone[0].movements
    assert movement.kind == StockMovement.Kind.DAMAGE
    assert movement.reason.startswith("Best before ")


@pytest.mark.parametrize(("days_fresh", "expired"), [(0, 0), (99, 0), (100, 0), (101, 1)])
def test_a_batch_is_sold_until_it_is_too_near_its_date(days_fresh, expired):
    _tea(days_fresh=days_fresh)

    assert len(batches.expire(now=NOW)) == expired


def test_what_expired_is_taken_back_from_the_youngest_order():
    tea = _tea()
    old, new = promise(tea, 4, NOW), promise(tea, 4, NOW + dt.timedelta(seconds=1))

    gone = batches.expire(now=NOW + dt.timedelta(days=101))

    (short,) = Shortage.objects.all()
    assert (short.holder, short.quantity) == (new, 3)
    assert gone[0].shortages == [short]
    assert old != new
    assert StockItem.objects.get().allocated == 5


def test_what_is_past_its_date_is_not_promised_before_the_night():
    tea = _tea()

    with pytest.raises(OutOfStock) as refusal:
        promise(tea, 6, NOW + dt.timedelta(days=101))

    assert refusal.value.short == {tea.pk: 5}


def test_what_is_past_its_date_is_not_sent():
    tea = _tea()
    holder = promise(tea, 9, NOW)

    with pytest.raises(StockRefused):
        _send(holder, 6, now=NOW + dt.timedelta(days=101))

    _send(holder, 5, now=NOW + dt.timedelta(days=101))
    assert batches_of(tea) == {"B1": 4}


def test_what_lay_there_before_there_were_batches_has_no_label():
    tea = in_stock(4)
    StockPolicy.objects.create(variant=tea, tracks_batches=True)

    batches.settle(variant_ids=[tea.pk], now=NOW)

    assert batches_of(tea) == {"": 4}


def test_without_batches_there_is_nothing_in_them():
    tea = _tea()
    StockPolicy.objects.update(tracks_batches=False)

    batches.settle(variant_ids=[tea.pk], now=NOW)

    assert batches_of(tea) == {}
    assert StockItem.objects.get().on_hand == 9


def test_batches_begin_to_add_up_with_the_first_change():
    tea = in_stock(4)
    StockPolicy.objects.create(variant=tea, tracks_batches=True)

    put_batch(tea, 2, "B1", _in(9))

    assert batches_of(tea) == {"": 4, "B1": 2}


def test_each_location_has_its_own_batches():
    tea, north, south = with_batches(), place("leeds", 1), place("london", 2)
    put_batch(tea, 2, "B1", _in(9), north)
    put_batch(tea, 3, "B1", _in(9), south)

    stock.change_on_hand(variant_id=tea.pk, change=-2, why=WHY, location=south)

    rows = Batch.objects.values_list("stock_item__location__code", "on_hand")
    assert dict(rows) == {"leeds": 2, "london": 1}


def test_no_batches_no_work():
    VariantFactory()

    assert batches.expire(now=NOW) == []
