"""docs/performance.md, its plot and docs/capacity.md say what docs/performance.json holds."""

import json

import pytest

from bench.table import capacity, paper, verdict

PAGES = {paper.PAGE: paper.table, paper.CAPACITY: capacity.table}


@pytest.fixture(scope="module")
def figures():
    return json.loads(paper.FIGURES.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_says_what_was_measured(page, figures):
    text = page.read_text(encoding="utf-8")

    assert paper.filled(text, PAGES[page](figures)) == text


def test_the_plot_shows_every_page_that_was_measured(figures):
    drawn = paper.PLOT.read_text(encoding="utf-8")

    assert drawn == paper.plot(figures)
    assert all(f">{line['label']}<" in drawn for line in figures["pages"])


def test_every_promise_is_judged_by_its_figure(figures):
    assert figures["promises"] == [one.as_json() for one in verdict.promises(figures)]


def test_a_figure_over_its_limit_is_a_promise_missed():
    slow = {"label": "home, kept", "ratio": 2.1, "limit": 2.0}

    found = list(verdict.promises({"pages": [slow], "growth": {}}))

    assert [one.holds for one in found] == [False]


def test_growth_is_judged_from_the_smallest_to_the_largest_catalogue():
    growth = {"category": {"1000": 10, "10000": 30, "100000": 14}}

    (found,) = verdict.promises({"pages": [], "growth": growth})

    assert (found.figure, found.holds) == (1.4, True)


def test_a_page_without_a_place_for_figures_is_not_written():
    with pytest.raises(ValueError, match="markers"):
        paper.filled("No place.", "| 1 |")


def test_twice_the_processors_carry_twice_the_orders():
    assert capacity.per_minute(4, 100.0) == 2 * capacity.per_minute(2, 100.0)


def test_what_was_not_measured_is_not_reckoned_with():
    assert "memory, orders, work" in capacity.table({"buying": {}})
