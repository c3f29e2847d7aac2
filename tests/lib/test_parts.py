"""Parts of pages: made once per version of the shop, by whoever asks first."""

from dataclasses import dataclass

from shop.lib import parts
from shop.lib.page_cache import throw_away_pages, version_at_hand
from shop.lib.parts import AS_VALUE, Held, Near, Rows, kept


@dataclass(frozen=True)
class Link:
    name: str
    url: str


def counted(found=None):
    made = []

    def make():
        made.append(1)
        return found if found is not None else {"menu": [len(made)]}

    return made, make


def test_a_part_is_made_once_until_the_shop_moves_on():
    _made, make = counted()

    assert kept("menu", make) == kept("menu", make) == {"menu": [1]}
    throw_away_pages()

    assert kept("menu", make) == {"menu": [2]}


def test_another_process_finds_what_this_one_made():
    made, make = counted()
    kept("menu", make)

    parts.near = Near(parts.MOST_BYTES)

    assert kept("menu", make) == {"menu": [1]}
    assert len(made) == 1


def test_whoever_changes_a_part_changes_his_own():
    _made, make = counted()

    kept("menu", make)["menu"].append("scribble")

    assert kept("menu", make) == {"menu": [1]}


def test_a_part_that_nobody_can_change_is_handed_out_as_it_is():
    _made, make = counted(("menu", Link("Mugs", "/c/mugs/")))
    kept("menu", make)
    throw_away_pages()
    kept("menu", make)
    parts.near = Near(parts.MOST_BYTES)  # as another process: it reads what was written down

    first, again = kept("menu", make), kept("menu", make)

    assert first == again == make()
    assert again is first


def test_what_a_process_holds_is_bounded():
    near = Near(most_bytes=1000)

    for number in range(50):
        for version in ("now", "later"):
            near.hold(f"part {number}", Held.of(version, [number], written=b"x" * 100))

    assert len(near._held) == 10
    assert near.get("part 49", "later").written == b"x" * 100
    assert near.get("part 49", "now") is near.get("part 0", "later") is None


def test_a_value_counts_for_more_than_it_takes_when_it_is_written_down():
    near = Near(most_bytes=1000)

    for number in range(50):
        near.hold(f"part {number}", Held.of("now", (number,), written=b"x" * 100))

    assert len(near._held) == 10 // AS_VALUE


def reader():
    asked = []

    def read(keys):
        asked.append(keys)
        return {key: f"row {key}" for key in keys if key < 9}

    return asked, read


def test_rows_seen_under_this_version_are_not_read_again():
    rows, (asked, read) = Rows(8), reader()
    token = version_at_hand.set("one")
    try:
        assert rows.of([1, 2], read) == {1: "row 1", 2: "row 2"}
        assert rows.of([2, 3, 9], read) == {2: "row 2", 3: "row 3"}
        version_at_hand.set("two")
        rows.of([2], read)
    finally:
        version_at_hand.reset(token)

    assert asked == [[1, 2], [3, 9], [2]]


def test_who_does_not_know_the_version_reads_rows_anew():
    rows, (asked, read) = Rows(8), reader()

    assert rows.of([1], read) == rows.of([1], read) == {1: "row 1"}
    assert asked == [[1], [1]]


def test_few_rows_are_held_the_latest():
    rows, (asked, read) = Rows(2), reader()
    token = version_at_hand.set("one")
    try:
        for key in (1, 2, 1, 3, 1, 2):
            rows.of([key], read)
    finally:
        version_at_hand.reset(token)

    assert asked == [[1], [2], [3], [2]]
