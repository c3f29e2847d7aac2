import datetime as dt

import pytest
from django.utils import translation

from orders.services.pricing import AtHours, Code, Fixed, ItemTotal, Lane, Percent, Quantity, Reason
from shop.lib.money import Money
from tests.orders.pricing.baskets import MUGS, deal, item, priced


@pytest.fixture(autouse=True)
def british():
    with translation.override("en-gb"):
        yield


def told(deals, cart=None, currency="GBP"):
    """What shoppers and staff read, by deal."""
    figures = priced(cart or [item()], deals, currency=currency)
    return {one.deal.key: (one.reason.words, one.reason.staff_words) for one in figures.outcomes}


@pytest.mark.parametrize("code", Code)
def test_every_code_has_words_for_shoppers_and_staff_even_without_figures(code):
    reason = Reason(code)

    assert reason.words.endswith(".")
    assert reason.staff_words.endswith(".")
    assert "%" not in reason.words


def test_it_says_how_much_more_to_spend_on_what():
    conditions = (ItemTotal(least=2240, scope=MUGS),)

    words, staff_words = told([deal(1, Percent(1000), conditions=conditions)])[1]

    assert words == "Spend £12.40 more on mugs and it applies."
    assert staff_words == "It wants goods worth £22.40 from mugs; £12.40 is missing."


def test_amounts_are_in_the_basket_s_currency():
    conditions = (ItemTotal(least=2000),)

    words, _staff = told([deal(1, Percent(1000), conditions=conditions)], currency="JPY")[1]

    assert words == "Spend JP¥1,990 more and it applies."


@pytest.mark.parametrize(
    ("least", "words"),
    [
        (2, "Add 1 more piece and it applies."),
        (4, "Add 3 more pieces and it applies."),
    ],
)
def test_it_says_how_many_more_to_add(least, words):
    conditions = (Quantity(least=least),)

    assert told([deal(1, Percent(1000), conditions=conditions)])[1][0] == words


def test_it_says_when_it_applies():
    evenings = AtHours(frozenset({0, 4}), dt.time(17), dt.time(20))

    words, _staff = told([deal(1, Percent(1000), conditions=(evenings,))])[1]

    assert words == "It applies on Monday, Friday, 17:00 to 20:00."


def test_staff_read_which_deal_won_instead_and_by_how_much():
    deals = [deal(1, Percent(1000), name="Members"), deal(2, Percent(2500), name="Autumn")]

    told_of = told(deals)

    assert told_of[1][0] == "“Offer 2” takes more off the same things."
    assert told_of[1][1] == (
        "“Autumn” takes £2.50 off the same lines in the same lane; this one would take off "
        "£1.00, £1.50 less."
    )
    assert told_of[2][0] == "It applies: £2.50 off."


def test_staff_read_of_a_tie():
    told_of = told([deal(1, Fixed(100), name="Older"), deal(2, Percent(1000))])

    assert "“Older” takes off just as much" in told_of[2][1]


def test_staff_read_where_a_deal_was_beaten_on_some_lines():
    cart = [item(1), item(2, category=2)]

    told_of = told([deal(1, Percent(1000)), deal(2, Percent(2000, MUGS))], cart)

    assert told_of[1][1].startswith("Takes off £1.00; it would be £2.00")


def test_the_exclusive_one_is_named_to_those_it_shuts_out():
    deals = [
        deal(1, Fixed(100), lane=Lane.PRE),
        deal(2, Percent(1000)),
        deal(3, Percent(5000), is_exclusive=True, name="Half price"),
    ]

    told_of = told(deals)

    assert told_of[1][0] == "It can't be combined with “Offer 3”, which takes more off."
    assert told_of[1][1] == (
        "“Half price” combines with nothing and takes off £5.00 alone; without it this one would "
        "take off £1.00, and £1.90 would be taken off in all, £3.10 less."
    )


def test_an_exclusive_one_that_is_beaten_reads_by_how_much():
    deals = [deal(1, Percent(3000)), deal(2, Percent(1000), is_exclusive=True)]

    words, staff_words = told(deals)[2]

    assert words == "It can't be combined with your other offers, and those take more off."
    assert staff_words == (
        "It combines with nothing and would take off £1.00; the others together take off £3.00, "
        "£2.00 more."
    )


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (Reason(Code.UNKNOWN), "We don't know this code."),
        (
            Reason(Code.OVER, {"at": dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)}),
            "It ended on Sun 1 Nov 2026, 12:00.",
        ),
        (
            Reason(Code.NOT_TO_COUNTRY, {"codes": ("DE", "FR")}),
            "It is for deliveries to Germany, France only.",
        ),
        (
            Reason(Code.ORDERED_LATELY, {"days": 90}),
            "It is for those who haven't ordered for 90 days.",
        ),
        (
            Reason(Code.TOO_MUCH, {"most": Money(100, "EUR")}),
            "It is for baskets of at most €100.00.",
        ),
    ],
)
def test_refusals_are_plain_sentences(reason, words):
    assert reason.words == words


def test_staff_read_limits():
    assert Reason(Code.USED_UP, {"limit": 10}).staff_words == (
        "It was for 10 orders, and they have been placed."
    )
