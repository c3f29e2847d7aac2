"""Labels of real carriers: bought, refused, given back; ours when they are silent."""

from decimal import Decimal

import pytest
from django.utils import timezone

from shipping.carriers import in_time
from shipping.carriers.base import CarrierRefused
from shipping.models import Label
from shop.processes import labelling
from shop.processes.labelling import settling
from tests.factories import in_stock
from tests.shipping.parcels import bought, parcel_of

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def parcel():
    return parcel_of(bought((in_stock(grams=400), 1)), grams=650)


def buy(parcel, carrier, service="ups_standard"):
    return labelling.buy(
        fulfilment_id=parcel.pk, carrier=carrier, service=service, actor=None, now=NOW
    )


def test_a_label_is_bought_from_the_carrier(network, account, parcel):
    network("dhl_express")

    label = buy(parcel, account("dhl_express"), "dhl_express_domestic")

    parcel.refresh_from_db()
    assert (label.status, label.tracking_number) == (Label.Status.BOUGHT, "2288160003")
    assert (label.cost, label.currency) == (Decimal("52.92"), "GBP")
    with label.file.open() as file:
        assert file.read().startswith(b"%PDF")
    assert parcel.tracking_number == "2288160003"
    assert "2288160003" in parcel.tracking_url


def test_bought_twice_the_carrier_is_asked_once(network, account, parcel):
    asked = network("ups")
    carrier = account("ups")

    assert buy(parcel, carrier) == buy(parcel, carrier)
    assert asked.kinds() == ["label"]


def test_a_refusal_is_told_and_kept_and_another_try_is_free(network, account, parcel):
    network("ups", wrong=["label"])
    carrier = account("ups")

    with pytest.raises(CarrierRefused, match="ship to address"):
        buy(parcel, carrier)

    label = Label.objects.get()
    assert (label.status, "ship to address" in label.problem) == (Label.Status.FAILED, True)
    network("ups")
    assert buy(parcel, carrier).status == Label.Status.BOUGHT


def test_a_silent_carrier_gives_way_to_our_own_label(network, account, parcel, monkeypatch):
    monkeypatch.setattr(in_time, "CALL", 0.2)
    network("ups", hangs=30.0)

    label = buy(parcel, account("ups"))

    assert (label.status, label.is_fallback) == (Label.Status.BOUGHT, True)
    assert label.tracking_number == f"{parcel.order.number}-1"
    assert "no answer in time" in label.problem


def test_after_silence_the_next_parcels_do_not_wait(network, account, parcel):
    asked = network("ups")
    carrier = account("ups")
    in_time.fell_silent("ups:labels")

    label = buy(parcel, carrier)

    assert label.is_fallback
    assert asked.kinds() == []


def test_a_label_goes_back_to_its_carrier(network, account, parcel):
    asked = network("ups")
    label = buy(parcel, account("ups"))

    labelling.void(label_id=label.pk, actor=None, now=NOW)

    label.refresh_from_db()
    assert label.status == Label.Status.VOIDED
    assert asked.kinds() == ["label", "void"]


def test_a_label_the_carrier_keeps_stays_bought(network, account, parcel):
    network("ups", wrong=["void"])
    label = buy(parcel, account("ups"))

    with pytest.raises(CarrierRefused):
        labelling.void(label_id=label.pk, actor=None, now=NOW)

    label.refresh_from_db()
    parcel.refresh_from_db()
    assert (label.status, bool(label.problem)) == (Label.Status.BOUGHT, True)
    assert parcel.tracking_number == label.tracking_number


def test_a_silent_carrier_is_told_again_by_the_clock(network, account, parcel, monkeypatch):
    network("ups")
    label = buy(parcel, account("ups"))
    network("ups", hangs=30.0)
    monkeypatch.setattr(in_time, "CALL", 0.2)
    labelling.void(label_id=label.pk, actor=None, now=NOW)
    label.refresh_from_db()
    waiting = label.status
    network("ups")

    labelling.sweep(now=lambda: NOW + settling_time())

    label.refresh_from_db()
    assert (waiting, label.status) == (Label.Status.VOIDING, Label.Status.VOIDED)


def settling_time():
    return labelling.sweeping.OVERDUE


def test_a_second_label_for_the_same_request_goes_back_at_once(network, account, parcel):
    asked = network("ups")
    label = buy(parcel, account("ups"))
    Label.objects.filter(pk=label.pk).update(tracking_number="1ZFIRST")

    kept = settling.ask(label_id=label.pk, move=settling.Move(NOW))

    assert kept.tracking_number == "1ZFIRST"
    assert asked.kinds() == ["label", "label", "void"]
