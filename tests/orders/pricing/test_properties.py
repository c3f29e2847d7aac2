"""What holds for any cart, any deals and any tax setting."""

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from orders.services.pricing import Basket, Lane, Percent, quote
from orders.services.pricing.shares import shares
from shop.lib.money import round_money, to_minor
from tests.orders.pricing.baskets import benefits, calls, deal, deals, item, items, priced

many = settings(max_examples=2000)


@many
@given(calls())
def test_sums_add_up_to_the_cent(call):
    figures = quote(**call)

    parts = [one.amount for one in figures.items] + [one.amount for one in figures.delivery_shares]
    assert all(part.net + part.tax == part.gross for part in parts)
    assert figures.total.net == sum(part.net for part in parts)
    assert figures.total.tax == sum(part.tax for part in parts)
    assert figures.total.gross == sum(part.gross for part in parts)
    assert figures.total.net + figures.total.tax == figures.total.gross
    assert figures.discount == sum(outcome.amount for outcome in figures.outcomes)
    assert all(
        figure == round_money(figure, call["currency"])
        for part in parts
        for figure in (part.net, part.tax, part.gross)
    )


@many
@given(calls())
def test_no_line_falls_below_zero_and_nothing_is_taken_twice(call):
    figures = quote(**call)

    for one in figures.items:
        assert min(one.amount.net, one.amount.tax, one.amount.gross) >= 0
        assert 0 <= one.discount <= one.listed
        assert all(taken.amount > 0 for taken in one.taken)
    delivery = call["delivery"]
    taken = sum(one.amount for one in figures.delivery_taken)
    assert 0 <= taken <= (delivery.price if delivery else 0)
    assert figures.delivery_amount.net >= 0


@many
@given(items(), benefits(), st.integers(0, 3000))
def test_a_discount_stays_within_its_cap_and_within_what_is_left(cart, given_benefits, cap):
    basket = Basket(cart, None, "EUR")
    left = basket.untouched()

    for benefit in [Percent(5000, cap=cap), *given_benefits]:
        off = benefit.off(basket, left)

        assert all(0 < amount <= left[place] for place, amount in off.items())
        most = getattr(benefit, "cap", None)
        assert most is None or sum(off.values()) <= most
        for place, amount in off.items():
            left[place] -= amount


@many
@given(calls(), st.integers(0, 1000))
def test_the_order_of_lines_and_deals_changes_nothing(call, seed):
    mixed = dict(call, items=list(call["items"]), deals=list(call["deals"]))
    random.Random(seed).shuffle(mixed["items"])
    random.Random(seed).shuffle(mixed["deals"])

    first, second = quote(**call), quote(**mixed)

    assert {one.item.key: one for one in first.items} == {one.item.key: one for one in second.items}
    assert first.total == second.total
    assert first.outcomes == second.outcomes
    assert first.delivery_shares == second.delivery_shares


@many
@given(calls())
def test_gross_and_net_views_agree(call):
    figures = quote(**call)

    gross, net = figures.view(with_tax=True), figures.view(with_tax=False)

    assert gross.total == net.total == figures.total.gross
    assert gross.goods + gross.delivery == gross.total
    assert net.goods + net.delivery + net.tax == net.total
    for view in (gross, net):
        rows = [one.view(with_tax=view.with_tax) for one in figures.items if not one.is_gift]
        assert view.goods == sum(row.amount for row in rows)
        assert view.goods_discount == sum(row.discount for row in rows)
        assert all(row.discount >= 0 for row in rows)
        assert view.delivery_discount >= 0
        assert view.listed - view.discount + view.delivery_listed == view.goods + view.delivery


@many
@given(calls())
def test_a_quote_is_the_same_twice(call):
    assert quote(**call) == quote(**call)


@many
@given(calls(most_deals=5))
def test_of_exclusive_deals_and_the_rest_the_best_applies(call):
    figures = quote(**call)

    def alone(chosen):
        return quote(**dict(call, deals=chosen)).discount

    exclusive = [one for one in call["deals"] if one.is_exclusive]
    rest = [one for one in call["deals"] if not one.is_exclusive]
    assert figures.discount == max([alone(rest), *(alone([one]) for one in exclusive)])
    applied = [outcome.deal for outcome in figures.outcomes if outcome.applies]
    assert len(applied) <= 1 or not any(one.is_exclusive for one in applied)


@many
@given(items(), deals())
def test_each_line_goes_to_the_deal_of_its_lane_that_takes_most(cart, offered):
    offered = [replace(one, is_exclusive=False, conditions=(), gifts=()) for one in offered]
    figures = priced(cart, offered, currency="EUR")

    basket = Basket(cart, None, "EUR")
    left = basket.untouched()
    for lane in Lane:
        mine = [one for one in offered if one.lane == lane]
        offers = {one.key: _off(one, basket, left) for one in mine}
        for place, line in enumerate(basket.lines):
            taken = next(one for one in figures.items if one.item.key == line.key).taken
            rows = [row for row in taken if row.deal in offers]
            best = max((off.get(place, 0) for off in offers.values()), default=0)
            first = min((key for key, off in offers.items() if off.get(place) == best), default=0)
            assert [(row.deal, to_minor(row.amount, "EUR")) for row in rows] == (
                [(first, best)] if best else []
            )
            left[place] -= best


def _off(one, basket, left):
    """What a deal takes off, one benefit after the other, computed apart from the lanes."""
    left, before = list(left), list(left)
    for benefit in one.benefits:
        for place, amount in benefit.off(basket, tuple(left)).items():
            left[place] -= amount
    return {
        place: was - now
        for place, (was, now) in enumerate(zip(before, left, strict=True))
        if was > now
    }


@many
@given(calls())
def test_every_deal_is_told_what_became_of_it(call):
    figures = quote(**call)

    assert [outcome.deal.key for outcome in figures.outcomes] == [
        one.key for one in sorted(call["deals"], key=lambda one: (one.lane, one.key))
    ]
    for outcome in figures.outcomes:
        assert outcome.applies or not outcome.amount
        assert outcome.reason.words
        assert outcome.reason.staff_words
    gifts = {one.item.key for one in figures.items if one.is_gift}
    assert gifts == {gift.key for one in figures.outcomes if one.applies for gift in one.deal.gifts}


@many
@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**7), min_size=1, max_size=8))
def test_parts_add_up_and_none_exceeds_its_line(amount, weights):
    amount = min(amount, sum(weights))

    parts = shares(amount, weights)

    assert sum(parts) == amount
    assert all(0 <= part <= weight for part, weight in zip(parts, weights, strict=True))


@many
@given(calls())
def test_relief_takes_all_tax_and_only_tax(call):
    bare = dict(call, deals=())
    relieved = quote(**dict(bare, rules=replace(call["rules"], relief="reverse_charge")))
    charged = quote(**dict(bare, rules=replace(call["rules"], relief="")))

    assert relieved.total.tax == 0
    assert relieved.total.net == relieved.total.gross == charged.total.net


@many
@given(items(), deals())
def test_gift_cards_are_left_alone(cart, offered):
    figures = priced(cart, offered, currency="EUR")

    assert all(one.item.facts.takes_promotions or not one.taken for one in figures.items)


def test_a_deal_brought_twice_counts_once():
    figures = priced([item(1, 1, "10.00")], [deal(1, Percent(1000)), deal(1, Percent(1000))])

    assert len(figures.outcomes) == 1
    assert figures.discount == 1
