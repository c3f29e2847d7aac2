import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.lib.svg import line_chart, ticks

amounts = st.floats(min_value=-1e6, max_value=1e6, allow_nan=False)


def test_a_line_runs_from_edge_to_edge():
    chart = line_chart([[0, 10, 20]], labels=["a", "b", "c"])

    assert chart.lines == ["M0 260L500 130L1000 0"]


def test_a_gap_lifts_the_pen():
    chart = line_chart([[0, None, 20]], labels=["a", "b", "c"])

    assert chart.lines == ["M0 260M1000 0"]
    assert chart.area == ""


def test_first_and_last_label_stay_inside():
    chart = line_chart([range(30)], labels=[str(day) for day in range(30)])

    assert [(tick.label, tick.anchor) for tick in chart.x_ticks] == [
        ("0", "start"),
        ("10", "middle"),
        ("19", "middle"),
        ("29", "end"),
    ]


def test_many_points_have_no_strips_to_point_at():
    assert line_chart([range(101)], labels=[""] * 101).bands == []


@pytest.mark.parametrize(
    ("high", "last"), [(0, 1), (1, 1), (7, 8), (1532, 2000), (0.03, 0.03), (250, 300)]
)
def test_grid_lines_stand_at_round_values(high, last):
    assert ticks(0, high)[-1] == pytest.approx(last, rel=0.35)
    assert ticks(0, high)[0] == 0


@given(low=amounts, high=amounts)
def test_grid_lines_always_enclose_the_values(low, high):
    low, high = min(low, high), max(low, high)

    lines = ticks(low, high)

    slack = 1e-6 * max(1, abs(low), abs(high))
    assert lines[0] <= low + slack
    assert lines[-1] >= high - slack
    assert 2 <= len(lines) <= 7
