"""Goods between our locations: written down, sent, received; what is lost is written off."""

from uuid import uuid4

import pytest
from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone

from inventory.models import Batch, StockMovement, Transfer, Valuation
from inventory.services import stock, transfers
from inventory.services.stock import Lot, default_location
from payments.models import JournalEntry
from tests.factories.floor import LocationFactory, at, shelved, tomorrow, tracked

pytestmark = pytest.mark.django_db
Status = Transfer.Status


@pytest.fixture
def mug(demo_market):
    return shelved(10, sku="MUG-1")


@pytest.fixture
def shop(demo_market):
    default_location()
    return LocationFactory(name="Corner shop", sends_orders=False)


@pytest.fixture
def transfer(mug, shop):
    return transfers.draft(source=default_location(), target=shop, actor=None, now=timezone.now())


def page(transfer):
    return reverse("inventory:transfer", args=[transfer.number])


def press(client, transfer, action, **fields):
    return client.post(page(transfer), {"action": action} | fields)


def sent(client, transfer, *codes):
    for code in codes:
        press(client, transfer, "scan", scan=code)
    press(client, transfer, "send")
    transfer.refresh_from_db()
    return list(transfer.lines.order_by("pk"))


def moved(transfer):
    rows = StockMovement.objects.filter(reference=transfer.number).order_by("pk")
    return list(rows.values_list("kind", "on_hand_change"))


def test_scans_make_the_lines(packer, transfer):
    press(packer, transfer, "scan", scan="3*MUG-1")
    press(packer, transfer, "scan", scan="MUG-1")

    assert transfer.lines.get().quantity == 4


def test_a_figure_is_typed_over_and_none_takes_the_line_off(packer, transfer):
    press(packer, transfer, "scan", scan="3*MUG-1")
    line = transfer.lines.get()

    press(packer, transfer, "keep", **{f"units_{line.pk}": "6", f"seen_{line.pk}": "3"})
    kept = transfer.lines.get().quantity
    press(packer, transfer, "keep", **{f"units_{line.pk}": "0", f"seen_{line.pk}": "6"})

    assert kept == 6
    assert not transfer.lines.exists()


def test_sent_goods_are_on_no_shelf_and_worth_the_same(packer, transfer, mug):
    sent(packer, transfer, "4*MUG-1")

    assert transfer.status == Status.IN_TRANSIT
    assert at(mug).on_hand == 6
    assert moved(transfer) == [("transfer", -4)]
    assert Valuation.objects.get(variant=mug).units == 10


def test_what_is_promised_stays(packer, transfer, mug):
    stock.allocate(lines={uuid4(): (mug.pk, 8)}, reference="x", now=timezone.now())
    press(packer, transfer, "scan", scan="3*MUG-1")

    refused = press(packer, transfer, "send")

    assert refused.status_code == 409
    assert "MUG-1: 2 can leave" in refused.content.decode()
    assert at(mug).on_hand == 10


def test_all_of_it_arrives(packer, transfer, mug, shop):
    (line,) = sent(packer, transfer, "4*MUG-1")

    press(packer, transfer, "receive", **{f"came_{line.pk}": "4"})

    transfer.refresh_from_db()
    assert transfer.status == Status.RECEIVED
    assert (at(mug).on_hand, at(mug, shop).on_hand) == (6, 4)
    assert moved(transfer) == [("transfer", -4), ("transfer", 4)]


def test_what_is_lost_on_the_way_is_written_off(packer, transfer, mug, shop):
    (line,) = sent(packer, transfer, "4*MUG-1")
    before = JournalEntry.objects.count()

    press(packer, transfer, "receive", **{f"came_{line.pk}": "3"})

    assert at(mug, shop).on_hand == 3
    assert moved(transfer)[1:] == [("transfer", 4), ("adjustment", -1)]
    assert Valuation.objects.get(variant=mug).units == 9
    worth = StockMovement.objects.aggregate(sum=Sum("value_change"))["sum"]
    assert Valuation.objects.get(variant=mug).value == worth == 36
    assert JournalEntry.objects.count() == before + 1


def test_every_line_is_said_and_no_more_than_was_sent(packer, transfer, mug):
    (line,) = sent(packer, transfer, "4*MUG-1")

    silent = press(packer, transfer, "receive")
    greedy = press(packer, transfer, "receive", **{f"came_{line.pk}": "5"})

    assert (silent.status_code, greedy.status_code) == (409, 409)
    assert "4 were sent; no more can come" in greedy.content.decode()
    assert at(mug).on_hand == 6


def test_batches_go_with_their_days_the_next_to_expire_first(packer, shop, demo_market):
    tea = tracked(sku="TEA-1")
    late, soon = Lot("LATE", tomorrow().replace(year=tomorrow().year + 1)), Lot("SOON", tomorrow())
    shelved(3, variant=tea, batch=late)
    shelved(2, variant=tea, batch=soon)
    transfer = transfers.draft(
        source=default_location(), target=shop, actor=None, now=timezone.now()
    )

    lines = sent(packer, transfer, "4*TEA-1")
    press(packer, transfer, "receive", **{f"came_{line.pk}": line.quantity for line in lines})

    there = Batch.objects.filter(stock_item=at(tea, shop)).order_by("code")
    assert [(one.code, one.expires_on, one.on_hand) for one in there] == [
        ("LATE", late.expires_on, 2),
        ("SOON", soon.expires_on, 2),
    ]


def test_receiving_twice_is_refused_in_words(packer, transfer, mug, shop):
    (line,) = sent(packer, transfer, "4*MUG-1")
    press(packer, transfer, "receive", **{f"came_{line.pk}": "4"})

    again = press(packer, transfer, "receive", **{f"came_{line.pk}": "4"})

    assert again.status_code == 409
    assert "already “Received”" in again.content.decode()
    assert at(mug, shop).on_hand == 4


def test_a_draft_is_called_off_and_what_is_on_the_way_is_not(packer, transfer, mug):
    sent(packer, transfer, "MUG-1")
    late = press(packer, transfer, "cancel")
    other = transfers.draft(
        source=transfer.source, target=transfer.target, actor=None, now=timezone.now()
    )

    press(packer, other, "cancel")

    other.refresh_from_db()
    assert late.status_code == 409
    assert other.status == Status.CANCELED


def test_an_empty_transfer_is_not_sent(packer, transfer):
    assert press(packer, transfer, "send").status_code == 409


def test_a_transfer_is_begun_on_a_page_and_goes_somewhere(packer, mug, shop):
    page = reverse("inventory:transfer_new")
    here = default_location().pk

    nowhere = packer.post(page, {"source": here, "target": here})
    packer.post(page, {"source": here, "target": shop.pk, "note": "Window"})

    assert nowhere.status_code == 400
    assert "the same place" in nowhere.content.decode()
    assert Transfer.objects.get().note == "Window"


def test_transfers_are_found_by_place_and_state(packer, transfer):
    page = reverse("inventory:transfers")

    def found(**query):
        return len(packer.get(page, query).context["page"])

    assert (found(q="corner"), found(q="elsewhere")) == (1, 0)
    assert (found(status="draft"), found(status="received")) == (1, 0)


def test_who_may_not_carry_is_told_no(sign_in, transfer):
    assert sign_in("catalogue").get(page(transfer)).status_code == 403
