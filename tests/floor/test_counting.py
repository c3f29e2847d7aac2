"""A stock take: a sheet in the order of the walk, counted by scanning or writing."""

import pytest
from django.urls import reverse
from django.utils import timezone

from inventory.models import StockCount
from inventory.services import count_sheets
from inventory.services.count_sheets import CountRefused, Which
from inventory.services.stock import Lot, default_location
from tests.factories import VariantFactory
from tests.factories.floor import LocationFactory, at, in_bin, shelved, tomorrow, tracked
from tests.factories.people import staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def mug(demo_market):
    return shelved(10, sku="MUG-1", barcode="5012345678900")


def begin(**which):
    return count_sheets.begin(
        location=default_location(), which=Which(**which), actor=None, now=timezone.now()
    )


def sheet(count):
    return reverse("inventory:count", args=[count.number])


def scan(client, count, code, query=""):
    return client.post(sheet(count) + query, {"scan": code, "action": "scan"})


def write(client, line, figure, *, seen="", **more):
    form = {"line": line.pk, f"figure_{line.pk}": figure, f"seen_{line.pk}": seen}
    return client.post(sheet(line.count), form | {"action": "write"} | more)


def skus(count):
    lines = count.lines.order_by("position").select_related("stock_item__variant", "bin")
    return [(str(line.bin or ""), line.stock_item.variant.sku) for line in lines]


def test_a_sheet_follows_the_walk_and_ends_with_what_lies_nowhere(demo_market):
    loose = shelved(1, sku="LOOSE")
    second, first = shelved(1, sku="SECOND"), shelved(1, sku="FIRST")
    in_bin(first, "A-01")
    in_bin(second, "A-02")
    in_bin(first, "B-09")

    count = begin()

    assert skus(count) == [
        ("A-01", "FIRST"),
        ("A-02", "SECOND"),
        ("B-09", "FIRST"),
        ("", loose.sku),
    ]


def test_a_stretch_of_bins_brings_its_items_from_their_other_bins_too(demo_market):
    near, far = shelved(1, sku="NEAR"), shelved(1, sku="FAR")
    in_bin(near, "A-01")
    in_bin(far, "A-02")
    in_bin(near, "A-03")

    count = begin(bins=("a-01", "a-01"))

    assert skus(count) == [("A-01", "NEAR"), ("A-03", "NEAR")]


def test_a_category_is_counted_with_what_is_below_it(demo_market):
    inside, _outside = shelved(1, sku="IN"), shelved(1, sku="OUT", product__category=None)
    below = inside.product.category

    count = begin(category_id=below.pk)

    assert skus(count) == [("", "IN")]


def test_batches_are_counted_one_by_one(demo_market):
    tea = tracked(sku="TEA")
    shelved(3, variant=tea, batch=Lot("L1", tomorrow()))
    shelved(4, variant=tea, batch=Lot("L2", tomorrow()))

    count = begin()

    assert [line.batch.code for line in count.lines.order_by("position")] == ["L1", "L2"]


def test_nothing_to_count_is_said(mug):
    with pytest.raises(CountRefused):
        begin(item_ids=[])
    with pytest.raises(CountRefused, match="no bin Z-1"):
        begin(bins=("Z-1", "Z-2"))


def test_scans_add_up_on_the_line(packer, mug):
    count = begin()

    scan(packer, count, "MUG-1")
    scan(packer, count, "4*5012345678900")

    line = count.lines.get()
    assert (line.counted, line.expected, line.counted_by.name) == (5, 10, "Warehouse")


def test_scanning_a_bin_says_where_one_stands(packer, mug):
    in_bin(mug, "A-01")
    in_bin(mug, "B-01")
    count = begin()

    there = scan(packer, count, "b-01").url
    scan(packer, count, "MUG-1", there.removeprefix(sheet(count)))

    assert [line.counted for line in count.lines.order_by("position")] == [None, 1]


def test_a_piece_in_several_bins_asks_for_the_bin(packer, mug):
    in_bin(mug, "A-01")
    in_bin(mug, "B-01")
    count = begin()

    answer = scan(packer, count, "MUG-1")

    assert answer.status_code == 409
    assert "scan the bin first" in answer.content.decode()


def test_figures_are_written_and_keep_what_was_expected_then(packer, mug):
    line = begin().lines.get()

    write(packer, line, "8", **{f"note_{line.pk}": "two broken"})
    shelved(5, variant=mug)

    line.refresh_from_db()
    assert (line.counted, line.expected, line.note) == (8, 10, "two broken")


def test_none_is_a_figure_too(packer, mug):
    line = begin().lines.get()

    write(packer, line, "0")

    line.refresh_from_db()
    assert line.counted == 0


def test_another_persons_figure_is_not_overwritten_unseen(packer, mug):
    line = begin().lines.get()
    write(packer, line, "8")

    answer = write(packer, line, "9", seen="")

    line.refresh_from_db()
    assert answer.status_code == 409
    assert "Warehouse counted 8 here meanwhile" in answer.content.decode()
    assert 'value="9"' in answer.content.decode()
    assert line.counted == 8


def test_seen_it_may_be_replaced(packer, mug):
    line = begin().lines.get()
    write(packer, line, "8")

    write(packer, line, "9", seen="8")

    line.refresh_from_db()
    assert line.counted == 9


def test_nonsense_stays_in_its_field(packer, mug):
    line = begin().lines.get()

    answer = write(packer, line, "eight")

    assert answer.status_code == 409
    assert 'value="eight"' in answer.content.decode()


def test_what_lies_where_nobody_expected_it_is_added(packer, mug):
    in_bin(mug, "A-01")
    count = begin()
    in_bin(shelved(3, sku="BOWL-1"), "C-01")
    bowl = {"add_code": "BOWL-1", "add_units": "2", "action": "add"}

    refused = scan(packer, count, "BOWL-1", "?bin=A-01")
    packer.post(f"{sheet(count)}?bin=A-01", bowl)

    assert refused.status_code == 409
    assert "Add it to the sheet" in refused.content.decode()
    # Its own bin comes along: only both together say how many there are.
    assert skus(count) == [("A-01", "MUG-1"), ("C-01", "BOWL-1"), ("A-01", "BOWL-1")]
    assert [line.counted for line in count.lines.order_by("position")] == [None, None, 2]


def test_a_blind_sheet_says_nothing_of_what_should_be_there(packer, mug):
    blind = begin()
    open_one = count_sheets.begin(
        location=default_location(),
        which=Which(),
        is_blind=False,
        actor=None,
        now=timezone.now(),
    )
    differences = reverse("inventory:count_differences", args=[blind.number])

    assert "expected" not in packer.get(sheet(blind)).content.decode()
    assert "10 in all places expected" in packer.get(sheet(open_one)).content.decode()
    assert packer.get(differences).status_code == 403


def test_a_count_is_begun_on_a_page(packer, mug):
    page = reverse("inventory:count_new")

    packer.post(page, {"location": default_location().pk, "name": "Shelf", "is_blind": "on"})

    count = StockCount.objects.get()
    assert (count.name, count.is_blind, count.created_by.name) == ("Shelf", True, "Warehouse")


def test_half_a_stretch_of_bins_is_asked_for_the_other_end(packer, mug):
    page = reverse("inventory:count_new")

    answer = packer.post(page, {"location": default_location().pk, "first_bin": "A-01"})

    assert answer.status_code == 400
    assert "A stretch of bins has two ends." in answer.content.decode()
    assert 'value="A-01"' in answer.content.decode()


def test_chosen_items_of_two_places_are_two_counts(packer, mug):
    elsewhere = LocationFactory()
    shelved(2, variant=mug, location=elsewhere)
    items = [at(mug).pk, at(mug, elsewhere).pk]
    page = f"{reverse('inventory:count_new')}?item={items[0]}&item={items[1]}"

    answer = packer.post(page, {"name": ""})

    assert answer.status_code == 400
    assert "items of one location" in answer.content.decode()


def test_the_sheet_on_paper_has_every_line_and_a_box(packer, mug):
    count = begin()

    text = packer.get(reverse("inventory:count_print", args=[count.number])).content.decode()

    assert "MUG-1" in text
    assert 'class="box"' in text
    assert "Expected" not in text


def test_a_count_that_is_over_takes_no_more_figures(packer, mug):
    line = begin().lines.get()
    packer.post(reverse("inventory:count_cancel", args=[line.count.number]))

    answer = write(packer, line, "8")

    line.refresh_from_db()
    assert answer.status_code == 409
    assert line.counted is None


def test_lines_are_found_by_bin_and_by_what_is_left(packer, mug):
    in_bin(mug, "A-01")
    count = begin()
    page = sheet(count)
    write(packer, count.lines.get(), "4")

    def shown(**query):
        return len(packer.get(page, query).context["rows"])

    assert (shown(q="A-01"), shown(q="MUG"), shown(q="BOWL")) == (1, 1, 0)
    assert (shown(show="open"), shown(show="counted")) == (0, 1)


def test_who_may_not_count_is_told_no(sign_in, mug):
    count = begin()

    assert sign_in("support").get(sheet(count)).status_code == 403
    assert not staff("warehouse").has_perm("inventory.approve_stockcount")


def test_nobody_knows_a_code(packer, mug):
    answer = scan(packer, begin(), VariantFactory.build().sku + "-X")

    assert "Nothing here has the code" in answer.content.decode()
