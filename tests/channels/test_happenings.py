"""What happens in the shop reaches the endpoints, in the shop's own words."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import Customer
from accounts.services import news as customer_news
from channels.models import WebhookEvent
from inventory.models import StockItem, StockMovement
from inventory.services import stock
from inventory.services.stock import Why
from orders.services import news, orders
from orders.services.orders import Move
from shop.outbox.models import Message
from shop.processes import browsing, fulfilment
from shop.processes.fulfilment import Parcel
from tests.channels.listening import endpoint, work_off
from tests.factories import (
    ProductFactory,
    canceled_order,
    in_stock,
    paid_order,
    placed_order,
    shipped_order,
)
from tests.factories.customers import CustomerFactory, GroupFactory

pytestmark = pytest.mark.django_db


def topics(events=None):
    return [event.topic for event in (work_off() if events is None else events)]


def data(event):
    return event.payload["data"]


def test_without_an_endpoint_nothing_is_owed():
    shipped_order()

    assert not Message.objects.filter(topic="webhooks.happened").exists()


def test_an_order_is_told_of_from_placing_to_sending():
    endpoint("https://a.example", "order.*")

    order = shipped_order(payment_method="bank_transfer")

    events = work_off()
    told = topics(events)
    assert sorted(told) == [
        *("order.completed", "order.confirmed", "order.paid"),
        *("order.placed", "order.shipped"),
    ]
    assert {event.subject for event in events} == {f"order-{order.number}"}


def test_sequences_follow_what_happened_to_the_order():
    endpoint("https://a.example", "order.*")
    shipped_order()

    events = work_off()

    numbers = [event.payload["sequence"] for event in events]
    assert numbers == sorted(set(numbers))
    assert events[0].topic == "order.placed"
    assert topics(events)[-2:] == ["order.shipped", "order.completed"]


def test_an_order_is_told_with_sums_lines_and_address():
    endpoint("https://a.example", "order.placed")
    order = placed_order(variant=in_stock(9), quantity=2)

    (event,) = work_off()

    told = data(event)
    line = order.lines.get()
    assert told["number"] == order.number
    assert told["currency"] == "GBP"
    assert told["total"] == f"{order.total:.2f}"
    assert told["address"]["postcode"] == "N1 9GU"
    assert told["lines"][0]["sku"] == line.sku
    assert told["lines"][0]["quantity"] == 2
    assert abs(event.at - order.placed_at) < dt.timedelta(seconds=1)


def test_each_parcel_is_told_of():
    endpoint("https://a.example", "order.shipped")
    order = paid_order(variant=in_stock(9), quantity=3)
    line = order.lines.get()

    for _parcel in range(3):
        fulfilment.dispatch(
            order_id=order.pk,
            quantities={line.pk: 1},
            parcel=Parcel(),
            actor=None,
            now=timezone.now(),
        )

    events = work_off()
    assert topics(events) == ["order.shipped"] * 3


def test_a_canceled_order_is_told_of():
    endpoint("https://a.example", "order.canceled")

    canceled_order()

    assert topics() == ["order.canceled"]


def test_notes_and_holds_stay_in_the_house():
    endpoint("https://a.example", "order.*")
    order = paid_order()
    before = Message.objects.count()

    move = Move(timezone.now())
    orders.note(order=order, text="Rings the bell twice", move=move)
    orders.hold(order=order, reason="Look again", move=move)

    assert Message.objects.count() == before
    assert all("Rings the bell" not in str(event.payload) for event in work_off())


def test_money_that_goes_back_is_told_of_each_time():
    endpoint("https://a.example", "order.refunded")
    order = paid_order()
    order.refunded = order.total / 2
    now = timezone.now()

    news.paid_back(order, now=now)
    news.paid_back(order, now=now)
    news.paid_back(order, now=now + dt.timedelta(seconds=1))

    assert topics() == ["order.refunded"] * 2


def test_stock_that_moves_is_told_of_by_location():
    endpoint("https://a.example", "stock.*")
    variant = in_stock(5)
    item = StockItem.objects.get(variant=variant)
    work_off()
    WebhookEvent.objects.all().delete()

    stock.change_on_hand(
        variant_id=variant.pk,
        change=-2,
        why=Why(kind=StockMovement.Kind.ADJUSTMENT, now=timezone.now(), reason="Broken"),
    )

    (event,) = work_off()
    assert event.topic == "stock.changed"
    assert event.subject == f"stock-{variant.sku}"
    assert data(event)["on_hand"] == 3
    assert data(event)["locations"][0]["location"] == item.location.code
    assert data(event)["locations"][0]["on_hand"] == 3
    assert "cost" not in str(event.payload)


def test_a_sale_moves_the_stock_of_what_was_bought():
    endpoint("https://a.example", "stock.changed")
    variant = in_stock(5)

    paid_order(variant=variant, quantity=2)

    assert {event.subject for event in work_off()} == {f"stock-{variant.sku}"}


def test_a_new_product_is_created_and_then_changed():
    endpoint("https://a.example", "product.*")
    product, now = ProductFactory(), timezone.now()

    browsing.cards_are_stale(product_ids=[product.pk], now=now)
    work_off()
    product.title = "A taller mug"
    product.save()
    browsing.cards_are_stale(product_ids=[product.pk], now=now + dt.timedelta(seconds=9))

    events = work_off()
    assert topics(events) == ["product.created", "product.changed"]
    assert data(events[1])["title"] == "A taller mug"
    assert events[1].subject == f"product-{product.pk}"


def test_a_product_that_looks_as_before_is_no_news():
    endpoint("https://a.example", "product.*")
    product, now = ProductFactory(), timezone.now()

    for second in range(3):
        moment = now + dt.timedelta(seconds=second)
        browsing.cards_are_stale(product_ids=[product.pk], now=moment)

    assert topics() == ["product.created"]


def test_whoever_wants_new_products_only_hears_of_those_only():
    endpoint("https://a.example", "product.created")
    new, old, now = ProductFactory(), ProductFactory(), timezone.now()
    type(old).objects.filter(pk=old.pk).update(created_at=now - dt.timedelta(days=9))

    browsing.cards_are_stale(product_ids=[new.pk, old.pk], now=now)

    assert [event.subject for event in work_off()] == [f"product-{new.pk}"]


def test_a_product_is_told_with_its_variants_and_prices_and_never_its_cost():
    endpoint("https://a.example", "product.*")
    variant = in_stock(5)
    variant.cost = 7
    variant.save()

    browsing.cards_are_stale(product_ids=[variant.product_id], now=timezone.now())

    (event,) = work_off()
    (told,) = data(event)["variants"]
    assert told["sku"] == variant.sku
    assert told["prices"][0]["currency"] == "GBP"
    assert "cost" not in str(event.payload)


def test_customers_are_told_of_and_the_forgotten_without_their_name():
    endpoint("https://a.example", "customer.*")
    one, now = CustomerFactory(groups=[GroupFactory()]), timezone.now()

    customer_news.of_customers(topic=customer_news.CREATED, customer_ids=[one.pk], now=now)
    work_off()
    Customer.objects.filter(pk=one.pk).update(name="", email="gone@x.example", erased_at=now)
    customer_news.of_customers(topic=customer_news.ERASED, customer_ids=[one.pk], now=now)

    first, last = work_off()
    assert (first.topic, last.topic) == ("customer.created", "customer.erased")
    assert data(first)["email"] == one.email
    assert data(first)["groups"] == ["trade"]
    assert data(last) == {"id": one.pk}
    assert first.subject == last.subject == f"customer-{one.pk}"


def test_what_is_heard_twice_is_told_once():
    endpoint("https://a.example", "order.placed")
    placed_order()
    work_off()

    Message.objects.filter(topic="webhooks.happened").update(done_at=None)

    assert topics() == ["order.placed"]
