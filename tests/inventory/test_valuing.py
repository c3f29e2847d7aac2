"""What units cost: a moving average whose sum never loses a thousandth."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from inventory.models import Valuation
from inventory.services import valuing
from inventory.services.valuing import Change
from tests.factories import VariantFactory

pytestmark = pytest.mark.django_db


def _variant(cost=None):
    return VariantFactory(cost=cost and Decimal(cost))


def _worth(variant):
    valuation = Valuation.objects.get(variant=variant)
    return valuation.units, valuation.value


def test_a_delivery_moves_the_average_and_with_it_the_variants_cost():
    variant = _variant(cost="9.00")
    valuing.apply([Change(variant.pk, 10, Decimal(100))])

    came = valuing.apply([Change(variant.pk, 10, Decimal(140))])

    variant.refresh_from_db()
    assert came == [Decimal(140)]
    assert _worth(variant) == (20, Decimal(240))
    assert variant.cost == Decimal(12)


def test_what_leaves_takes_its_share_and_the_last_unit_takes_the_rest():
    variant = _variant()
    valuing.apply([Change(variant.pk, 3, Decimal(10))])

    left = [valuing.apply([Change(variant.pk, -1)])[0] for _unit in range(3)]

    assert left == [Decimal("-3.333"), Decimal("-3.334"), Decimal("-3.333")]
    assert _worth(variant) == (0, Decimal(0))


def test_what_leaves_does_not_move_the_average_nor_the_cost():
    variant = _variant(cost="5.00")
    valuing.apply([Change(variant.pk, 4, Decimal(20))])

    valuing.apply([Change(variant.pk, -3)])

    variant.refresh_from_db()
    assert _worth(variant) == (1, Decimal(5))
    assert variant.cost == Decimal(5)


def test_found_units_come_at_the_average():
    variant = _variant(cost="1.00")
    valuing.apply([Change(variant.pk, 4, Decimal(20))])

    assert valuing.apply([Change(variant.pk, 2)]) == [Decimal(10)]


def test_the_first_units_of_unknown_value_cost_what_the_variant_costs():
    assert valuing.apply([Change(_variant(cost="2.50").pk, 4)]) == [Decimal(10)]


def test_units_that_nobody_knows_the_cost_of_are_worth_nothing():
    variant = _variant()

    assert valuing.apply([Change(variant.pk, 4)]) == [Decimal(0)]
    assert _worth(variant) == (4, Decimal(0))


def test_changes_of_one_call_follow_one_another():
    variant = _variant()

    changes = [Change(variant.pk, 2, Decimal(10)), Change(variant.pk, -1), Change(variant.pk, 1)]

    assert valuing.apply(changes) == [Decimal(10), Decimal(-5), Decimal(5)]


def test_units_that_were_never_valued_leave_for_nothing():
    variant = _variant(cost="3.00")

    assert valuing.apply([Change(variant.pk, -2)]) == [Decimal(0)]
    assert _worth(variant) == (0, Decimal(0))


def test_an_average_below_a_thousandth_is_not_lost():
    variant = _variant()
    valuing.apply([Change(variant.pk, 7, Decimal("0.001"))])

    left = [valuing.apply([Change(variant.pk, -1)])[0] for _unit in range(7)]

    assert sum(left) == Decimal("-0.001")


def test_many_variants_take_few_queries(django_assert_max_num_queries):
    variants = [_variant(cost="1.00") for _number in range(5)]

    with django_assert_max_num_queries(9):
        valuing.apply([Change(variant.pk, 3, Decimal(4)) for variant in variants])


COST = st.one_of(st.none(), st.decimals(0, 1000, places=3))
CHANGE = st.tuples(st.integers(-40, 40).filter(bool), COST)


class Sums(TestCase):
    @settings(max_examples=40, deadline=None)
    @given(st.lists(CHANGE, max_size=25))
    def test_whatever_comes_and_goes_the_sum_is_that_of_its_parts(self, changes):
        variant = _variant(cost="1.237")
        there, values = 0, []
        for units, value in changes:
            if there + units >= 0:
                there += units
                values += valuing.apply([Change(variant.pk, units, value if units > 0 else None)])

        valuation = Valuation.objects.filter(variant=variant).first() or Valuation()

        assert (valuation.units, valuation.value) == (there, sum(values, Decimal(0)))
        assert valuation.units or not valuation.value
