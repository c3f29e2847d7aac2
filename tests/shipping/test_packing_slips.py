"""Packing slips say what is in the box, what follows, and prices only when they are asked for."""

import pytest

from orders.models import OrderLinePart
from shipping.models import Fulfilment
from shipping.services import papers
from shop.lib.barcodes import code128
from tests.factories import in_stock
from tests.shipping.paper import read, text_of
from tests.shipping.parcels import bought, parcel_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    mug, bowl = in_stock(sku="MUG-1", price="24.00"), in_stock(sku="BOWL-1", price="40.00")
    return bought((mug, 3), (bowl, 1))


def test_a_slip_names_the_goods_the_address_and_the_parcel(order):
    parcel = parcel_of(order)

    text = text_of(papers.packing_slips([parcel], prices=False))

    for words in ("Packing slip", "MUG-1", "BOWL-1", "Alice Byron", "12 Analytical Row",
                  f"{order.number}-1", "Marl & Weft"):  # fmt: skip
        assert words in text


def test_prices_are_left_out_unless_asked_for(order):
    parcel = parcel_of(order)

    without = text_of(papers.packing_slips([parcel], prices=False))
    beside = text_of(papers.packing_slips([parcel], prices=True))

    assert "£" not in without
    assert "£24.00" in beside
    assert "£72.00" in beside


def test_a_part_of_an_order_says_what_follows(order):
    mugs = order.lines.get(sku="MUG-1")
    parcel = parcel_of(order, {mugs: 2})

    text = text_of(papers.packing_slips([parcel], prices=True))

    assert "Follows in another parcel" in text
    assert f"1 × {mugs.title}" in text
    assert "£48.00" in text


def test_the_parts_of_a_bundle_are_listed_by_their_units(order):
    line = order.lines.get(sku="MUG-1")
    OrderLinePart.objects.create(line=line, sku="LID-1", title="Lid", quantity=2)

    text = text_of(papers.packing_slips([parcel_of(order)], prices=False))

    assert "6 × Lid" in text
    assert "LID-1" in text


def test_extras_are_on_the_slip(order):
    line = order.lines.get(sku="MUG-1")
    line.extras = [{"name": "Card", "value": "Happy birthday, Ada", "amount": "0"}]
    line.save(update_fields=["extras"])

    assert "Card: Happy birthday, Ada" in text_of(
        papers.packing_slips([parcel_of(order)], prices=False)
    )


def test_a_gift_note_is_printed_as_it_was_written(order):
    order.gift_note = "For Ada, with love"

    assert "For Ada, with love" in text_of(papers.packing_slips([parcel_of(order)], prices=False))


def test_fragile_pieces_are_told_to_the_packer(order):
    variant = order.lines.get(sku="MUG-1").variant
    variant.is_fragile = True
    variant.save(update_fields=["is_fragile"])

    assert "Fragile" in text_of(papers.packing_slips([parcel_of(order)], prices=False))


def test_a_german_order_gets_a_german_slip_beside_an_english_one(order):
    order.language = "de"
    german = parcel_of(order)
    english = parcel_of(bought((in_stock(), 1)))

    pdf = papers.packing_slips([german, english], prices=False)
    pages = [page.extract_text() for page in read(pdf).pages]

    assert len(pages) == 2
    assert "Vereinigtes Königreich" in pages[0]
    assert "United Kingdom" in pages[1]


def test_many_slips_are_one_file_with_a_page_each_in_the_order_they_were_asked_for(order):
    first, second = parcel_of(order), parcel_of(bought((in_stock(), 1)))

    pages = read(papers.packing_slips([second, first], prices=False)).pages

    assert [first.order.number in page.extract_text() for page in pages] == [False, True]


def test_a_slip_can_be_had_before_there_is_a_parcel(order):
    text = text_of(papers.slips_of_orders([order], prices=False))

    assert "MUG-1" in text
    assert f"{order.number}-1" not in text


def test_three_hundred_slips_cost_no_more_queries_than_three(django_assert_max_num_queries):
    parcels = [parcel_of(bought((in_stock(), 1))) for _number in range(3)]
    rows = list(Fulfilment.objects.filter(pk__in=[one.pk for one in parcels]))

    with django_assert_max_num_queries(9):
        papers.packing_slips(rows, prices=True)


def test_a_barcode_begins_and_ends_with_a_bar():
    widths = code128("10482-1")

    assert len(widths) % 2 == 1
    assert min(widths) == 1
    with pytest.raises(ValueError, match="Ö"):
        code128("Ö")
