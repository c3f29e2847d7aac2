"""Goods in the books, at what they were worth: sent, counted, received, damaged, valued anew."""

from decimal import Decimal

import pytest
from django.utils import timezone

from inventory.models import StockMovement, Valuation
from inventory.services import stock
from inventory.services.revaluing import CostRefused, NothingToValue
from inventory.services.stock import StockRefused, Why
from orders.models import OrderLine
from orders.services.orders import Move
from payments.models import JournalEntry
from payments.services.books import goods
from payments.services.books.roles import Role
from shop.processes import fulfilment, handover, revaluing, stocktaking
from shop.processes.fulfilment import Parcel
from tests.factories import VariantFactory, in_stock, paid_order, shipped_order
from tests.payments.books.reading import balance, booked, check_now

pytestmark = pytest.mark.django_db
NOW = timezone.now()
Kind = StockMovement.Kind


def mug(cost="8.00", units=10):
    return in_stock(units, variant=VariantFactory(cost=cost and Decimal(cost)))


def why(kind=Kind.COUNT, **fields):
    return Why(kind=kind, now=timezone.now(), reason="Shelf check", **fields)


def correct(variant, kind=Kind.COUNT, **change):
    return stocktaking.correct(variant_id=variant.pk, why=why(kind), **change)


def entry_of(variant):
    """What the last movement of a variant is in the books."""
    movement = StockMovement.objects.filter(stock_item__variant=variant).latest("pk")
    return booked(goods.movement_source(movement.pk))


def test_what_leaves_in_a_parcel_becomes_cost():
    order = shipped_order(variant=mug(), quantity=3)

    check_now()
    assert balance(Role.COST_OF_GOODS, order=order) == 24
    assert balance(Role.STOCK, order=order) == -24
    assert order.fulfilments.get().goods_cost == 24


def test_two_parcels_are_two_entries():
    order = paid_order(variant=mug(), quantity=3)
    line = order.lines.get()

    for units in (1, 2):
        parcel = fulfilment.dispatch(
            order_id=order.pk,
            quantities={line.pk: units},
            parcel=Parcel(),
            actor=None,
            now=timezone.now(),
        )

        assert booked(goods.sent_source(parcel.pk))["cost_of_goods"] == 8 * units


def test_goods_without_a_cost_are_not_booked():
    order = shipped_order(variant=mug(cost=None))

    assert not JournalEntry.objects.filter(order=order, kind="goods").exists()


def test_a_parcel_costs_what_its_goods_cost_by_now_and_not_what_they_did_when_ordered():
    order = paid_order(variant=mug(), quantity=1)
    variant = order.lines.get().variant
    correct(variant, Kind.RECEIPT, change=10, value=Decimal(120))

    parcel = fulfilment.dispatch(
        order_id=order.pk, quantities=None, parcel=Parcel(), actor=None, now=timezone.now()
    )

    assert order.lines.get().unit_cost == 8
    assert booked(goods.sent_source(parcel.pk)) == {"cost_of_goods": 10, "stock": -10}


def test_what_goes_without_a_parcel_is_owed_to_whom_it_comes_from():
    order = paid_order(variant=mug())
    OrderLine.objects.update(is_shipped=False)

    handover.hand_over(order=order, move=Move(now=NOW))

    assert booked(goods.handed_over_source(order.number)) == {"cost_of_goods": 8, "suppliers": -8}


@pytest.mark.parametrize(
    ("kind", "change", "other"),
    [
        (Kind.COUNT, {"on_hand": 7}, {"stock": -24, "stock_changes": 24}),
        (Kind.ADJUSTMENT, {"change": -1}, {"stock": -8, "stock_changes": 8}),
        (Kind.RECEIPT, {"change": 5}, {"stock": 40, "suppliers": -40}),
        (Kind.RECEIPT, {"change": 5, "value": Decimal(31)}, {"stock": 31, "suppliers": -31}),
        (Kind.RETURN, {"change": 1}, {"stock": 8, "cost_of_goods": -8}),
    ],
)
def test_a_correction_is_booked_by_what_it_was(kind, change, other):
    variant = mug()

    correct(variant, kind, **change)

    assert entry_of(variant) == other
    assert JournalEntry.objects.latest("pk").memo == "Shelf check"


def test_a_damaged_unit_is_written_off_and_one_that_was_mended_is_worth_something_again():
    variant = mug()

    spoilt = stock.damage(variant_id=variant.pk, units=2, why=why(Kind.DAMAGE))
    mended = stock.mend(variant_id=variant.pk, units=1, why=why(Kind.DAMAGE))
    thrown = stock.scrap(variant_id=variant.pk, units=1, why=why(Kind.DAMAGE))
    goods.post_movements([*spoilt.movements, *mended.movements, *thrown.movements])

    assert balance(Role.STOCK_CHANGES) == 8
    assert balance(Role.STOCK) == Valuation.objects.get().value == 72


def test_a_count_that_was_right_is_no_entry():
    variant = mug()
    before = JournalEntry.objects.count()

    correct(variant, on_hand=10)

    assert JournalEntry.objects.count() == before


def test_a_correction_that_is_refused_leaves_the_books_alone():
    order = paid_order(variant=mug(units=2), quantity=2)

    with pytest.raises(StockRefused):
        correct(order.lines.get().variant, on_hand=1)

    assert balance(Role.STOCK_CHANGES) == 0


def test_stock_that_was_there_when_the_books_began_is_capital():
    variant = VariantFactory(cost=Decimal(8))
    opening = why(Kind.RECEIPT, reference=goods.OPENING)

    changed = stock.change_on_hand(variant_id=variant.pk, change=10, why=opening)
    goods.post_movements(changed.movements)

    assert balance(Role.OPENING) == -80


def test_a_movement_is_booked_once():
    changed = correct(mug(), change=-1)

    assert goods.post_movements(changed.movements) == 0
    assert balance(Role.STOCK_CHANGES) == 8


# What stock is worth, said anew


def revalue(variant, unit_cost):
    return revaluing.revalue(
        variant_id=variant.pk,
        unit_cost=Decimal(unit_cost),
        reason="Wrong invoice",
        actor=None,
        now=timezone.now(),
    )


def test_stock_can_be_said_to_be_worth_less():
    variant = mug()

    movement = revalue(variant, "5.50")

    variant.refresh_from_db()
    assert (movement.kind, movement.on_hand_change, movement.value_change) == (
        *(Kind.REVALUATION, 0),
        -25,
    )
    assert entry_of(variant) == {"stock": -25, "stock_changes": 25}
    assert variant.cost == Valuation.objects.get().average == Decimal("5.5")


def test_stock_that_is_worth_that_already_moves_nothing():
    variant = mug()

    assert revalue(variant, "8.00") is None
    assert balance(Role.STOCK_CHANGES) == 0


def test_there_must_be_something_to_value():
    with pytest.raises(NothingToValue):
        revalue(VariantFactory(), "8.00")


def test_nothing_is_worth_less_than_nothing():
    with pytest.raises(CostRefused):
        revalue(mug(), "-1.00")
