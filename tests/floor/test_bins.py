"""Bins are put up in rows, and what lies in them is said by scanning."""

import pytest
from django.urls import reverse

from inventory.models import Bin
from inventory.services.bins import BinRefused, codes_between
from inventory.services.stock import default_location
from tests.factories.floor import LocationFactory, at, in_bin, shelved

pytestmark = pytest.mark.django_db


@pytest.fixture
def mug(demo_market):
    return shelved(10, sku="MUG-1")


def page(place):
    return reverse("inventory:bin", args=[place.pk])


def scan(client, place, code):
    return client.post(page(place), {"scan": code})


def test_a_row_of_codes():
    assert codes_between("A-08", "A-11") == ["A-08", "A-09", "A-10", "A-11"]


@pytest.mark.parametrize(
    ("first", "last"), [("A-1", "B-2"), ("A", "B"), ("A-9", "A-1"), ("1", "9999")]
)
def test_ends_that_do_not_belong_together_are_refused(first, last):
    with pytest.raises(BinRefused):
        codes_between(first, last)


def test_a_row_of_bins_comes_at_the_end_of_the_walk(sign_in, demo_market):
    here = default_location()
    old = Bin.objects.create(location=here, code="A-02", position=5)
    form = {"location": here.pk, "first": "A-01", "last": "A-03"}

    sign_in("manager").post(reverse("admin:inventory_bins"), form)

    rows = list(Bin.objects.order_by("position").values_list("code", flat=True))
    assert rows == ["A-02", "A-01", "A-03"]
    assert Bin.objects.get(code="A-02").pk == old.pk


def test_a_row_that_makes_no_sense_keeps_what_was_typed(sign_in, demo_market):
    form = {"location": default_location().pk, "first": "A-01", "last": "B-03"}

    answer = sign_in("manager").post(reverse("admin:inventory_bins"), form)

    assert "the same letters" in answer.content.decode()
    assert 'value="B-03"' in answer.content.decode()


def test_a_scan_puts_a_piece_in_and_the_first_bin_stays_first(packer, mug):
    in_bin(mug, "A-01")
    reserve = Bin.objects.create(location=default_location(), code="Z-01")

    scan(packer, reserve, "mug-1")

    places = at(mug).bin_items.order_by("position").values_list("bin__code", flat=True)
    assert list(places) == ["A-01", "Z-01"]


def test_scanning_another_bin_goes_there(packer, mug):
    one, other = in_bin(mug, "A-01"), in_bin(mug, "A-02")

    assert scan(packer, one, "a-02").url == page(other)


def test_a_piece_is_taken_out(packer, mug):
    place = in_bin(mug, "A-01")

    packer.post(page(place), {"take_out": at(mug).pk})

    assert not place.items.exists()


def test_an_unknown_code_is_refused_in_words(packer, mug):
    answer = scan(packer, in_bin(mug, "A-01"), "4711")

    assert answer.status_code == 409
    assert "Nothing here has the code 4711." in answer.content.decode()


def test_bins_are_found_by_code_by_what_lies_there_and_by_place(packer, mug):
    in_bin(mug, "A-01")
    Bin.objects.create(location=LocationFactory(code="shop"), code="A-01")
    page = reverse("inventory:bins")

    def found(**query):
        return len(packer.get(page, query).context["page"])

    assert (found(q="a-0"), found(q="MUG-1"), found(q="MUG-1", location="shop")) == (2, 1, 0)


def test_an_unknown_bin_is_not_found(packer, demo_market):
    assert packer.get(reverse("inventory:bin", args=[0])).status_code == 404
