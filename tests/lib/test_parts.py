"""Parts of pages: made once per version of the shop, by whoever asks first."""

from shop.lib import parts
from shop.lib.page_cache import throw_away_pages
from shop.lib.parts import Near, kept


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


def test_what_a_process_holds_is_bounded():
    near = Near(most_bytes=1000)

    for number in range(50):
        near.hold(f"part {number}", "now", b"x" * 100)
        near.hold(f"part {number}", "later", b"y" * 100)

    assert len(near._held) == 10
    assert near.get("part 49", "later") == b"y" * 100
    assert near.get("part 49", "now") is near.get("part 0", "later") is None
