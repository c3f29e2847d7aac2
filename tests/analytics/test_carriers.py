"""The carriers' scorecard: in time, whole, and for how much."""

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from analytics.queries import periods
from analytics.queries.carriers import scores
from orders.models import Claim
from shipping.models import Carrier, Fulfilment, Label
from shop.lib.workdays import shop_day
from tests.exported import without_mark
from tests.factories import shipped_order
from tests.factories.people import staff

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = shop_day(NOW)
DAY = dt.timedelta(days=1)


def sent(carrier="Royal Mail", *, promised=TODAY, arrived=None, **fields):
    """A parcel that left yesterday. arrived: days after the promised one."""
    order = shipped_order()
    order.arrives_by = promised
    order.save(update_fields=["arrives_by"])
    parcel = order.fulfilments.get()
    values = {"carrier": carrier, "shipped_at": NOW - DAY} | fields
    if arrived is not None:
        noon = dt.datetime.combine(promised + arrived * DAY, dt.time(12), tzinfo=dt.UTC)
        values |= {"status": "delivered", "delivered_at": noon}
    Fulfilment.objects.filter(pk=parcel.pk).update(**values)
    return parcel


def label(parcel, cost, currency="GBP", status="bought"):
    carrier, _new = Carrier.objects.get_or_create(code="rm", defaults={"name": "Royal Mail"})
    return Label.objects.create(
        carrier=carrier,
        fulfilment=parcel,
        status=status,
        tracking_number="X1",
        cost=cost,
        currency=currency,
        requested_at=NOW,
        key=f"label-{parcel.pk}-{status}",
    )


def claim(about, kind, status="open", **fields):
    values = {"parcel": about.pk} | fields
    return Claim.objects.create(
        number=f"CL-{about.pk}-{kind}",
        order=about.order,
        kind=kind,
        status=status,
        due_at=NOW,
        opened_at=NOW,
        key=f"{about.pk}-{kind}",
        **values,
    )


def this_week():
    return periods.between(TODAY - 6 * DAY, TODAY, now=NOW + dt.timedelta(minutes=1))


def score(carrier="Royal Mail"):
    (found,) = [one for one in scores(this_week(), today=TODAY) if one.carrier == carrier]
    return found


def test_in_time_is_by_the_last_day_the_buyer_was_told():
    sent(promised=TODAY - DAY, arrived=0)
    sent(promised=TODAY - DAY, arrived=-1)
    sent(promised=TODAY - 2 * DAY, arrived=1)
    sent(promised=TODAY - DAY, tracking_status="in_transit")
    sent(promised=TODAY - DAY)

    found = score()

    assert (found.parcels, found.delivered) == (5, 3)
    assert (found.on_time, found.late, found.overdue) == (2, 1, 1)
    assert found.on_time_share == Decimal("0.5")


def test_damage_and_loss_are_of_claims_that_were_not_turned_down():
    parcels = [sent() for _number in range(4)]
    claim(parcels[0], "damaged", "settled", outcome="refund")
    claim(parcels[1], "lost", parcel=None)
    claim(parcels[2], "damaged", "declined")
    claim(parcels[3], "wrong")

    found = score()

    assert (found.damaged, found.lost) == (1, 1)
    assert found.harm_share == Decimal("0.5")


def test_what_labels_cost_stands_beside_what_buyers_paid():
    first, second = sent(), sent()
    label(first, "2.40")
    label(second, "3.60")
    label(first, "99.00", status="voided")

    found = score()

    paid = first.order.shipping_net + second.order.shipping_net
    assert (found.labels, found.cost) == (2, Decimal("6.000"))
    assert found.cost_per_parcel == Decimal(3)
    assert found.charged == paid
    assert found.earned_per_parcel == paid / 2 - 3


def test_a_label_in_the_orders_currency_counts_at_the_orders_rate():
    parcel = sent()
    parcel.order.currency, parcel.order.exchange_rate = "USD", Decimal("0.8")
    parcel.order.save(update_fields=["currency", "exchange_rate"])
    label(parcel, "10.00", currency="USD")

    assert score().cost == Decimal(8)


def test_a_carrier_without_labels_has_no_cost_and_says_so():
    sent("Evri")

    found = score("Evri")

    assert (found.cost_per_parcel, found.earned_per_parcel) == (None, None)


def test_parcels_of_other_days_and_unsent_ones_are_left_out(django_assert_num_queries):
    sent(shipped_at=NOW - 10 * DAY)
    sent(status="canceled")

    with django_assert_num_queries(2):
        assert scores(this_week(), today=TODAY) == []


def test_a_manager_reads_the_page_and_takes_the_file(client):
    client.force_login(staff("manager"))
    label(sent(promised=TODAY - DAY, arrived=1), "2.40")
    days = {"start": TODAY - 6 * DAY, "end": TODAY}

    page = client.get(reverse("analytics:carriers"), days)
    file = client.get(reverse("analytics:carriers_csv"), days)

    assert "Royal Mail" in page.content.decode()
    (row,) = csv.DictReader(io.StringIO(without_mark(file.getvalue().decode())))
    assert (row["carrier"], row["late"], row["label_cost"]) == ("Royal Mail", "1", "2.400")


def test_the_floor_does_not_read_it(client):
    client.force_login(staff("warehouse"))

    assert client.get(reverse("analytics:carriers")).status_code == 403


def test_days_that_make_no_sense_are_told_and_have_no_file(client, demo_market):
    client.force_login(staff("manager"))
    days = {"start": TODAY, "end": TODAY - DAY}

    assert client.get(reverse("analytics:carriers"), days).status_code == 400
    assert client.get(reverse("analytics:carriers_csv"), days).status_code == 404
