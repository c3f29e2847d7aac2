"""What is old enough is forgotten, kind by kind, as the shop's rules say."""

import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import PrivacyRequest, RetentionRule, RetentionRun, Visit
from channels.models import ApiCall, WebhookEvent
from marketing.models import Alert
from orders.models import Cart, Order, Wishlist
from payments.models import WebhookEvent as ProviderEvent
from shop.audit.models import Entry
from shop.outbox.models import Mail, Message, Sms
from shop.processes.privacy import periods, retention
from tests.factories import CartLineFactory, MarketFactory, in_stock
from tests.factories.customers import CustomerFactory, member
from tests.factories.value import bare_order

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def ago(days):
    return timezone.now() - days * DAY


def order_from(days):
    order = bare_order(ip="203.0.113.9")
    Order.objects.filter(pk=order.pk).update(placed_at=ago(days))
    return lambda: Order.objects.get(pk=order.pk).ip is None


def stays_or_goes(row):
    return lambda: not type(row).objects.filter(pk=row.pk).exists()


def cart(days):
    return stays_or_goes(CartLineFactory(cart__updated_at=ago(days)).cart)


def wishlist(days):
    times = {"created_at": ago(days), "updated_at": ago(days)}
    return stays_or_goes(Wishlist.objects.create(market=MarketFactory(), name="w", **times))


def visit(days):
    return stays_or_goes(Visit.objects.create(customer=CustomerFactory(), path="/", at=ago(days)))


def alert(days):
    row = Alert.objects.create(
        kind="price_drop",
        variant=in_stock(),
        market=MarketFactory(),
        email="a@example.com",
        status="canceled",
        created_at=ago(days),
    )
    return stays_or_goes(row)


def mail(days):
    row = Mail.objects.create(
        key=f"m{days}", kind="x", to="a@example.com", subject="s", text="t", sent_at=ago(days)
    )
    return lambda: Mail.objects.get(pk=row.pk).to == ""


def text(days):
    row = Sms.objects.create(key=f"s{days}", kind="x", to="+4477", text="t", sent_at=ago(days))
    return lambda: Sms.objects.get(pk=row.pk).to == ""


def session(days):
    row = Session.objects.create(session_key=f"k{days}", session_data="x", expire_date=ago(days))
    return stays_or_goes(row)


def private_file(days):
    row = PrivacyRequest.objects.create(
        number=f"P-{days}",
        kind="export",
        state="done",
        email="a@example.com",
        file="private/exports/x.zip",
        asked_at=ago(days + 7),
        done_at=ago(days + 7),
        expires_at=ago(days),
    )
    return lambda: PrivacyRequest.objects.get(pk=row.pk).email == ""


def audit_entry(days):
    return stays_or_goes(Entry.objects.create(at=ago(days), kind="read", act="x"))


def provider_news(days):
    row = ProviderEvent.objects.create(
        provider="card",
        provider_id=f"evt{days}",
        kind="x",
        payload={"a": 1},
        received_at=ago(days),
        processed_at=ago(days),
    )
    return lambda: ProviderEvent.objects.get(pk=row.pk).payload == {}


def webhook(days):
    row = WebhookEvent.objects.create(
        topic="order.paid", key=f"w{days}", subject="order-1", payload={}, at=ago(days)
    )
    return stays_or_goes(row)


def message(days):
    times = {"created_at": ago(days), "due_at": ago(days), "done_at": ago(days)}
    return stays_or_goes(Message.objects.create(topic="x", key=f"o{days}", payload={}, **times))


MADE = {
    "order_addresses": order_from,
    "carts": cart,
    "wishlists": wishlist,
    "visits": visit,
    "alerts": alert,
    "mails": mail,
    "texts": text,
    "sessions": session,
    "privacy_files": private_file,
    "audit": audit_entry,
    "provider_news": provider_news,
    "webhooks": webhook,
    "outbox": message,
}


@pytest.mark.parametrize("kind", MADE)
def test_forgets_what_is_older_than_its_rule_and_nothing_younger(kind):
    days = periods.PERIODS[kind].days
    is_old_gone, is_young_gone = MADE[kind](days + 1), MADE[kind](days - 1)

    done = retention.run(now=timezone.now(), kinds={kind})

    assert is_old_gone()
    assert not is_young_gone()
    assert done == {kind: 1}


def test_every_kind_is_tried():
    assert periods.PERIODS.keys() - {"api_calls"} == MADE.keys()


def test_the_days_are_the_shops(demo_market):
    retention.rules()
    RetentionRule.objects.filter(kind="visits").update(days=3)
    is_gone = visit(4)

    retention.run(now=timezone.now())

    assert is_gone()


def test_a_rule_that_is_off_forgets_nothing():
    retention.rules()
    RetentionRule.objects.filter(kind="visits").update(is_on=False)
    is_gone = visit(4000)

    retention.run(now=timezone.now())

    assert not is_gone()
    assert not RetentionRun.objects.filter(rule__kind="visits").exists()


def test_a_basket_that_was_ordered_stays():
    line = CartLineFactory(cart__updated_at=ago(400), cart__ordered_at=ago(400))

    retention.run(now=timezone.now())

    assert Cart.objects.filter(pk=line.cart.pk).exists()


def test_a_wish_list_of_an_account_stays():
    Wishlist.objects.create(
        market=MarketFactory(),
        name="w",
        user=member().user,
        created_at=ago(900),
        updated_at=ago(900),
    )

    retention.run(now=timezone.now())

    assert Wishlist.objects.exists()


def test_more_than_a_batch_goes_in_one_night(monkeypatch):
    monkeypatch.setattr(periods, "BATCH", 2)
    customer = CustomerFactory()
    for _number in range(5):
        Visit.objects.create(customer=customer, path="/", at=ago(999))

    done = retention.run(now=timezone.now(), kinds={"visits"})

    assert done == {"visits": 5}
    assert RetentionRun.objects.get().count == 5


def test_answers_of_the_api_go_as_well():
    assert periods.PERIODS["api_calls"].forget(timezone.now()) == ApiCall.objects.count() == 0
