"""Lists are read once for all: short ones are never behind, long ones as much as the clock allows."""

from array import array

import pytest

from catalog.queries import kept_tallies
from catalog.queries.kept_tallies import MOST_CARDS, read_ahead, tally_of
from catalog.queries.tallies import Tally
from shop.lib.page_cache import throw_away_pages

NAME = "tally:1:mugs"


class Cards:
    """A list that grows by a card at each reading."""

    def __init__(self, size):
        self.size, self.readings = size, 0

    def read(self):
        self.readings += 1
        return Tally(
            array("q", range(self.size + self.readings)), array("q"), [], {}, {}, in_stock=0
        )


@pytest.fixture(autouse=True)
def another_process():
    """Forget what this process holds, as another one knows nothing of it."""

    def forget():
        kept_tallies._held = kept_tallies._Held()

    forget()
    yield forget
    forget()


@pytest.fixture
def no_valkey(monkeypatch):
    monkeypatch.setattr(kept_tallies, "current_version", lambda: None)
    monkeypatch.setattr(kept_tallies, "recall", lambda _name: None)
    monkeypatch.setattr(kept_tallies, "keep", lambda *_args, **_options: None)


def sizes(cards, *, times=2):
    return [len(tally_of(NAME, cards.read)[1].ids) for _ in range(times)]


def test_a_short_list_is_read_once_until_the_shop_moves_on():
    mugs = Cards(3)

    assert sizes(mugs) == [4, 4]
    throw_away_pages()

    assert sizes(mugs) == [5, 5]


def test_a_long_list_waits_for_the_clock(another_process):
    mugs = Cards(1000)
    assert sizes(mugs) == [1001, 1001]
    throw_away_pages()
    assert sizes(mugs) == [1001, 1001]

    read_ahead(NAME, mugs.read)

    assert sizes(mugs) == [1002, 1002]
    another_process()
    assert sizes(mugs) == [1002, 1002]
    assert mugs.readings == 2


@pytest.mark.parametrize("size", [3, 1000])
def test_another_process_does_not_read_it_again(another_process, size):
    mugs = Cards(size)
    sizes(mugs)

    another_process()

    assert sizes(mugs) == [size + 1, size + 1]


@pytest.mark.parametrize("size", [3, 1000])
def test_a_reading_has_a_name_of_its_own(size):
    mugs = Cards(size)
    first, _tally = tally_of(NAME, mugs.read)

    read_ahead(NAME, mugs.read)
    throw_away_pages()

    assert tally_of(NAME, mugs.read)[0] != first


def test_a_long_list_that_shrinks_is_never_behind_again():
    mugs = Cards(1000)
    sizes(mugs)
    mugs.size = 1

    read_ahead(NAME, mugs.read)
    throw_away_pages()

    assert sizes(mugs) == [4, 4]


@pytest.mark.usefixtures("no_valkey")
def test_without_valkey_a_short_list_is_read_each_time_and_a_long_one_is_held():
    assert sizes(Cards(3)) == [4, 5]
    assert sizes(Cards(1000), times=3)[1:] == [1001, 1001]


def test_lists_make_room_for_each_other(monkeypatch):
    monkeypatch.setattr(kept_tallies, "MOST_CARDS", 10)
    assert MOST_CARDS > 10

    for shelf in ("mugs", "bowls", "plates"):
        tally_of(f"tally:1:{shelf}", Cards(3).read)

    assert list(kept_tallies._held.tallies) == ["tally:1:bowls", "tally:1:plates"]
