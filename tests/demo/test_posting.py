"""The demo's carriers, boxes and return policy."""

import pytest

from catalog.models import Variant
from orders.models import ReturnReason, ReturnRule
from shipping.models import Box, Carrier, Method
from shop.demo.seeding import places, posting

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    places.fill()
    posting.fill()


def test_every_way_of_delivery_has_a_carrier(shop):
    assert Carrier.objects.count() == 3
    assert not Method.objects.filter(provider=None).exclude(kind=Method.Kind.COLLECT).exists()


def test_a_second_run_changes_nothing(shop):
    before = [model.objects.count() for model in (Carrier, Box, ReturnRule, ReturnReason)]

    posting.fill()

    assert before == [model.objects.count() for model in (Carrier, Box, ReturnRule, ReturnReason)]


def test_the_last_rule_fits_everything(shop):
    last = ReturnRule.objects.order_by("-position").first()

    assert last.countries == []
    assert not last.categories.exists()
    assert not last.collections.exists()


def test_a_heavier_piece_takes_a_larger_parcel(shop):
    like = {"size": [100, 100, 100], "grams": 400}

    small, large = (
        posting._measured(Variant(grams=grams), like).length_mm for grams in (400, 3_200)
    )

    assert (small, large) == (100, 200)
