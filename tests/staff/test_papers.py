"""Papers of a parcel open for who may see parcels, and say why where there is none."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from inventory.models import Location
from shipping.models import BulkRun, PickWave
from tests.factories import in_stock
from tests.shipping.paper import text_of
from tests.shipping.parcels import bought, parcel_of
from tests.shipping.test_customs import KNOWN

pytestmark = pytest.mark.django_db


@pytest.fixture
def parcel():
    variant = in_stock(sku="MUG-1", price="24.00")
    return parcel_of(bought((variant, 2)), location=Location.objects.get())


def page(name, *args, **query):
    return reverse(f"shipping:{name}", args=args, query=query)


def test_the_warehouse_prints_a_slip_with_prices_or_without(sign_in, parcel):
    browser = sign_in("warehouse")

    without = browser.get(page("slip", parcel.pk))
    beside = browser.get(page("slip", parcel.pk, prices=1))

    assert without["Content-Type"] == "application/pdf"
    assert "MUG-1" in text_of(without.content)
    assert "£" not in text_of(without.content)
    assert "£24.00" in text_of(beside.content)


@pytest.mark.parametrize("name", ["order_slip", "parcel_picks", "wave_picks"])
def test_the_other_papers_open_too(sign_in, parcel, name):
    wave = PickWave.objects.create(
        number="WV-1", location=parcel.location, created_at=timezone.now()
    )
    keys = {"order_slip": parcel.order_id, "parcel_picks": parcel.pk, "wave_picks": wave.pk}

    response = sign_in("warehouse").get(page(name, keys[name]))

    assert response.content.startswith(b"%PDF")


def test_others_are_turned_away(client, sign_in, parcel):
    assert client.get(page("slip", parcel.pk)).status_code == 302
    assert sign_in("catalogue").get(page("slip", parcel.pk)).status_code == 403


def test_a_customs_form_that_cannot_be_made_says_what_is_missing(sign_in, parcel):
    parcel.order.country = "US"
    parcel.order.save(update_fields=["country"])

    response = sign_in("warehouse").get(page("customs", parcel.pk, "form"))

    assert response.status_code == 302
    assert response.url == reverse("admin:orders_order_change", args=[parcel.order_id])
    (told,) = get_messages(response.wsgi_request)
    assert "MUG-1" in str(told)


def test_a_customs_form_opens_where_one_is_needed(sign_in):
    parcel = parcel_of(bought((in_stock(**KNOWN), 1)))
    browser = sign_in("warehouse")
    assert browser.get(page("customs", parcel.pk, "form")).status_code == 302

    parcel.order.country = "US"
    parcel.order.save(update_fields=["country"])

    assert "CN 22" in text_of(browser.get(page("customs", parcel.pk, "form")).content)


def test_the_page_of_a_parcel_leads_to_its_papers(sign_in, parcel):
    browser = sign_in("warehouse")
    shown = browser.get(reverse("admin:shipping_fulfilment_change", args=[parcel.pk]))

    for words in ("Packing slip", "Pick list", "Customs form", "Commercial invoice"):
        assert words in shown.content.decode()

    asked = browser.get(reverse("admin:shipping_fulfilment_slip", args=[parcel.pk]))
    assert asked.url == page("slip", parcel.pk)


def test_slips_of_ticked_orders_are_asked_of_a_worker(sign_in, parcel):
    response = sign_in("warehouse").post(
        reverse("admin:orders_order_changelist"),
        {"action": "packing_slips", "_selected_action": [parcel.order_id]},
    )

    run = BulkRun.objects.get()
    assert (run.kind, run.total, run.options) == ("packing_slips", 1, {"prices": False})
    assert response.url == reverse("admin:shipping_bulkrun_change", args=[run.pk])
