from decimal import Decimal

import pytest

from analytics.views.figures import Change, large_money, percent

SHARE = {"is_share": True}


@pytest.mark.parametrize(
    ("change", "words", "tone"),
    [
        (Change(112, 100), "▲ 12%, better; before: x", "up"),
        (Change(88, 100), "▼ 12%, worse; before: x", "down"),
        (Change(100, 100), "The same as before", "flat"),
        (Change(5, 0), "Nothing to compare with", "flat"),
        (Change(5, None), "Nothing to compare with", "flat"),
        (Change(None, 5), "Nothing to compare with", "flat"),
        (
            Change(Decimal("0.031"), Decimal("0.035"), is_share=True, prefers_less=True),
            "▼ 0.4 points, better; before: x",
            "up",
        ),
        (
            Change(Decimal("0.05"), Decimal(0), is_share=True, prefers_less=True),
            "▲ 5.0 points, worse; before: x",
            "down",
        ),
        (Change(Decimal(-5), Decimal(-10)), "▲ 50%, better; before: x", "up"),
    ],
)
def test_a_change_is_told_with_its_meaning(change, words, tone):
    assert change.words("x") == words
    assert change.tone == tone


@pytest.mark.parametrize(
    ("amount", "text"),
    [("999.99", "£999.99"), ("28412.35", "£28,412"), ("0", "£0.00"), ("-1500.5", "-£1,501")],
)
def test_large_amounts_leave_the_pence_out(amount, text):
    assert large_money(Decimal(amount), "GBP") == text


def test_an_unknown_share_is_a_dash():
    assert percent(None) == "–"
