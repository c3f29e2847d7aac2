"""Pick lists go shelf by shelf; labels come out in the order they were asked for."""

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from inventory.models import Bin, BinItem, Location, StockItem
from orders.models import OrderLinePart
from shipping.models import Carrier, Label, PickTask, PickWave
from shipping.services import papers
from shop.lib.paper import printed
from tests.factories import in_stock
from tests.shipping.paper import read, text_of
from tests.shipping.parcels import bought, parcel_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


def shelved(variant, code, position):
    item = StockItem.objects.get(variant=variant)
    place = Bin.objects.create(location=item.location, code=code, position=position)
    BinItem.objects.create(bin=place, stock_item=item)
    return place


def one_parcel(*lines):
    order = bought(*lines)
    return parcel_of(order, location=Location.objects.get())


def label_of(parcel, content):
    now = timezone.now()
    carrier, _ = Carrier.objects.get_or_create(code="own", defaults={"name": "Own"})
    label = Label.objects.create(
        carrier=carrier,
        fulfilment=parcel,
        status=Label.Status.BOUGHT,
        tracking_number=f"T{parcel.pk}",
        requested_at=now,
        bought_at=now,
        key=f"label-{parcel.pk}",
    )
    if content:
        label.file.save(f"{parcel.pk}.pdf", ContentFile(content))
    return label


def a_label(words):
    slip = {"title": words, "lists": [], "slips": []}
    return printed("picks.typ", slip | {"lists": [_sheet(words)]})


def _sheet(words):
    return {
        "lang": "en",
        "heading": words,
        "title": words,
        "code": "",
        "bars": [],
        "facts": [],
        "columns": ["a"] * 5,
        "lines": [],
        "words": {"page": ""},
    }


def test_a_list_goes_by_the_bins_and_adds_up_what_lies_together():
    mug, bowl = in_stock(sku="MUG-1"), in_stock(sku="BOWL-1")
    shelved(mug, "B-02", 2)
    shelved(bowl, "A-01", 1)
    first, second = one_parcel((mug, 2), (bowl, 1)), one_parcel((mug, 3))

    text = text_of(papers.pick_list_of([first, second]))

    assert text.index("A-01") < text.index("B-02")
    assert text.count("MUG-1") == 1
    assert f"{papers.parcel_code(first)} × 2" in text
    assert f"{papers.parcel_code(second)} × 3" in text


def test_the_parts_of_a_bundle_are_fetched_for_themselves():
    lid = in_stock(sku="LID-1")
    parcel = one_parcel((in_stock(sku="SET-1"), 2))
    line = parcel.order.lines.get()
    OrderLinePart.objects.create(line=line, variant=lid, sku="LID-1", title="Lid", quantity=3)

    text = text_of(papers.pick_list_of([parcel]))

    assert "LID-1" in text
    assert "× 6" in text
    assert "SET-1" not in text


def test_a_wave_is_listed_as_it_is_walked_under_its_barcode():
    mug, bowl = in_stock(sku="MUG-1"), in_stock(sku="BOWL-1")
    parcel = one_parcel((mug, 1), (bowl, 1))
    wave = PickWave.objects.create(
        number="WV-10001", location=parcel.location, created_at=timezone.now()
    )
    for position, sku in enumerate(("BOWL-1", "MUG-1")):
        line = parcel.lines.get(order_line__sku=sku)
        PickTask.objects.create(
            wave=wave,
            line=line,
            variant=line.order_line.variant,
            position=position,
            quantity=line.quantity,
        )

    text = text_of(papers.pick_list(wave))

    assert "WV-10001" in text
    assert text.index("BOWL-1") < text.index("MUG-1")


def test_labels_are_a_page_each_in_their_order():
    rows = [label_of(one_parcel((in_stock(), 1)), a_label(f"label {number}")) for number in "ab"]

    pages = read(papers.labels(reversed(rows))).pages

    assert ["label b" in page.extract_text() for page in pages] == [True, False]
    assert [round(float(side) / 72 * 25.4) for side in pages[0].mediabox[2:]] == [100, 150]


def test_four_labels_share_a_sheet():
    rows = [label_of(one_parcel((in_stock(), 1)), a_label(f"label {number}")) for number in "abcde"]

    pages = read(papers.labels(rows, on_a4=True)).pages

    assert len(pages) == 2
    assert all(f"label {number}" in pages[0].extract_text() for number in "abcd")


def test_a_label_without_a_file_is_left_out_and_none_at_all_is_refused():
    with_file = label_of(one_parcel((in_stock(), 1)), a_label("here"))
    without = label_of(one_parcel((in_stock(), 1)), b"")

    assert len(read(papers.labels([without, with_file])).pages) == 1
    with pytest.raises(papers.NoLabels):
        papers.labels([without])
