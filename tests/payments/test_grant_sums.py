"""However a line is given back, the parts are the line: to the cent, with its tax."""

from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from orders.models import OrderLine, TaxLine
from payments.models import GrantedLine
from payments.services.grant_sums import Asked, TooMuchAsked, fresh, replayed, shares_of
from shop.lib.money import from_minor, quantum, to_minor
from shop.lib.tax import tax_amount

CURRENCIES = st.sampled_from(["GBP", "JPY", "KWD"])
RATES = st.sampled_from([Decimal(rate) for rate in ("0", "5", "7.7", "10", "20", "25.5")])


def tax_line(number, gross, *, rate=Decimal(20), currency="GBP", quantity=0):
    """One tax line; of a line when it has a quantity, else of the delivery."""
    line = OrderLine(pk=number, position=number, quantity=quantity) if quantity else None
    taxed = tax_amount(gross, rate=rate, included=True, currency=currency)
    return TaxLine(pk=number, line=line, base=taxed.net, amount=taxed.tax, rate=rate)


def steps(rows, asks):
    """Give back step by step, as the books would read it again each time."""
    given_back = []
    for asked in asks:
        shares = {one.tax_line.pk: one for one in shares_of(rows, asked)}
        given_back.append(shares)
        rows = [_after(rest, shares.get(rest.tax_line.pk)) for rest in rows]
    return given_back, rows


def _after(rest, share):
    if share is None:
        return rest
    amount = share.amount
    row = GrantedLine(
        tax_line=share.tax_line,
        quantity=share.quantity,
        net=amount.net,
        tax=amount.tax,
        gross=amount.gross,
    )
    return replayed(rest, row)


@pytest.mark.parametrize(
    ("currency", "gross", "parts"),
    [
        ("GBP", "10.00", ["3.33", "3.34", "3.33"]),
        ("JPY", "1000", ["333", "334", "333"]),
        ("KWD", "10.000", ["3.333", "3.334", "3.333"]),
    ],
)
def test_three_steps_are_the_line_to_the_smallest_coin(currency, gross, parts):
    taxed = tax_line(1, Decimal(gross), currency=currency, quantity=3)

    given_back, rows = steps([fresh(taxed, currency)], [Asked({1: 1})] * 3)

    assert [one[1].amount.gross for one in given_back] == [Decimal(part) for part in parts]
    assert sum(one[1].amount.tax for one in given_back) == taxed.amount
    assert rows[0].left.gross == 0


def test_two_units_at_once_are_as_much_as_one_and_one():
    taxed = tax_line(1, Decimal("0.05"), quantity=4)

    (both,), _left = steps([fresh(taxed, "GBP")], [Asked({1: 2})])
    (one, two), _left = steps([fresh(taxed, "GBP")], [Asked({1: 1})] * 2)

    assert both[1].amount == one[1].amount + two[1].amount


def test_a_lowered_price_is_shared_by_the_units_that_stay():
    taxed = tax_line(1, Decimal("30.00"), quantity=3)

    given_back, rows = steps(
        [fresh(taxed, "GBP")], [Asked(goodwill=Decimal(6)), Asked({1: 1}), Asked({1: 2})]
    )

    assert [one[1].amount.gross for one in given_back] == [6, 8, 16]
    assert rows[0].left.gross == 0


def test_goodwill_falls_on_lines_and_delivery_by_what_is_left_of_them():
    rows = [
        fresh(tax_line(1, Decimal("60.00"), quantity=1), "GBP"),
        fresh(tax_line(2, Decimal("30.00"), quantity=1, rate=Decimal(5)), "GBP"),
        fresh(tax_line(3, Decimal("10.00")), "GBP"),
    ]

    (given_back,), _left = steps(rows, [Asked(goodwill=Decimal("10.00"))])

    assert [given_back[number].amount.gross for number in (1, 2, 3)] == [6, 3, 1]
    assert given_back[1].amount.tax == Decimal("1.00")
    assert given_back[2].amount.tax == Decimal("0.14")


def test_the_price_of_a_gift_card_is_never_lowered():
    rows = [
        fresh(tax_line(1, Decimal("60.00"), quantity=1), "GBP"),
        fresh(tax_line(2, Decimal("30.00"), quantity=1, rate=Decimal(0)), "GBP", is_card=True),
    ]

    (given_back,), _left = steps(rows, [Asked(goodwill=Decimal("10.00"))])

    assert set(given_back) == {1}
    with pytest.raises(TooMuchAsked):
        shares_of(rows, Asked(goodwill=Decimal("60.01")))


@pytest.mark.parametrize(
    "asked",
    [
        Asked({1: 3}),
        Asked({1: -1}),
        Asked({9: 1}),
        Asked(delivery=Decimal("5.01")),
        Asked(delivery=Decimal("-1.00")),
        Asked(goodwill=Decimal("25.01")),
        Asked({1: 2}, goodwill=Decimal("5.01")),
        Asked(goodwill=Decimal("0.001")),
    ],
)
def test_more_than_is_left_is_refused(asked):
    rows = [
        fresh(tax_line(1, Decimal("20.00"), quantity=2), "GBP"),
        fresh(tax_line(2, Decimal("5.00")), "GBP"),
    ]

    with pytest.raises(TooMuchAsked):
        shares_of(rows, asked)


@st.composite
def histories(draw):
    """An order in some currency, and some ways to give all of it back."""
    currency = draw(CURRENCIES)
    grosses = st.integers(0, 20_000).map(lambda minor: from_minor(minor, currency))
    rows = [
        fresh(
            tax_line(
                number,
                draw(grosses),
                rate=draw(RATES),
                currency=currency,
                quantity=draw(st.integers(1, 7)) if number < 4 else 0,
            ),
            currency,
        )
        for number in range(1, draw(st.integers(1, 5)) + 1)
    ]
    return currency, rows, draw(st.lists(st.tuples(*[st.integers(0, 100)] * 3), max_size=6))


@settings(max_examples=60)
@given(histories())
def test_any_way_to_give_back_ends_at_the_whole_and_never_beyond(history):
    currency, rows, wishes = history
    assume(sum(rest.gross for rest in rows))
    start, given_back = rows, []

    for wish in wishes:
        parts, rows = steps(rows, [_ask(rows, wish, currency)])
        given_back += parts
    left_over = {rest.tax_line.line.pk: rest.units for rest in rows if rest.tax_line.line}
    delivery = sum(rest.gross for rest in rows if rest.tax_line.line is None)
    parts, rows = steps(rows, [Asked(left_over, delivery)])
    given_back += parts

    shares = [one for shares in given_back for one in shares.values()]
    assert all(one.amount.net >= 0 and one.amount.tax >= 0 for one in shares)
    assert all(rest.left.gross == 0 and rest.units == 0 for rest in rows)
    for rest in start:
        mine = [one for one in shares if one.tax_line is rest.tax_line]
        assert sum(one.amount.net for one in mine) == rest.tax_line.base
        assert sum(one.amount.tax for one in mine) == rest.tax_line.amount
        _tax_is_right(rest, mine, currency)


def _tax_is_right(rest, shares, currency):
    """What is taken back of the tax so far is never a whole coin off."""
    gross, taken, tax = rest.gross, Decimal(0), Decimal(0)
    for one in shares:
        taken, tax = taken + one.amount.gross, tax + one.amount.tax
        if gross:
            exact = rest.tax_line.amount * taken / gross
            assert abs(tax - exact) < quantum(currency)


def _ask(rows, wish, currency):
    """A wish in per cent, as amounts and units that are left."""
    units, delivery, goodwill = wish
    counts = {
        rest.tax_line.line.pk: rest.units * units // 100 for rest in rows if rest.tax_line.line
    }
    of_delivery = sum(rest.gross for rest in rows if rest.tax_line.line is None)
    part = _part(of_delivery, delivery, currency)
    taken = sum(
        rest.price_of(counts[rest.tax_line.line.pk])
        for rest in rows
        if rest.tax_line.line and counts[rest.tax_line.line.pk]
    )
    rest = sum(rest.gross for rest in rows) - part - taken
    return Asked(counts, part, _part(rest, goodwill // 2, currency))


def _part(amount, per_cent, currency):
    return from_minor(to_minor(Decimal(amount), currency) * per_cent // 100, currency)
