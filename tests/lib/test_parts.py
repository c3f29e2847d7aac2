"""Parts of pages: made once per version of the shop, by whoever asks first."""

from dataclasses import dataclass

from shop.lib import parts
from shop.lib.page_cache import throw_away_pages
from shop.lib.parts import AS_VALUE, Held, Near, kept


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
