"""What a count found is approved by somebody else, and booked once, on today's stock."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from inventory.models import Shortage, StockCount, StockMovement
from inventory.services import count_sheets, counting, stock
from inventory.services.count_sheets import CountRefused, Which
from inventory.services.counting import By
from inventory.services.stock import Lot, default_location
from payments.models import JournalEntry
from shop.processes.stocktaking import counting as process
from tests.factories import placed_order, stock_of
from tests.factories.floor import at, in_bin, shelved, tomorrow, tracked
from tests.factories.people import staff

pytestmark = pytest.mark.django_db
Status = StockCount.Status


@pytest.fixture
def mug(demo_market):
    return shelved(10, sku="MUG-1")


def begun():
    return count_sheets.begin(
        location=default_location(), which=Which(), actor=None, now=timezone.now()
    )


def counted(figures, *, by=None, count=None):
    """A count whose lines, in the order of the sheet, say these figures; None: not counted."""
    count = count or begun()
    for line, figure in zip(count.lines.order_by("position"), figures, strict=True):
        if figure is not None:
            told = By(by or staff("warehouse"), timezone.now())
            counting.record(line_id=line.pk, counted=figure, seen=line.counted, by=told)
    return count_sheets.finish(count_id=count.pk, actor=by, now=timezone.now())


def approve(count, by=None):
    return process.approve(count_id=count.pk, actor=by or staff("manager"), now=timezone.now())


def movements(count):
    return list(
        StockMovement.objects.filter(reference=count.number).values_list("kind", "on_hand_change")
    )


def page(count):
    return reverse("inventory:count_differences", args=[count.number])


def test_the_difference_changes_the_stock_and_the_books(mug):
    count = counted([7])

    booked = approve(count)

    count.refresh_from_db()
    assert (booked.is_new, booked.changed) == (True, 1)
    assert stock_of(mug) == (7, 0)
    assert movements(count) == [("count", -3)]
    assert count.lines.get().difference == -3
    assert count.status == Status.APPROVED
    assert JournalEntry.objects.filter(source__startswith="stock-movement").count() == 2


def test_sales_since_the_count_stay_sales(mug):
    count = counted([8])
    stock.change_on_hand(
        variant_id=mug.pk, change=-5, why=stock.Why(kind="adjustment", now=timezone.now())
    )

    approve(count)

    assert stock_of(mug) == (3, 0)


def test_no_more_goes_missing_than_is_there(mug):
    count = counted([0])
    stock.change_on_hand(
        variant_id=mug.pk, change=-9, why=stock.Why(kind="adjustment", now=timezone.now())
    )

    approve(count)

    assert stock_of(mug) == (0, 0)
    assert count.lines.get().difference == -1


def test_what_agrees_moves_nothing(mug):
    count = counted([10])

    approve(count)

    assert movements(count) == []
    assert count.lines.get().difference == 0


def test_the_bins_of_an_item_are_added_up(mug):
    in_bin(mug, "A-01")
    in_bin(mug, "B-01")

    approve(counted([4, 5]))

    assert stock_of(mug) == (9, 0)


def test_an_item_with_a_bin_left_out_stays_as_it_is(mug):
    in_bin(mug, "A-01")
    in_bin(mug, "B-01")

    booked = approve(counted([4, None]))

    assert booked.left_out == 1
    assert stock_of(mug) == (10, 0)


def test_batches_are_corrected_each_for_itself(demo_market):
    tea = tracked()
    shelved(3, variant=tea, batch=Lot("L1", tomorrow()))
    shelved(4, variant=tea, batch=Lot("L2", tomorrow()))

    approve(counted([5, 1]))

    assert at(tea).on_hand == 6
    assert list(at(tea).batches.order_by("code").values_list("on_hand", flat=True)) == [5, 1]


def test_promises_give_way_to_what_is_there_and_are_told(demo_market):
    order = placed_order(quantity=3)
    variant = order.lines.get().variant
    lines = begun().lines
    count = counted([1], count=lines.get().count)

    booked = approve(count)

    assert booked.shortages == 1
    assert Shortage.objects.get().quantity == 2
    assert stock_of(variant) == (1, 1)


def test_approving_again_books_nothing(mug):
    count = counted([7])
    approve(count)

    again = approve(count)

    assert not again.is_new
    assert stock_of(mug) == (7, 0)


def test_who_counted_does_not_approve(mug):
    manager = staff("manager")
    count = counted([7], by=manager)

    with pytest.raises(CountRefused, match="somebody else"):
        approve(count, by=manager)

    assert stock_of(mug) == (10, 0)


def test_the_owner_may(mug):
    owner = staff("owner")

    approve(counted([7], by=owner), by=owner)

    assert stock_of(mug) == (7, 0)


def test_a_count_still_open_is_not_approved(mug):
    with pytest.raises(CountRefused):
        approve(begun())


def test_lines_are_counted_again(mug, sign_in):
    count = counted([7])
    line = count.lines.get()

    sign_in("manager").post(page(count), {"action": "recount", "line": line.pk})
    count.refresh_from_db()
    approve(counted([9], count=count))

    assert stock_of(mug) == (9, 0)


def test_the_page_says_units_and_what_they_are_worth(mug, sign_in):
    count = counted([7])

    text = sign_in("manager").get(page(count)).content.decode()

    assert "-3" in text
    assert "£12.00" in text
    assert "Approve and book" in text


def test_it_is_said_when_units_moved_between_two_lines(mug):
    in_bin(mug, "A-01")
    in_bin(mug, "B-01")
    count = begun()
    first, second = count.lines.order_by("position")
    by = By(staff("warehouse"), timezone.now())
    counting.record(line_id=first.pk, counted=5, seen=None, by=by)
    holder = uuid4()
    stock.allocate(lines={holder: (mug.pk, 2)}, reference="x", now=timezone.now())
    stock.consume(quantities={holder: 2}, reference="x", actor=None, now=timezone.now())
    counting.record(line_id=second.pk, counted=3, seen=None, by=By(by.actor, timezone.now()))

    (one,) = process.differences(count)

    assert one.moved_meanwhile
    assert (one.expected, one.units) == (8, 0)


def test_the_warehouse_sees_differences_but_does_not_approve(mug, packer):
    count = counted([7])

    looked = packer.get(page(count))
    tried = packer.post(page(count), {"action": "approve"})

    assert "A manager approves it." in looked.content.decode()
    assert tried.status_code == 403
    assert stock_of(mug) == (10, 0)


def test_the_counter_is_told_why_he_may_not(mug, client):
    manager = staff("manager")
    count = counted([7], by=manager)
    client.force_login(manager)

    text = client.get(page(count)).content.decode()
    refused = client.post(page(count), {"action": "approve"})

    assert "You counted here yourself" in text
    assert refused.status_code == 409
