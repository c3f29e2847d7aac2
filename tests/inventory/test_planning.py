"""From needs to order lines."""

from decimal import Decimal

import pytest

from inventory.services import planning
from inventory.services.planning import Need
from inventory.services.reasons import words
from inventory.services.reorder import Levels
from tests.factories.buying import offer, supplier

pytestmark = pytest.mark.django_db


def need(by, *, position=4, weekly=7, top=40, rate=1, breaks=(), **fields):
    return Need(
        offer=offer(by, breaks=breaks, **fields),
        location_id=1,
        position=position,
        weekly=Decimal(weekly),
        levels=Levels(5, 19, top),
        rate=Decimal(rate),
        facts={
            "available": position,
            "weekly": f"{weekly}",
            "days_of_cover": "4",
            "lead_days": 14,
            "safety_stock": 5,
            "reorder_point": 19,
            "order_up_to": top,
        },
    )


def plan(*needs, minimum=0, budget=None):
    minimums = {one.offer.supplier_id: Decimal(minimum) for one in needs}
    return planning.plan(
        needs=needs, minimums=minimums, budget=None if budget is None else Decimal(budget)
    )


def units(lines):
    return [line.units for line in lines]


def test_a_line_fills_up_to_the_level():
    lines = plan(need(supplier(), position=4, top=40))

    assert units(lines) == [36]


def test_what_is_owed_is_ordered_on_top():
    assert units(plan(need(supplier(), position=-6, top=40))) == [46]


def test_units_come_in_packs():
    lines = plan(need(supplier(), pack_size=24))

    assert units(lines) == [48]
    assert "packs of 24" in words(lines[0].reasons)


def test_a_supplier_sells_no_fewer_than_his_least():
    lines = plan(need(supplier(), minimum=60))

    assert units(lines) == [60]
    assert "at least 60" in words(lines[0].reasons)


def test_a_price_break_near_by_is_taken():
    lines = plan(need(supplier(), cost=Decimal(2), breaks=[(40, Decimal("1.50"))]))

    assert units(lines) == [40]
    assert "From 40 on a unit costs less." in words(lines[0].reasons)


def test_a_price_break_that_takes_years_to_sell_is_not():
    lines = plan(need(supplier(), cost=Decimal(2), breaks=[(400, Decimal("1.50"))]))

    assert units(lines) == [36]


def test_a_price_break_that_saves_less_than_keeping_costs_is_not_taken():
    lines = plan(need(supplier(), cost=Decimal(2), breaks=[(60, Decimal("1.99"))]))

    assert units(lines) == [36]


def test_a_least_order_value_is_reached_with_what_runs_out_first():
    maker = supplier()
    sooner = need(maker, weekly=14, cost=Decimal(1), pack_size=4)
    later = need(maker, weekly=7, cost=Decimal(1), pack_size=4)

    lines = plan(sooner, later, minimum=84)

    assert units(lines) == [48, 36]
    assert lines[0].reasons["topped_up"] == 12
    assert "least order value" in words(lines[0].reasons)


def test_a_least_order_value_out_of_reach_is_said():
    lines = plan(need(supplier(), cost=Decimal(1)), minimum=1000)

    # Twice what was wanted and no more.
    assert units(lines) == [72]
    assert "928" in words(lines[0].reasons)


def test_a_budget_goes_to_what_runs_out_first():
    first, second = supplier(), supplier()
    calm = need(first, position=18, top=38, cost=Decimal(1))
    urgent = need(second, position=1, top=21, cost=Decimal(1))

    lines = plan(calm, urgent, budget=30)

    assert [line.need for line in lines] == [urgent, calm]
    assert units(lines) == [20, 10]
    assert "10 instead of 20" in words(lines[1].reasons)


def test_a_budget_counts_in_the_books_currency():
    lines = plan(need(supplier(), cost=Decimal(1), rate="0.5"), budget=9)

    assert units(lines) == [18]


def test_a_budget_buys_whole_packs_and_no_fewer_than_the_least():
    maker = supplier()

    assert units(plan(need(maker, cost=Decimal(1), pack_size=10), budget=35)) == [30]
    assert plan(need(maker, cost=Decimal(1), minimum=30), budget=29) == []


def test_a_supplier_whose_least_value_the_budget_misses_waits_and_his_money_goes_on():
    strict, easy = supplier(), supplier()
    urgent = need(strict, position=0, top=40, cost=Decimal(1))
    calm = need(easy, position=18, top=38, cost=Decimal(1))
    minimums = {strict.pk: Decimal(40), easy.pk: Decimal(0)}

    lines = planning.plan(needs=[urgent, calm], minimums=minimums, budget=Decimal(30))

    assert [(line.need, line.units) for line in lines] == [(calm, 20)]


def test_nothing_is_ordered_where_the_level_is_reached():
    assert plan(need(supplier(), position=0, top=0)) == []


def test_a_line_says_why():
    lines = plan(need(supplier()))

    assert words(lines[0].reasons) == (
        "4 can be sold: enough for 4 days at 7 a week. The reorder point is 19: 14 days until a "
        "delivery, and 5 against surprises. 36 fill it up to 40."
    )


def test_the_words_name_what_comes_and_what_is_owed():
    told = words({**plan(need(supplier()))[0].reasons, "incoming": 3, "owed": 2, "drafted": 1})

    assert "3 are on order, 1 are on drafts of your own, 2 are owed to customers" in told


def test_a_line_that_a_person_put_there_has_no_reasons():
    assert words({}) == ""
    assert words({"suggested": 4}) == ""
