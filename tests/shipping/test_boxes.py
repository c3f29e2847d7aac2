"""Which boxes goods are proposed to travel in."""

from collections import Counter
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from shipping.models import Box
from shipping.queries.arranging import arrange
from shipping.services.boxes import Piece, propose

LETTER = Box(pk=1, name="Letter", length_mm=240, width_mm=160, height_mm=25, max_grams=750)
SMALL = Box(pk=2, name="S", length_mm=250, width_mm=200, height_mm=120, max_grams=5000)
SMALL.tare_grams = 90
LARGE = Box(pk=3, name="L", length_mm=500, width_mm=400, height_mm=300, max_grams=20_000)
SAFE = Box(pk=4, name="Safe", length_mm=400, width_mm=300, height_mm=250, max_grams=9000)
SAFE.is_padded = True
ALL = [LARGE, LETTER, SMALL, SAFE]


def mug(units=1, **more):
    return Piece(1, units, 400, 120, 100, 100, **more)


def of(packed):
    return [parcel.box and parcel.box.name for parcel in packed.parcels]


def test_one_mug_takes_the_smallest_box_it_fits_in():
    packed = propose([mug()], ALL)

    assert of(packed) == ["S"]
    assert packed.grams == 490
    assert packed.parcels[0].size.length_mm == 250


def test_a_piece_is_turned_to_fit():
    card = Piece(2, 1, 50, 20, 230, 150)

    assert of(propose([card], ALL)) == ["Letter"]


def test_a_heavy_piece_takes_a_box_that_carries_it():
    assert of(propose([Piece(3, 1, 6000, 100, 100, 100)], ALL)) == ["Safe"]


def test_many_pieces_share_as_few_boxes_as_needed():
    packed = propose([mug(units=90)], [LARGE])

    assert of(packed) == ["L", "L"]
    assert sum(piece.units for one in packed.parcels for piece in one.pieces) == 90


def test_what_no_box_holds_travels_by_itself():
    lamp = Piece(4, 2, 3000, 1200, 200, 200)

    packed = propose([lamp, mug()], ALL)

    assert sorted(of(packed), key=str) == [None, None, "S"]
    assert max(one.size.length_mm for one in packed.parcels) == 1200


def test_fragile_goods_take_a_padded_box():
    assert of(propose([mug(is_fragile=True)], ALL)) == ["Safe"]


def test_padding_takes_room():
    fits_barely = Piece(5, 1, 100, 250, 200, 120)

    assert of(propose([fits_barely], [SMALL])) == ["S"]
    assert of(propose([Piece(5, 1, 100, 250, 200, 120, is_fragile=True)], [SMALL])) == [None]


def test_goods_that_nobody_measured_go_by_weight():
    packed = propose([Piece(6, 3, 500)], ALL)

    assert of(packed) == [None]
    assert packed.grams == 1500


def test_unmeasured_goods_are_split_where_they_are_too_heavy():
    packed = propose([Piece(6, 5, 9000)], ALL)

    assert [one.grams for one in packed.parcels] == [18_000, 18_000, 9000]


def test_without_boxes_everything_is_one_parcel():
    packed = propose([mug(units=3), Piece(6, 2, 500)], [])

    assert of(packed) == [None]
    assert packed.grams == 2200


def test_nothing_needs_no_parcel():
    assert propose([], ALL).parcels == ()


def test_nine_hundred_of_many_kinds_are_packed_in_no_time():
    goods = [Piece(pk, 900, 100 + pk, 20 + pk, 30 + 7 * pk, 11 + 3 * pk) for pk in range(1, 41)]

    packed = propose(goods, ALL)

    assert sum(piece.units for one in packed.parcels for piece in one.pieces) == 36_000


SIDE = st.integers(min_value=0, max_value=400)
PIECES = st.lists(
    st.builds(
        Piece,
        variant_id=st.integers(1, 6),
        units=st.integers(1, 12),
        grams=st.integers(0, 4000),
        length_mm=SIDE,
        width_mm=SIDE,
        height_mm=SIDE,
        is_fragile=st.booleans(),
    ),
    max_size=5,
)
BOXES = st.lists(
    st.builds(
        Box,
        length_mm=st.integers(20, 600),
        width_mm=st.integers(20, 600),
        height_mm=st.integers(20, 600),
        tare_grams=st.integers(0, 300),
        max_grams=st.integers(1, 30_000),
        is_padded=st.booleans(),
    ),
    max_size=4,
)


@given(PIECES, BOXES)
def test_no_unit_is_lost_or_packed_twice(pieces, boxes):
    wanted, found = Counter(), Counter()
    for piece in pieces:
        wanted[piece.variant_id, piece.sides] += piece.units

    for parcel in propose(pieces, boxes).parcels:
        for piece in parcel.pieces:
            found[piece.variant_id, piece.sides] += piece.units

    assert found == wanted


@given(PIECES, BOXES)
def test_a_box_carries_and_holds_what_is_in_it(pieces, boxes):
    for parcel in propose(pieces, boxes).parcels:
        goods = sum(piece.grams * piece.units for piece in parcel.pieces)
        if parcel.box is None:
            assert parcel.grams == goods
            continue
        box = parcel.box
        assert parcel.grams == goods + box.tare_grams
        assert goods + box.tare_grams <= box.max_grams or not goods
        sides = sorted((box.length_mm, box.width_mm, box.height_mm), reverse=True)
        assert sum(piece.volume * piece.units for piece in parcel.pieces) <= (
            sides[0] * sides[1] * sides[2]
        )
        for piece in parcel.pieces:
            if piece.is_measured:
                assert all(a <= b for a, b in zip(piece.sides, sides, strict=True))


@given(PIECES, BOXES)
def test_fragile_goods_are_never_without_padding(pieces, boxes):
    is_choice = any(box.is_padded for box in boxes)

    for parcel in propose(pieces, boxes).parcels:
        if parcel.box and any(piece.is_fragile for piece in parcel.pieces):
            assert parcel.box.is_padded or not is_choice


@given(PIECES, BOXES, st.randoms(use_true_random=False))
def test_the_order_of_goods_changes_nothing(pieces, boxes, chance):
    shuffled = list(pieces)
    chance.shuffle(shuffled)

    first, second = propose(pieces, boxes), propose(shuffled, boxes)

    assert [(one.box, one.grams, one.size) for one in first.parcels] == [
        (one.box, one.grams, one.size) for one in second.parcels
    ]


@given(PIECES, st.tuples(*[st.integers(20, 500)] * 3))
def test_blocks_lie_in_the_box_and_not_in_each_other(pieces, room):
    found = arrange(pieces, [piece.units for piece in pieces], room, 50_000)

    for block in found.blocks:
        assert all(
            at + side <= most
            for at, side, most in zip(block.space.at, block.space.sides, room, strict=True)
        )
        assert block.units <= block.counts[0] * block.counts[1] * block.counts[2]
    for one, other in combinations(found.blocks, 2):
        assert any(
            a + side <= b or b + other_side <= a
            for a, side, b, other_side in zip(
                one.space.at, one.space.sides, other.space.at, other.space.sides, strict=True
            )
        )


@given(PIECES.filter(lambda some: len(some) == 1), BOXES)
def test_one_box_is_enough_where_one_holds_everything(pieces, boxes):
    (piece,) = [Piece(one.variant_id, one.units, one.grams, *one.sides) for one in pieces]
    units = (piece.units,)

    packed = propose([piece], boxes)

    for box in boxes:
        room = (box.length_mm, box.width_mm, box.height_mm)
        carries = max(0, box.max_grams - box.tare_grams)
        if arrange([piece], units, room, carries).units == units:
            assert len(packed.parcels) == 1
            if packed.parcels[0].box:
                size = packed.parcels[0].size
                assert size.length_mm * size.width_mm * size.height_mm <= (
                    room[0] * room[1] * room[2]
                )
