"""A draft is pure: it balances, or does not come to be."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payments.models import JournalEntry
from payments.services.books.drafts import Draft, Line, NotBalanced, against, in_books, opposite
from payments.services.books.roles import Role

NOW = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
CENTS = st.integers(-(10**9), 10**9).map(lambda units: Decimal(units) / 100)


def draft(lines, *, currency="GBP", rate="1"):
    return Draft(
        kind=JournalEntry.Kind.MANUAL,
        source="test",
        on=NOW.date(),
        at=NOW,
        currency=currency,
        rate=Decimal(rate),
        lines=lines,
    )


def test_debits_that_are_not_credits_are_refused():
    with pytest.raises(NotBalanced) as refusal:
        draft([Line(Role.BANK, Decimal(10)), Line(Role.SALES, Decimal("-9.99"))])

    assert refusal.value.difference == Decimal("0.01")


def test_lines_of_nothing_are_left_out():
    made = draft([*against(Role.BANK, Decimal(10), Role.SALES), Line(Role.OUTPUT_TAX, Decimal(0))])

    assert [line.account for line in made.lines] == [Role.BANK, Role.SALES]


def test_what_a_rate_rounds_away_goes_to_the_largest_line():
    made = draft(
        [
            Line(Role.CUSTOMERS, Decimal("30.00")),
            *(Line(Role.SALES, Decimal("-10.00")) for _one in range(3)),
        ],
        currency="EUR",
        rate="0.86555",
    )

    assert in_books(made, "GBP") == [Decimal("25.98"), *[Decimal("-8.66")] * 3]


@settings(max_examples=60)
@given(st.lists(CENTS, min_size=1, max_size=12), st.decimals("0.0001", "200", places=8))
def test_an_entry_balances_in_both_currencies_at_any_rate(amounts, rate):
    lines = [Line(Role.SALES, amount) for amount in amounts]
    made = draft([*lines, Line(Role.CUSTOMERS, -sum(amounts))], currency="EUR", rate=str(rate))

    assert sum(line.amount for line in made.lines) == 0
    assert sum(in_books(made, "GBP")) == 0


def test_the_opposite_undoes_amounts_and_their_value_in_the_books():
    (line,) = opposite([Line(Role.BANK, Decimal(5), base=Decimal(4))])

    assert (line.amount, line.base) == (-5, -4)
