"""Whoever is named at a location sees and moves the stock of theirs alone."""

import pytest
from django.urls import reverse

from inventory.models import Location, StockCount, StockItem, Transfer
from inventory.queries.scope import places_of
from inventory.services import stock, transfers
from inventory.services.count_sheets import Which, begin
from shipping.models import Fulfilment, PickWave
from tests.factories import VariantFactory, paid_order
from tests.factories.floor import LocationFactory, at, in_bin, on_order, shelved
from tests.factories.people import staff
from tests.picking.parcels import wave_of

pytestmark = pytest.mark.django_db
STOCK = "/admin/inventory/stockitem/"


@pytest.fixture
def counter(demo_market):
    """The shop's counter, where Erin works; the main warehouse is other people's."""
    stock.default_location()
    return LocationFactory(name="Counter")


@pytest.fixture
def erin(client, counter):
    person = staff("warehouse")
    counter.staff.add(person)
    client.force_login(person)
    return client


@pytest.fixture
def mug(counter):
    """Ten in the warehouse, three at the counter."""
    variant = shelved(10)
    shelved(3, variant=variant, location=counter)
    return variant


def places(client):
    return {item.location.name for item in client.get(STOCK).context["cl"].result_list}


def test_the_list_of_stock_is_that_of_ones_own_locations(erin, mug):
    assert places(erin) == {"Counter"}
    assert "Counter" in erin.get(f"{STOCK}list.csv").getvalue().decode()
    assert erin.get(f"{STOCK}{at(mug).pk}/change/").status_code == 302


def test_who_is_named_nowhere_works_everywhere(client, mug):
    client.force_login(staff("warehouse"))

    assert len(places(client)) == 2


def test_stock_elsewhere_is_not_corrected(erin, mug, counter):
    page = reverse("admin:inventory_stockitem_correction")
    there, here = at(mug), at(mug, counter)

    assert erin.get(f"{page}?item={there.pk}").status_code == 404
    assert erin.get(f"{page}?item={here.pk}").status_code == 200


def test_what_broke_elsewhere_is_told_by_others(erin, mug, counter):
    page = reverse("inventory:item", args=[mug.pk])
    there = at(mug)

    answer = erin.post(
        page, {"item": there.pk, "what": "damage", "units": "1", "reason": "fell down"}
    )

    assert answer.status_code == 400
    assert [item.location for item in erin.get(page).context["items"]] == [counter]
    assert StockItem.objects.get(pk=there.pk).damaged == 0


def test_deliveries_to_elsewhere_are_not_received_here(erin, counter):
    theirs, ours = on_order({VariantFactory(): 5}), on_order({VariantFactory(): 5})
    type(ours).objects.filter(pk=ours.pk).update(location=counter)

    page = erin.get(reverse("inventory:receiving")).content.decode()

    assert ours.number in page
    assert theirs.number not in page
    for order, status in ((ours, 200), (theirs, 404)):
        address = reverse("inventory:receiving_order", args=[order.number])
        assert erin.get(address).status_code == status
        assert erin.post(address, {"action": "keep"}).status_code == (302 if status == 200 else 404)


def test_counts_of_elsewhere_stay_shut(erin, mug):
    there = begin(
        location=at(mug).location,
        which=Which(),
        name="All",
        is_blind=True,
        actor=None,
        now=mug.product.created_at,
    )

    assert there.number not in erin.get(reverse("inventory:counts")).content.decode()
    for name in ("count", "count_print", "count_differences"):
        assert erin.get(reverse(f"inventory:{name}", args=[there.number])).status_code == 404
    erin.post(reverse("inventory:count_cancel", args=[there.number]))
    there.refresh_from_db()
    assert there.status == StockCount.Status.OPEN


def test_a_count_begins_at_ones_own_location_only(erin, mug, counter):
    new = reverse("inventory:count_new")
    there = Location.objects.exclude(pk=counter.pk).get()

    elsewhere = erin.post(new, {"location": there.pk, "name": "x"})
    chosen = erin.post(f"{new}?item={at(mug).pk}", {"name": "x"})
    here = erin.post(new, {"location": counter.pk, "name": "x"})

    assert (elsewhere.status_code, chosen.status_code, here.status_code) == (400, 400, 302)
    assert [one.location for one in StockCount.objects.all()] == [counter]


def test_goods_leave_from_ones_own_location_and_go_anywhere(erin, mug, counter):
    new = reverse("inventory:transfer_new")
    there = Location.objects.exclude(pk=counter.pk).get()

    refused = erin.post(new, {"source": there.pk, "target": counter.pk})
    made = erin.post(new, {"source": counter.pk, "target": there.pk})

    assert (refused.status_code, made.status_code) == (400, 302)
    assert Transfer.objects.get().source == counter


def test_transfers_between_others_stay_shut(erin, mug, counter):
    far = LocationFactory(name="Far")
    there = Location.objects.get(pk=at(mug).location_id)
    now = mug.product.created_at
    theirs = transfers.draft(source=there, target=far, note="", actor=None, now=now)
    ours = transfers.draft(source=there, target=counter, note="", actor=None, now=now)

    for one, status in ((theirs, 404), (ours, 200)):
        assert erin.get(reverse("inventory:transfer", args=[one.number])).status_code == status


def test_bins_elsewhere_stay_shut(erin, mug, counter):
    theirs, ours = in_bin(mug, "A-1"), in_bin(mug, "C-1", counter)

    page = erin.get(reverse("inventory:bins")).content.decode()

    assert ("C-1" in page, "A-1" in page) == (True, False)
    for place, status in ((ours, 200), (theirs, 404)):
        assert erin.get(reverse("inventory:bin", args=[place.pk])).status_code == status


def test_walks_and_parcels_of_elsewhere_stay_shut(erin):
    wave = wave_of(paid_order())
    parcel = Fulfilment.objects.get()

    assert wave.number not in erin.get(reverse("shipping:picking")).content.decode()
    assert erin.get(reverse("shipping:wave", args=[wave.number])).status_code == 404
    assert erin.get(reverse("shipping:parcel", args=[parcel.pk])).status_code == 404
    assert erin.get(f"/stockroom/picking/?scan={wave.number}").status_code == 409
    assert PickWave.objects.get().pk == wave.pk


def test_the_door_counts_what_waits_at_ones_own_location(erin, mug):
    on_order({VariantFactory(): 5})

    page = erin.get(reverse("inventory:floor")).content.decode()

    assert "0 orders to come" in page


def test_a_location_is_given_its_people_on_its_page(client, counter):
    client.force_login(staff("owner"))
    erin = staff("warehouse")
    page = reverse("admin:inventory_location_change", args=[counter.pk])
    form = client.get(page).context["adminform"].form

    data = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}  # fmt: skip
    answer = client.post(page, data | {"staff": [erin.pk]})

    assert answer.status_code == 302
    assert places_of(erin) == {counter.pk}
