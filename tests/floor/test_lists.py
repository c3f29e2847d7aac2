"""The lists of the staff site that lead into the stock room."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from inventory.services import count_sheets, transfers
from inventory.services.count_sheets import Which
from inventory.services.stock import Lot, default_location
from tests.factories.floor import LocationFactory, at, shelved, tracked

pytestmark = pytest.mark.django_db
STOCK = "/admin/inventory/stockitem/"
BATCHES = "/admin/inventory/batch/"


@pytest.fixture
def mug(demo_market):
    return shelved(10, sku="MUG-1")


def test_ticked_items_are_counted(packer, mug):
    answer = packer.post(
        STOCK, {"action": "count_chosen", "_selected_action": [at(mug).pk], "index": 0}
    )

    assert answer.url == f"{reverse('inventory:count_new')}?item={at(mug).pk}"
    packer.post(answer.url, {"name": "Mugs"})
    assert packer.get(reverse("inventory:counts")).context["page"][0].places == 1


def test_an_items_page_leads_to_its_damage(packer, mug):
    item = at(mug)

    answer = packer.get(reverse("admin:inventory_stockitem_damage_one", args=[item.pk]))

    assert answer.url == f"{reverse('inventory:item', args=[mug.pk])}?at={item.pk}"


def test_counts_and_transfers_are_listed_with_their_screens(packer, mug):
    now = timezone.now()
    place = default_location()
    count = count_sheets.begin(location=place, which=Which(), actor=None, now=now)
    transfer = transfers.draft(source=place, target=LocationFactory(), actor=None, now=now)

    counts = packer.get("/admin/inventory/stockcount/").content.decode()
    carried = packer.get("/admin/inventory/transfer/").content.decode()

    assert reverse("inventory:count", args=[count.number]) in counts
    assert reverse("inventory:transfer", args=[transfer.number]) in carried


def test_the_next_batch_to_expire_comes_first_and_soon_ones_are_told_apart(packer, demo_market):
    tea, today = tracked(), timezone.localdate()
    for code, days in (("FAR", 400), ("SOON", 20), ("PAST", -2)):
        shelved(1, variant=tea, batch=Lot(code, today + dt.timedelta(days)))

    def listed(**query):
        rows = packer.get(BATCHES, query).context["cl"].result_list
        return [batch.code for batch in rows]

    assert listed() == ["PAST", "SOON", "FAR"]
    assert (listed(expiry="soon"), listed(expiry="over")) == (["SOON"], ["PAST"])


def test_the_menu_has_the_stock_room(packer, demo_market):
    assert reverse("inventory:floor") in packer.get("/admin/").content.decode()


@pytest.mark.parametrize("page", ["counts", "transfers", "bins", "receiving"])
def test_lists_ask_no_more_questions_for_more_rows(
    packer, mug, page, django_assert_max_num_queries
):
    now, place = timezone.now(), default_location()
    for _ in range(5):
        count_sheets.begin(location=place, which=Which(), actor=None, now=now)
        transfers.draft(source=place, target=LocationFactory(), actor=None, now=now)

    with django_assert_max_num_queries(14):
        packer.get(reverse(f"inventory:{page}"))
