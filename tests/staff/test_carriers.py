"""Carriers and labels on staff's pages."""

import pytest
from django.urls import reverse
from django.utils import timezone

from shipping.models import Carrier, Label
from shop.processes import labelling
from tests.factories import paid_order
from tests.factories.people import staff
from tests.picking.parcels import packed

pytestmark = pytest.mark.django_db
LABELS = reverse("admin:shipping_label_changelist")


@pytest.fixture
def warehouse(client):
    client.force_login(staff("warehouse"))
    return client


@pytest.fixture
def label():
    (parcel,) = packed(paid_order())
    return labelling.buy(fulfilment_id=parcel.pk, carrier=None, actor=None, now=timezone.now())


def test_the_floor_sees_labels_and_gives_one_back(warehouse, label):
    shown = warehouse.get(LABELS, {"q": label.tracking_number})
    asked = {"action": "void", "_selected_action": [label.pk]}
    told = warehouse.post(LABELS, asked, follow=True)

    label.refresh_from_db()
    assert label.tracking_number in shown.content.decode()
    assert "Voided" in told.content.decode()
    assert label.status == Label.Status.VOIDED


def test_a_label_that_was_used_is_refused_in_words(warehouse, label):
    label.fulfilment.status, label.fulfilment.shipped_at = "shipped", timezone.now()
    label.fulfilment.save()

    told = warehouse.post(LABELS, {"action": "void", "_selected_action": [label.pk]}, follow=True)

    assert "has left" in told.content.decode()


def test_support_sees_labels_and_gives_none_back(client, label):
    client.force_login(staff("support"))

    client.post(LABELS, {"action": "void", "_selected_action": [label.pk]})

    label.refresh_from_db()
    assert client.get(LABELS).status_code == 200
    assert label.status == Label.Status.BOUGHT


def test_the_parcels_page_shows_its_label_and_its_news(warehouse, label):
    page = reverse("admin:shipping_fulfilment_change", args=[label.fulfilment_id])

    assert label.tracking_number in warehouse.get(page).content.decode()


def test_the_owner_writes_down_a_carrier(client):
    client.force_login(staff("owner"))
    typed = {
        "code": "ups",
        "name": "UPS",
        "adapter": "ups",
        "tracking_url": "",
        "collects_on": ["0", "4"],
        "delivers_on": ["0", "1"],
        "parcel_cost": "6.20",
        "is_active": "on",
    }

    client.post(reverse("admin:shipping_carrier_add"), typed)

    carrier = Carrier.objects.get(code="ups")
    assert (carrier.collects_on, carrier.delivers_on) == ([0, 4], [0, 1])
    page = client.get(reverse("admin:shipping_carrier_change", args=[carrier.pk]))
    assert "CARRIER_UPS_CLIENT_ID" in page.content.decode()
