"""Landed cost, whatever comes in whatever parts."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.models import Variant
from inventory.models import PurchaseOrder, PurchaseOrderLine
from inventory.services import landed
from inventory.services.landed import Brought, Terms
from shop.lib.money import ZERO, round_money

amounts = st.decimals(0, 500, places=2)
lines_ = st.lists(
    st.tuples(st.integers(1, 30), st.decimals(0, 90, places=3), st.integers(0, 5000)),
    min_size=1,
    max_size=5,
)
# Of each line, how much of what is left comes with a delivery, in tenths; the last brings the rest.
parts = st.lists(st.lists(st.integers(0, 10), min_size=5, max_size=5), max_size=4)


def _order(lines, freight, duty, share_by, rate):
    order = PurchaseOrder(freight=freight, duty=duty, share_by=share_by, rate=rate)
    return order, [
        PurchaseOrderLine(quantity=units, unit_cost=cost, variant=Variant(grams=grams))
        for units, cost, grams in lines
    ]


def _deliveries(lines, parts):
    """Units of each line, per delivery; the last one brings what is left."""
    left = [line.quantity for line in lines]
    for tenths in parts:
        units = [many * tenth // 10 for many, tenth in zip(left, tenths, strict=False)]
        left = [many - some for many, some in zip(left, units, strict=True)]
        if any(units) and any(left):
            yield units, False
        elif any(units):
            yield units, True
            return
    yield left, True


@settings(max_examples=60)
@given(
    lines_,
    amounts,
    amounts,
    st.sampled_from(["value", "weight"]),
    st.sampled_from(["1", "0.8537"]),
    parts,
)
def test_deliveries_carry_exactly_what_was_paid(lines, freight, duty, share_by, rate, parts):
    order, rows = _order(lines, freight, duty, share_by, Decimal(rate))
    received, given_, goods = [0] * len(rows), (ZERO, ZERO), [ZERO] * len(rows)

    for units, is_last in _deliveries(rows, parts):
        came = [number for number, some in enumerate(units) if some]
        brought = [Brought(rows[n], units[n], units[n], received[n]) for n in came]
        terms = Terms(order, "GBP", given_, is_last)
        costs = landed.costs(brought=brought, lines=rows, terms=terms)
        for number, cost in zip(came, costs, strict=True):
            received[number] += units[number]
            goods[number] += cost.goods
            assert min(cost.goods, cost.freight, cost.duty) >= 0
            assert cost.landed == cost.goods + cost.freight + cost.duty
            given_ = (given_[0] + cost.freight, given_[1] + cost.duty)

    assert given_ == tuple(round_money(sum_ * order.rate, "GBP") for sum_ in (freight, duty))
    assert goods == [round_money(row.unit_cost * row.quantity * order.rate, "GBP") for row in rows]
