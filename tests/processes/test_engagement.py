"""Those who wait are told once, the longest waiting first, and no more of them than there are units."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from celery import current_app
from django.db import connection
from django.utils import timezone

from catalog.models import Price
from inventory.models import StockItem, StockMovement
from inventory.services import stock
from inventory.services.stock import Why
from marketing.models import Alert
from shop.outbox.models import Mail, Message
from shop.processes import engagement
from tests.factories import MarketFactory, VariantFactory, in_stock, placed_order
from tests.factories.ahead import sold_ahead

NOW = timezone.now()
Status = Alert.Status


def waiting(variant, count=1, *, kind=Alert.Kind.BACK_IN_STOCK, price_seen=None, **fields):
    """People who asked one after the other, a minute apart."""
    return [
        Alert.objects.create(
            **{
                "kind": kind,
                "status": Status.ACTIVE,
                "variant": variant,
                "market": MarketFactory(),
                "email": f"person{number}@example.com",
                "price_seen": price_seen,
                "created_at": NOW - dt.timedelta(days=1) + dt.timedelta(minutes=number),
                **fields,
            }
        )
        for number in range(count)
    ]


def told():
    return [
        alert.email for alert in Alert.objects.filter(status=Status.SENT).order_by("created_at")
    ]


def owed():
    return Message.objects.filter(topic__startswith="mail.alert_").count()


def send_what_is_owed():
    for message in Message.objects.filter(topic__startswith="mail.alert", done_at=None):
        current_app.tasks[message.topic](message_id=message.pk)


def cheaper(variant, amount="18.00"):
    Price.objects.filter(variant=variant).update(amount=Decimal(amount))


@pytest.mark.django_db
def test_nobody_is_told_while_it_is_sold_out():
    waiting(VariantFactory())

    assert engagement.tell_waiting(now=NOW) == 0
    assert owed() == 0


@pytest.mark.django_db
def test_what_is_only_made_to_order_is_not_back_yet():
    variant = sold_ahead(VariantFactory(), limit=5)
    waiting(variant)

    engagement.tell_waiting(now=NOW)

    assert told() == []


@pytest.mark.django_db
def test_what_is_made_to_order_may_have_become_cheaper():
    variant = sold_ahead(VariantFactory(), limit=5)
    waiting(variant, kind=Alert.Kind.PRICE_DROP, price_seen=Decimal(900))

    engagement.tell_waiting(now=NOW)

    assert told() == ["person0@example.com"]


@pytest.mark.django_db
def test_the_longest_waiting_are_told_first_and_no_more_than_there_are_units():
    variant = in_stock(2)
    waiting(variant, 5)

    engagement.tell_waiting(now=NOW)

    assert told() == ["person0@example.com", "person1@example.com"]
    assert owed() == 2


@pytest.mark.django_db
def test_the_next_run_tells_nobody_else_of_the_same_units():
    waiting(in_stock(2), 5)
    engagement.tell_waiting(now=NOW)

    engagement.tell_waiting(now=NOW + dt.timedelta(minutes=5))

    assert len(told()) == 2


@pytest.mark.django_db
def test_more_units_mean_more_people():
    variant = in_stock(2)
    waiting(variant, 5)
    engagement.tell_waiting(now=NOW)
    in_stock(2, variant=variant)

    engagement.tell_waiting(now=NOW)

    assert len(told()) == 4


@pytest.mark.django_db
def test_who_has_not_come_for_a_day_makes_room_for_the_next():
    waiting(in_stock(2), 5)
    engagement.tell_waiting(now=NOW)

    engagement.tell_waiting(now=NOW + dt.timedelta(hours=25))

    assert len(told()) == 4


@pytest.mark.django_db
def test_a_unit_bought_by_one_who_was_told_is_not_counted_twice():
    variant = in_stock(2)
    waiting(variant, 5)
    engagement.tell_waiting(now=NOW)
    placed_order(variant=variant, email="PERSON0@example.com", now=NOW + dt.timedelta(hours=1))
    in_stock(1, variant=variant)

    engagement.tell_waiting(now=NOW + dt.timedelta(hours=2))

    assert len(told()) == 3


@pytest.mark.django_db
def test_a_unit_bought_by_somebody_else_is_gone():
    variant = in_stock(2)
    waiting(variant, 5)
    engagement.tell_waiting(now=NOW)
    placed_order(variant=variant, email="stranger@example.com", now=NOW + dt.timedelta(hours=1))
    in_stock(1, variant=variant)

    engagement.tell_waiting(now=NOW + dt.timedelta(hours=2))

    assert len(told()) == 2


@pytest.mark.django_db
def test_only_confirmed_addresses_are_told():
    variant = in_stock()
    waiting(variant, status=Status.UNCONFIRMED)
    waiting(variant, status=Status.CANCELED)

    assert engagement.tell_waiting(now=NOW) == 0


@pytest.mark.django_db
def test_a_market_that_does_not_sell_it_hears_nothing():
    waiting(in_stock(), market=MarketFactory(eu=True))

    assert engagement.tell_waiting(now=NOW) == 0


@pytest.mark.django_db
def test_one_mail_per_alert_ever(mailoutbox):
    waiting(in_stock())
    for hours in range(3):
        engagement.tell_waiting(now=NOW + dt.timedelta(hours=hours))

    send_what_is_owed()
    send_what_is_owed()

    (mail,) = mailoutbox
    assert "is back" in mail.subject
    assert "List-Unsubscribe" in mail.extra_headers


@pytest.mark.django_db
def test_no_mail_when_it_sold_out_again_and_the_place_in_the_queue_is_kept(mailoutbox):
    variant = in_stock(1)
    (alert,) = waiting(variant)
    engagement.tell_waiting(now=NOW)
    placed_order(variant=variant)

    send_what_is_owed()

    alert.refresh_from_db()
    assert not mailoutbox
    assert (alert.status, alert.sent_at) == (Status.ACTIVE, None)


@pytest.mark.django_db
def test_after_selling_out_between_the_mail_goes_when_it_is_really_back(mailoutbox):
    variant = in_stock(1)
    waiting(variant)
    engagement.tell_waiting(now=NOW)
    placed_order(variant=variant)
    send_what_is_owed()
    in_stock(1, variant=variant)

    engagement.tell_waiting(now=NOW + dt.timedelta(hours=1))
    send_what_is_owed()

    assert len(mailoutbox) == 1


@pytest.mark.django_db
def test_a_lower_price_is_told_once(mailoutbox):
    variant = in_stock()
    waiting(variant, 3, kind=Alert.Kind.PRICE_DROP, price_seen=Decimal("22.00"))
    cheaper(variant)

    engagement.tell_waiting(now=NOW)
    engagement.tell_waiting(now=NOW)
    send_what_is_owed()

    assert len(mailoutbox) == 3
    assert "£18.00" in mailoutbox[0].body
    assert "£22.00" in mailoutbox[0].body


@pytest.mark.django_db
@pytest.mark.parametrize("amount", ["22.00", "25.00"])
def test_the_same_or_a_higher_price_is_no_news(amount):
    variant = in_stock()
    waiting(variant, kind=Alert.Kind.PRICE_DROP, price_seen=Decimal("22.00"))
    cheaper(variant, amount)

    assert engagement.tell_waiting(now=NOW) == 0


@pytest.mark.django_db
def test_a_lower_price_of_what_is_sold_out_waits_until_it_is_there():
    variant = VariantFactory()
    waiting(variant, kind=Alert.Kind.PRICE_DROP, price_seen=Decimal("22.00"))
    cheaper(variant)

    assert engagement.tell_waiting(now=NOW) == 0
    in_stock(1, variant=variant)
    assert engagement.tell_waiting(now=NOW) == 1


@pytest.mark.django_db
def test_a_price_that_has_risen_again_is_not_told(mailoutbox):
    variant = in_stock()
    waiting(variant, kind=Alert.Kind.PRICE_DROP, price_seen=Decimal("22.00"))
    cheaper(variant)
    engagement.tell_waiting(now=NOW)
    cheaper(variant, "22.00")

    send_what_is_owed()

    assert not mailoutbox
    assert Alert.objects.get().status == Status.ACTIVE


@pytest.mark.django_db
def test_addresses_nobody_needs_are_let_go_of():
    variant = in_stock()
    (old,) = waiting(
        variant, status=Status.SENT, sent_at=NOW - dt.timedelta(days=91), email="a@x.example"
    )
    (off,) = waiting(
        variant, status=Status.CANCELED, created_at=NOW - dt.timedelta(days=91), email="b@x.example"
    )
    (fresh,) = waiting(variant, status=Status.SENT, sent_at=NOW, email="c@x.example")
    Mail.objects.create(
        key="k", kind="marketing/alert_back_in_stock", to=old.email, subject="", text="",
        reference=f"alert-{old.pk}", sent_at=NOW,
    )  # fmt: skip
    waiting(
        variant,
        status=Status.UNCONFIRMED,
        created_at=NOW - dt.timedelta(days=8),
        email="d@x.example",
    )
    waiting(
        variant,
        status=Status.UNCONFIRMED,
        created_at=NOW - dt.timedelta(days=6),
        email="e@x.example",
    )

    engagement.forget(now=NOW)

    kept = dict(Alert.objects.values_list("pk", "email"))
    assert (kept[old.pk], kept[off.pk], kept[fresh.pk]) == ("", "", "c@x.example")
    assert sorted(kept.values()) == ["", "", "c@x.example", "e@x.example"]
    assert not Mail.objects.exists()


@pytest.mark.django_db
def test_as_much_is_asked_for_many_sold_out_pieces_as_for_one(django_assert_max_num_queries):
    for number in range(20):
        waiting(VariantFactory(), email=f"{number}@x.example")

    with django_assert_max_num_queries(12):
        engagement.tell_waiting(now=NOW)


def _at_once(job, times):
    barrier = Barrier(times)

    def run(_number):
        try:
            barrier.wait(timeout=20)
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


@pytest.mark.django_db(transaction=True)
def test_eight_workers_at_once_tell_as_many_as_there_are_units():
    variant = in_stock(5)
    waiting(variant, 30)

    counts = _at_once(lambda: engagement.tell_waiting(now=NOW), 8)

    assert sum(counts) == 5
    assert told() == [f"person{number}@example.com" for number in range(5)]
    assert owed() == 5


@pytest.mark.django_db(transaction=True)
def test_eight_workers_at_once_tell_everybody_of_a_price_once():
    variant = in_stock(5)
    waiting(variant, 30, kind=Alert.Kind.PRICE_DROP, price_seen=Decimal("22.00"))
    cheaper(variant)

    _at_once(lambda: engagement.tell_waiting(now=timezone.now()), 8)

    assert len(told()) == 30
    assert owed() == 30


@pytest.mark.django_db(transaction=True)
def test_workers_and_shoppers_at_once_keep_to_the_units():
    variant = in_stock(4)
    waiting(variant, 20)
    why = Why(kind=StockMovement.Kind.COUNT, now=NOW, reason="counted")

    def job():
        engagement.tell_waiting(now=NOW)
        stock.change_on_hand(variant_id=variant.pk, change=-1, why=why)
        return engagement.tell_waiting(now=NOW)

    _at_once(job, 3)

    assert StockItem.objects.get(variant=variant).on_hand == 1
    assert len(told()) <= 4
