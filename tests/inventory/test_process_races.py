"""Where processes meet over the same shelf: each of its own, on real PostgreSQL."""

import pytest

from inventory.models import Reservation
from tests.factories import VariantFactory
from tests.factories.shelves import place, put
from tests.inventory import stock_sums
from tests.inventory.crowd import Crowd, promised

pytestmark = pytest.mark.django_db(transaction=True)


def _crowd(units, carts, **terms):
    places = [place("leeds", 1), place("london", 2)]
    scarce, *others = variants = [VariantFactory() for _ in range(3)]
    for variant in variants:
        for one in places:
            put(variant, units if variant == scarce else carts, one)
    return Crowd(
        scarce=scarce.pk,
        others=tuple(one.pk for one in others),
        places=tuple(one.pk for one in places),
        carts=carts,
        **terms,
    )


def test_sixty_carts_and_fourteen_units_make_fourteen_orders():
    crowd = _crowd(units=7, carts=60, is_mixed=False)

    happened, _seconds = crowd.run(processes=4)

    assert happened == {"ordered": 14, "kept": 14, "was too late": 46}
    assert promised()[crowd.scarce] == [14, 14, 0]


def test_carts_cancels_receipts_and_counts_never_oversell_or_deadlock():
    crowd = _crowd(units=8, carts=60)

    happened, _seconds = crowd.run(processes=4)

    assert happened["deadlock"] == happened["waited too long"] == 0
    assert happened["blocked by himself"] == 0
    assert happened["ordered"] > 0
    assert stock_sums.wrong() == {}
    assert not Reservation.objects.exists()
    on_hand, allocated, reserved = promised()[crowd.scarce]
    assert on_hand >= allocated + reserved
