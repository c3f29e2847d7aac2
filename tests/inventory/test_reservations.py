"""Units kept for a shopper while he pays: against others, never against himself."""

import datetime as dt
from collections import Counter
from uuid import uuid4

import pytest
from django.utils import timezone

from inventory.models import Reservation, StockItem
from inventory.services import reservations, stock
from inventory.services.stock import OutOfStock
from tests.factories import VariantFactory, in_stock, stock_of
from tests.factories.shelves import place, promise, put

pytestmark = pytest.mark.django_db
NOW = timezone.now()
LATER = NOW + dt.timedelta(minutes=15)


def _reserve(holder, variant, units, now=NOW):
    return reservations.reserve(
        holder=holder,
        wanted={variant.pk: units} if units else {},
        now=now,
        until=now + dt.timedelta(minutes=15),
    )


def _reserved(variant):
    return StockItem.objects.get(variant=variant).reserved


def test_keeps_units_from_others():
    variant = in_stock(3)

    missing = _reserve(uuid4(), variant, 2)

    assert missing == {}
    with pytest.raises(OutOfStock) as refusal:
        promise(variant, 2, NOW)
    assert refusal.value.short == {variant.pk: 1}


def test_is_never_in_its_own_shoppers_way():
    variant, shopper = in_stock(3), uuid4()
    _reserve(shopper, variant, 3)

    promise(variant, 3, NOW, shopper=shopper)

    assert stock_of(variant) == (3, 3)
    assert not Reservation.objects.exists()
    assert _reserved(variant) == 0


def test_reserving_again_replaces_what_was_kept():
    variant, shopper = in_stock(3), uuid4()
    _reserve(shopper, variant, 3)

    assert _reserve(shopper, variant, 3) == {}
    assert _reserve(shopper, variant, 1) == {}

    assert _reserved(variant) == 1


def test_staying_longer_does_not_make_it_the_youngest():
    variant, shopper = in_stock(3), uuid4()
    _reserve(shopper, variant, 1)

    _reserve(shopper, variant, 2, now=NOW + dt.timedelta(minutes=5))

    kept = Reservation.objects.get()
    assert (kept.created_at, kept.until) == (NOW, NOW + dt.timedelta(minutes=20))


def test_takes_what_can_be_had_and_says_what_is_missing():
    variant = in_stock(2)

    assert _reserve(uuid4(), variant, 5) == {variant.pk: 3}
    assert _reserve(uuid4(), variant, 1) == {variant.pk: 1}


def test_what_is_not_wanted_any_more_is_free():
    one, two, shopper = in_stock(3), in_stock(3), uuid4()
    _reserve(shopper, one, 2)

    _reserve(shopper, two, 2)

    assert (_reserved(one), _reserved(two)) == (0, 2)


def test_units_are_kept_over_several_locations():
    variant = VariantFactory()
    put(variant, 2, place("leeds", 1))
    put(variant, 2, place("london", 2))

    assert _reserve(uuid4(), variant, 4) == {}

    assert sorted(Reservation.objects.values_list("quantity", flat=True)) == [2, 2]


def test_an_expired_one_gives_way_before_it_is_swept():
    variant = in_stock(2)
    _reserve(uuid4(), variant, 2)

    promise(variant, 2, LATER)

    assert stock_of(variant) == (2, 2)
    assert not Reservation.objects.exists()


def test_one_that_still_runs_does_not():
    variant = in_stock(2)
    _reserve(uuid4(), variant, 2)

    with pytest.raises(OutOfStock):
        promise(variant, 2, LATER - dt.timedelta(seconds=1))

    assert Reservation.objects.count() == 1


def test_the_sweep_ends_what_is_over_and_nothing_else():
    variant = in_stock(5)
    _reserve(uuid4(), variant, 2)
    _reserve(uuid4(), variant, 1, now=NOW + dt.timedelta(minutes=1))

    assert reservations.sweep(now=LATER) == 1

    assert _reserved(variant) == 1
    assert reservations.sweep(now=LATER) == 0


def test_a_sweep_ends_more_than_it_locks_at_once(monkeypatch):
    monkeypatch.setattr(reservations, "AT_ONCE", 2)
    variants = [in_stock(1) for _ in range(5)]
    for variant in variants:
        _reserve(uuid4(), variant, 1)

    assert reservations.sweep(now=LATER) == 5

    assert not StockItem.objects.filter(reserved__gt=0).exists()


def test_freeing_gives_everything_back():
    one, two, shopper = in_stock(3), in_stock(3), uuid4()
    reservations.reserve(holder=shopper, wanted={one.pk: 1, two.pk: 3}, now=NOW, until=LATER)

    assert reservations.free(holder=shopper) == sorted([one.pk, two.pk])

    assert (_reserved(one), _reserved(two)) == (0, 0)
    assert reservations.free(holder=shopper) == []


def test_ordering_ends_all_that_was_kept_for_the_shopper():
    one, two, shopper = in_stock(3), in_stock(3), uuid4()
    reservations.reserve(holder=shopper, wanted={one.pk: 1, two.pk: 3}, now=NOW, until=LATER)

    promise(one, 2, NOW, shopper=shopper)

    assert (_reserved(one), _reserved(two)) == (0, 0)


def test_an_order_that_runs_short_keeps_the_reservation():
    variant, shopper = in_stock(2), uuid4()
    _reserve(shopper, variant, 2)

    with pytest.raises(OutOfStock) as refusal:
        promise(variant, 3, NOW, shopper=shopper)

    assert refusal.value.short == {variant.pk: 2}
    assert _reserved(variant) == 2


def test_what_was_kept_for_him_stays_his_when_more_is_kept_back():
    variant, shopper = in_stock(3), uuid4()
    _reserve(shopper, variant, 2)
    StockItem.objects.filter(variant=variant).update(safety=3)

    promise(variant, 2, NOW, shopper=shopper)

    assert stock_of(variant) == (3, 2)


def test_a_count_does_not_wait_for_shoppers():
    variant = in_stock(5)
    first, second = uuid4(), uuid4()
    _reserve(first, variant, 2)
    _reserve(second, variant, 2, now=NOW + dt.timedelta(minutes=1))

    stock.set_on_hand(
        variant_id=variant.pk,
        on_hand=3,
        why=stock.Why(kind="count", now=NOW, reason="counted"),
    )

    kept = dict(Reservation.objects.values_list("holder", "quantity"))
    assert kept == {first: 2, second: 1}
    assert _reserved(variant) == 3


def _unseen(variant, units, shopper, now=NOW):
    """Whether nobody else's page says anything else once these units are promised."""
    told = stock.allocate(
        lines={uuid4(): (variant.pk, units)}, reference="1", now=now, shopper=shopper
    )
    return variant.pk in told.shown.unseen


def test_buying_what_was_kept_changes_no_page_while_several_others_pay():
    variant, shoppers = in_stock(3), [uuid4() for _who in range(3)]
    for shopper in shoppers:
        _reserve(shopper, variant, 1)

    # Then "somebody else is paying for the last one", then it is sold out.
    assert [_unseen(variant, 1, shopper) for shopper in shoppers] == [True, False, False]


def test_buying_what_was_kept_changes_no_page_that_shows_units_left():
    variant, shopper = in_stock(2), uuid4()
    _reserve(shopper, variant, 1)

    assert _unseen(variant, 1, shopper)


@pytest.mark.parametrize("kept", [0, 1])
def test_buying_more_than_was_kept_changes_pages(kept):
    variant, shopper = in_stock(4), uuid4()
    for who, units in ((shopper, kept), (uuid4(), 1), (uuid4(), 1)):
        _reserve(who, variant, units)

    assert not _unseen(variant, 2, shopper)


def test_units_that_somebody_gave_up_at_the_same_time_change_pages():
    variant, shopper = in_stock(2), uuid4()
    _reserve(uuid4(), variant, 1)
    _reserve(shopper, variant, 1, now=NOW + dt.timedelta(minutes=10))

    assert not _unseen(variant, 1, shopper, now=NOW + dt.timedelta(minutes=16))


@pytest.mark.parametrize(("kept_too_long", "is_unseen"), [(0, True), (38, False)])
def test_units_that_others_may_have_again_change_pages(kept_too_long, is_unseen):
    variant, shopper = in_stock(40), uuid4()
    if kept_too_long:
        _reserve(uuid4(), variant, kept_too_long, now=NOW - dt.timedelta(hours=1))

    found = reservations.keep(
        holder=shopper, wanted={variant.pk: 1}, before=Counter(), now=NOW, until=LATER
    )

    assert (variant.pk in found.shown.unseen) is is_unseen
    assert found.shown.freed == kept_too_long
    assert found.units == {variant.pk: 1}
