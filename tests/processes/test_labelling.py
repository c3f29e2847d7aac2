"""Labels: one a parcel, whatever breaks off, and ours when the carrier is silent."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from orders.services import orders
from orders.services.orders import Move
from shipping.models import Carrier, Fulfilment, FulfilmentEvent, Label, Method
from shop.processes import labelling
from shop.processes.labelling import NotNow
from tests.factories import in_stock
from tests.shipping.paper import text_of
from tests.shipping.parcels import bought, parcel_of

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def parcel():
    return parcel_of(bought((in_stock(sku="MUG-1", grams=400), 2)))


def buy(parcel, carrier=None, now=NOW):
    return labelling.buy(fulfilment_id=parcel.pk, carrier=carrier, actor=None, now=now)


def moves(label):
    rows = FulfilmentEvent.objects.filter(fulfilment_id=label.fulfilment_id, axis="label")
    return list(rows.order_by("pk").values_list("to_state", flat=True))


def test_our_own_label_needs_nobody(parcel):
    label = buy(parcel)

    parcel.refresh_from_db()
    assert label.status == Label.Status.BOUGHT
    assert label.tracking_number == f"{parcel.order.number}-1"
    assert (parcel.carrier, parcel.tracking_number) == ("Own label", label.tracking_number)
    assert parcel.tracking_status == Fulfilment.Tracking.PRE_TRANSIT
    with label.file.open() as file:
        page = text_of(file.read())
    assert label.tracking_number in page
    assert parcel.order.name in page
    assert moves(label) == ["requested", "bought"]


def test_bought_twice_it_is_one_label(parcel):
    first, second = buy(parcel), buy(parcel)

    assert first == second
    assert Label.objects.count() == 1


def test_a_carrier_has_what_a_parcel_costs_written_down(parcel):
    carrier = Carrier.objects.create(code="van", name="Our van", parcel_cost="2.40")

    label = buy(parcel, carrier)

    assert (label.cost, label.currency) == (Decimal("2.4"), "GBP")


def test_the_buyers_choice_names_the_carrier(parcel):
    carrier = Carrier.objects.create(code="royal-mail", name="Royal Mail")
    Method.objects.filter(code=parcel.order.shipping_method).update(
        provider=carrier, service="tracked-48"
    )

    label = buy(parcel)

    assert (label.carrier, label.service) == (carrier, "tracked-48")


@pytest.mark.parametrize("status", ["shipped", "delivered", "canceled"])
def test_a_parcel_that_left_gets_no_label(parcel, status):
    Fulfilment.objects.filter(pk=parcel.pk).update(status=status, shipped_at=NOW)

    with pytest.raises(NotNow):
        buy(parcel)

    assert not Label.objects.exists()


def test_an_order_on_hold_gets_no_label(parcel):
    orders.hold(order=parcel.order, reason="Looks odd", move=Move(NOW))

    with pytest.raises(NotNow, match="on hold"):
        buy(parcel)


def test_goods_without_customs_data_get_no_label(parcel):
    parcel.order.country = "US"
    parcel.order.save(update_fields=["country"])

    with pytest.raises(NotNow, match="MUG-1 cannot be declared"):
        buy(parcel)


def test_a_label_nobody_used_goes_back(parcel):
    label = buy(parcel)

    voided = labelling.void(label_id=label.pk, actor=None, now=NOW)

    parcel.refresh_from_db()
    assert voided.status == Label.Status.VOIDED
    assert (parcel.carrier, parcel.tracking_number, parcel.tracking_status) == ("", "", "")
    assert buy(parcel).pk != label.pk


def test_a_label_that_left_with_its_parcel_stays(parcel):
    label = buy(parcel)
    Fulfilment.objects.filter(pk=parcel.pk).update(status="shipped", shipped_at=NOW)

    with pytest.raises(NotNow, match="left"):
        labelling.void(label_id=label.pk, actor=None, now=NOW)


def test_the_clock_gives_back_the_label_of_a_parcel_that_is_not_sent(parcel):
    label = buy(parcel)
    Fulfilment.objects.filter(pk=parcel.pk).update(status="canceled")

    labelling.sweep(now=lambda: NOW)

    label.refresh_from_db()
    assert label.status == Label.Status.VOIDED


def test_the_clock_carries_on_what_broke_off(parcel):
    label = buy(parcel)
    Label.objects.filter(pk=label.pk).update(
        status="requested", tracking_number="", requested_at=NOW - dt.timedelta(minutes=3)
    )

    labelling.sweep(now=lambda: NOW)

    label.refresh_from_db()
    assert label.status == Label.Status.BOUGHT
    assert Label.objects.count() == 1


def test_the_clock_leaves_alone_what_somebody_is_at(parcel):
    label = buy(parcel)
    Label.objects.filter(pk=label.pk).update(
        status="requested", tracking_number="", requested_at=NOW - dt.timedelta(seconds=30)
    )

    assert labelling.sweep(now=lambda: NOW) == 0
