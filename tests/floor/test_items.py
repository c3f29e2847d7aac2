"""A piece is found by its code; what broke of it leaves the shelf with a reason."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from inventory.models import Shortage, StockMovement
from inventory.services import stock
from inventory.services.stock import Lot
from tests.factories import VariantFactory
from tests.factories.floor import at, in_bin, shelved, tomorrow, tracked

pytestmark = pytest.mark.django_db


@pytest.fixture
def mug(demo_market):
    return shelved(10, sku="MUG-1", barcode="5012345678900")


def page(variant):
    return reverse("inventory:item", args=[variant.pk])


def tell(client, variant, what, units, **fields):
    form = {"what": what, "units": units, "item": at(variant).pk, "reason": "Dropped"}
    return client.post(page(variant), form | fields)


def buckets(variant):
    item = at(variant)
    return item.on_hand, item.damaged


def test_a_code_leads_to_the_piece(packer, mug):
    answer = packer.get(reverse("inventory:floor"), {"scan": "5012345678900"})

    assert answer.url == page(mug)


def test_an_unknown_code_is_said(packer, mug):
    answer = packer.get(reverse("inventory:floor"), {"scan": "4711"})

    assert answer.status_code == 404
    assert "Nothing here has the code 4711." in answer.content.decode()


def test_a_code_of_two_pieces_asks_for_the_sku(packer, mug):
    VariantFactory(sku="MUG-2", barcode="5012345678900")

    answer = packer.get(reverse("inventory:floor"), {"scan": "5012345678900"})

    assert "stands for several: MUG-1, MUG-2" in answer.content.decode()


def test_the_page_says_where_it_lies(packer, mug):
    in_bin(mug, "A-07")

    text = packer.get(page(mug)).content.decode()

    assert "10 on hand" in text
    assert "A-07" in text


def test_a_batch_without_a_label_is_shown_too(packer, demo_market):
    tea = shelved(3, variant=tracked(), batch=Lot())

    assert "without a label: 3" in packer.get(page(tea)).content.decode()


def test_broken_units_leave_the_shelf_and_are_kept_apart(packer, mug):
    tell(packer, mug, "damage", 3)

    movement = StockMovement.objects.latest("pk")
    assert buckets(mug) == (7, 3)
    assert (movement.kind, movement.on_hand_change, movement.damaged_change) == ("damage", -3, 3)
    assert (movement.reason, movement.actor.name) == ("Dropped", "Warehouse")


def test_some_are_mended_and_the_rest_is_thrown_away(packer, mug):
    tell(packer, mug, "damage", 3)

    tell(packer, mug, "mend", 1)
    tell(packer, mug, "scrap", 2)

    assert buckets(mug) == (8, 0)


def test_no_more_is_mended_than_is_damaged(packer, mug):
    answer = tell(packer, mug, "mend", 1)

    assert answer.status_code == 409
    assert buckets(mug) == (10, 0)


def test_a_promised_unit_that_breaks_is_a_shortage(packer, mug):
    stock.allocate(lines={uuid4(): (mug.pk, 10)}, reference="x", now=timezone.now())

    tell(packer, mug, "damage", 1)

    assert Shortage.objects.get().quantity == 1


def test_a_reason_is_asked_for_and_the_figure_stays(packer, mug):
    answer = tell(packer, mug, "damage", 3, reason="")

    assert answer.status_code == 400
    assert 'value="3"' in answer.content.decode()
    assert buckets(mug) == (10, 0)


def test_the_broken_batch_is_named(packer, demo_market):
    tea = tracked()
    shelved(3, variant=tea, batch=Lot("L1", tomorrow()))
    shelved(3, variant=tea, batch=Lot("L2", tomorrow()))
    second = at(tea).batches.get(code="L2")

    tell(packer, tea, "damage", 2, batch=second.pk)

    second.refresh_from_db()
    assert second.on_hand == 1


def test_who_only_looks_breaks_nothing(sign_in, mug):
    client = sign_in("support")

    assert "Damage" not in client.get(page(mug)).content.decode()
    assert tell(client, mug, "damage", 1).status_code == 403


def test_the_door_shows_what_one_may_do(sign_in, demo_market):
    def tasks(role):
        shown = sign_in(role).get(reverse("inventory:floor")).context["tasks"]
        return [task["name"] for task in shown]

    assert tasks("warehouse") == [
        "Pick",
        "Pack",
        "Receive goods",
        "Count",
        "Transfer",
        "Bins",
        "Hand over",
        "Returns",
    ]
    assert tasks("support") == []


def test_strangers_sign_in_first(client, demo_market):
    assert "/account/login/" in client.get(reverse("inventory:floor")).url
