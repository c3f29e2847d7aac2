"""News of parcels: in any order, any number of times, and what follows from them once."""

import datetime as dt
from itertools import permutations

import pytest
from celery import current_app
from django.utils import timezone

from orders.models import Order, OrderEvent
from shipping.carriers.base import News
from shipping.models import Carrier, Fulfilment, FulfilmentEvent, TrackingEvent
from shipping.services.tracking import timeline, with_problem
from shop.outbox.models import Mail, Message
from shop.processes import tracking
from tests.factories import in_stock, shipped_order
from tests.shipping.parcels import bought, parcel_of

pytestmark = pytest.mark.django_db
Tracking, Status = Fulfilment.Tracking, Fulfilment.Status
NOW = timezone.now()
NUMBER = "1ZA1B2C30399887766"


@pytest.fixture
def carrier():
    return Carrier.objects.create(code="van", name="Our van")


@pytest.fixture
def parcel(carrier):
    order = shipped_order()
    parcel = order.fulfilments.get()
    parcel.carrier, parcel.tracking_number = carrier.name, NUMBER
    parcel.save()
    return parcel


def said(status, hours_ago=0, words="", place=""):
    return News(
        status, words or status.replace("_", " "), place, NOW - dt.timedelta(hours=hours_ago)
    )


LIFE = [
    said(Tracking.IN_TRANSIT, 30),
    said(Tracking.EXCEPTION, 20, "Wrong postcode"),
    said(Tracking.OUT_FOR_DELIVERY, 5),
    said(Tracking.DELIVERED, 1, "Handed to A Ray", "Leek"),
]


def hear(carrier, *news, number=NUMBER, now=NOW):
    return tracking.heard(number=number, carrier=carrier, news=list(news), now=now)


def owed():
    rows = Message.objects.filter(topic__startswith="mail.parcel_")
    return sorted(rows.values_list("topic", flat=True))


def test_delivered_closes_the_parcel_and_its_order(carrier, parcel):
    assert hear(carrier, *LIFE)

    parcel.refresh_from_db()
    parcel.order.refresh_from_db()
    assert (parcel.status, parcel.tracking_status) == (Status.DELIVERED, Tracking.DELIVERED)
    assert parcel.delivered_at == LIFE[-1].at
    assert parcel.order.fulfillment_status == Order.Fulfillment.DELIVERED
    assert owed() == ["mail.parcel_delivered"]


def send_mails():
    for message in Message.objects.filter(topic__startswith="mail.parcel_", done_at=None):
        current_app.tasks[message.topic](message_id=message.pk)


@pytest.mark.parametrize("order", list(permutations(range(4)))[::5])
def test_the_order_in_which_news_come_changes_nothing_in_the_end(carrier, parcel, order):
    for place in order:
        hear(carrier, LIFE[place])

    parcel.refresh_from_db()
    assert (parcel.status, parcel.tracking_status) == (Status.DELIVERED, Tracking.DELIVERED)
    assert owed().count("mail.parcel_delivered") == 1
    assert TrackingEvent.objects.filter(fulfilment=parcel).count() == 4


def test_told_twice_it_is_kept_once(carrier, parcel):
    hear(carrier, *LIFE)
    before = FulfilmentEvent.objects.count(), OrderEvent.objects.count(), Message.objects.count()

    hear(carrier, *LIFE)
    hear(carrier, *LIFE[:2])

    after = FulfilmentEvent.objects.count(), OrderEvent.objects.count(), Message.objects.count()
    assert before == after
    assert TrackingEvent.objects.count() == 4


def test_each_step_has_its_mail_once(carrier, parcel):
    for one in LIFE:
        hear(carrier, one, now=one.at)
        hear(carrier, one, now=one.at)

    assert owed() == [
        "mail.parcel_delivered",
        "mail.parcel_delivery_problem",
        "mail.parcel_out_for_delivery",
    ]


def test_mail_says_what_the_carrier_says(carrier, parcel):
    hear(carrier, LIFE[-1])

    send_mails()

    mail = Mail.objects.get(kind="shipping/delivered")
    assert parcel.order.number in mail.subject
    assert "Handed to A Ray" in mail.text
    assert "Leek" in mail.html


def test_arrives_today_is_not_told_once_it_came(carrier, parcel):
    hear(carrier, LIFE[2])
    hear(carrier, LIFE[3])

    send_mails()

    kinds = Mail.objects.filter(kind__startswith="shipping/").values_list("kind", flat=True)
    assert list(kinds) == ["shipping/delivered"]


def test_yesterdays_arrives_today_is_no_news(carrier, parcel):
    hear(carrier, said(Tracking.OUT_FOR_DELIVERY, 30))

    assert owed() == []


def test_what_is_held_up_is_noted_and_waits_for_staff(carrier, parcel):
    hear(carrier, LIFE[1])

    assert list(with_problem()) == [parcel]
    note = OrderEvent.objects.filter(order=parcel.order, axis="note").latest("pk")
    assert "Wrong postcode" in note.note
    assert owed() == ["mail.parcel_delivery_problem"]


def test_what_comes_back_is_a_failed_delivery_and_hints_at_a_claim(carrier, parcel):
    hear(carrier, LIFE[0], said(Tracking.RETURNED, 1))

    parcel.refresh_from_db()
    assert parcel.status == Status.FAILED_DELIVERY
    assert "claim" in OrderEvent.objects.filter(order=parcel.order, axis="note").latest("pk").note
    hear(carrier, said(Tracking.OUT_FOR_DELIVERY))
    parcel.refresh_from_db()
    assert parcel.status == Status.SHIPPED


def test_an_order_with_two_parcels_is_delivered_with_the_second(carrier, parcel):
    order = parcel.order
    second = parcel_of(order, {})
    second.status, second.shipped_at = Status.SHIPPED, NOW
    second.carrier, second.tracking_number = carrier.name, "SECOND-1"
    second.save()

    hear(carrier, LIFE[-1])
    order.refresh_from_db()
    between = order.fulfillment_status
    hear(carrier, LIFE[-1], number="SECOND-1")

    order.refresh_from_db()
    assert between == Order.Fulfillment.FULFILLED
    assert order.fulfillment_status == Order.Fulfillment.DELIVERED


def test_a_parcel_that_has_not_left_by_our_books_stays(carrier):
    parcel = parcel_of(bought((in_stock(), 1)), carrier=carrier.name, tracking_number=NUMBER)

    hear(carrier, LIFE[-1])

    parcel.refresh_from_db()
    assert parcel.status == Status.PACKED
    assert owed() == []


def test_unknown_numbers_and_other_carriers_are_passed_over(carrier, parcel):
    other = Carrier.objects.create(code="other", name="Other")

    assert not hear(carrier, LIFE[-1], number="NOBODYS")
    assert not hear(other, LIFE[-1])
    assert not hear(carrier, LIFE[-1], number="")
    assert not TrackingEvent.objects.exists()


def test_what_lies_far_ahead_has_not_happened(carrier, parcel):
    hear(carrier, said(Tracking.DELIVERED, -48))

    assert not TrackingEvent.objects.exists()


def test_somebody_can_say_by_hand_that_it_arrived(parcel, admin_user):
    done = tracking.delivered_by_hand(fulfilment_id=parcel.pk, actor=admin_user, now=NOW)

    assert done.status == Status.DELIVERED
    assert FulfilmentEvent.objects.filter(to_state="delivered", actor=admin_user).exists()


def test_the_timeline_is_read_at_once_and_newest_first(carrier, parcel, django_assert_num_queries):
    hear(carrier, *LIFE)

    with django_assert_num_queries(1):
        found = timeline([parcel])

    assert [one.status for one in found[parcel.pk]] == [one.status for one in reversed(LIFE)]
