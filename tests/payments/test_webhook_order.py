"""The provider's letters in any order, each up to ten times, and all of them once more a day later."""

import copy
import random
from collections import Counter
from contextlib import contextmanager

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from inventory.models import StockItem
from orders.models import Order
from payments.models import Dispute, JournalLine, Payment, PaymentEvent, PayoutLine, Refund
from payments.services import methods
from shop.outbox.models import Message
from shop.processes import fulfilment
from shop.standin.store import TABLES
from tests.factories import in_stock, placed_order
from tests.payments.provider import begin, work

pytestmark = pytest.mark.django_db
DAY = 24 * 3600


def page(provider, *, card="pm_card_visa", **fields):
    """An order whose page is paid; nobody comes back from it, and nobody has told us yet."""
    order = placed_order(variant=in_stock(10), **fields)
    begin(order)
    reference = Payment.objects.get(order=order).provider_ref
    provider.pay(reference, card=card)
    return order, next(one for one in provider.ledger()["sessions"] if one["id"] == reference).get(
        "payment_intent"
    )


def post(provider, path, **form):
    answer = provider.web.post(
        f"/v1/{path}", data=form, headers={"Authorization": "Bearer sk_test_x"}
    )
    answer.raise_for_status()
    return answer.json()


def history(provider):
    """What happened at the provider: paid, declined, given back, disputed, held, paid out."""
    page(provider, email="a@example.com")
    _order, intent = page(provider, email="b@example.com", quantity=3)
    for amount in (100, 200, 300):
        post(provider, "refunds", payment_intent=intent, amount=str(amount))
    for verdict in ("won", "lost"):
        _order, intent = page(provider, email=f"{verdict}@example.com")
        found = provider.kit("dispute", payment_intent=intent)
        provider.kit(f"disputes/{found['id']}/{verdict}")
    order, _intent = page(provider, card="pm_card_chargeDeclined", email="c@example.com")
    provider.pay(Payment.objects.get(order=order).provider_ref)
    gone, _intent = page(provider, email="d@example.com")
    fulfilment.cancel(order_id=gone.pk, reason="changed mind", actor=None, now=timezone.now())
    card = methods.of("card")
    card.capture = "manual"
    card.save(update_fields=["capture"])
    _order, intent = page(provider, email="e@example.com", quantity=2)
    part = {"amount_to_capture": "1000", "final_capture": "false"}
    post(provider, f"payment_intents/{intent}/capture", **part)
    _order, intent = page(provider, email="f@example.com")
    post(provider, f"payment_intents/{intent}/cancel")
    provider.kit("payout", pending=True)


@contextmanager
def undone(provider):
    """Whatever is done in here was not done: neither with us nor with the provider."""
    store = provider.standin.desk.store
    was = {name: copy.deepcopy(getattr(store, name)) for name in TABLES}
    # A savepoint and no block: what is done in here is in blocks that end a transaction.
    start = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(start)
        for name, rows in was.items():
            setattr(store, name, rows)


def books():
    """Payments, refunds, orders, disputes, journal, stock and mail, without numbers of our own."""
    entries = Counter()
    for line in JournalLine.objects.select_related("entry__order", "account"):
        # A fee is booked with the payout, whether its payment is known by then or not.
        is_told = line.entry.order and line.entry.kind != "fee"
        number = line.entry.order.number if is_told else ""
        entries[number, line.account.role, line.entry.kind, line.amount, line.base] += 1
    sums = ("authorized", "charge_pending", "charged", "refund_pending", "refunded", "disputed")
    return {
        "orders": rows(Order, "number", "status", "payment_status", "refunded"),
        "payments": rows(Payment, "order__number", "attempt", "is_open", "charge_ref", *sums),
        "events": rows(PaymentEvent, "payment__order__number", "kind", "stage", "amount"),
        "refunds": rows(Refund, "payment__order__number", "amount", "status"),
        "disputes": rows(Dispute, "provider_ref", "status", "amount"),
        "payouts": rows(PayoutLine, "about", "gross", "net", "payment__order__number"),
        "stock": rows(StockItem, "variant_id", "on_hand", "allocated"),
        "holds": rows(Order, "number", "holds__kind"),
        "mail": Counter(
            Message.objects.filter(topic__startswith="mail.").values_list("topic", flat=True)
        ),
        "journal": entries,
    }


def differences(found, expected):
    """What one has more than the other, by chapter."""
    return {
        name: (found[name] - expected[name], expected[name] - found[name])
        for name in expected
        if found[name] != expected[name]
    }


def rows(model, *fields):
    return Counter(model.objects.values_list(*fields))


def bring(provider, client, letters, pauses=()):
    for position, letter in enumerate(letters):
        assert provider.post(client, letter).status_code == 200
        if position in pauses:
            work()
    work()


class Letters(list):
    def __repr__(self):
        return "letters"


@pytest.fixture
def told(provider):
    history(provider)
    return Letters(provider.letters())


@pytest.fixture
def in_order(client, provider, told):
    with undone(provider):
        bring(provider, client, told, pauses=range(len(told)))
        return books()


@settings(
    max_examples=4,
    deadline=None,
    # A seed gets no simpler by being smaller.
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_letters_in_any_order_end_in_the_same_books(client, provider, told, in_order, data):
    chance = random.Random(data.draw(st.integers(0, 2**32), label="order"))
    copies = [one for one in told for _copy in range(chance.choice((1, 1, 1, 2)))]
    copies += 9 * [chance.choice(told)]
    chance.shuffle(copies)
    pauses = {position for position in range(len(copies)) if chance.random() < 0.3}

    with undone(provider):
        bring(provider, client, copies, pauses)
        shuffled = books()
        with time_machine.travel(timezone.now().timestamp() + DAY):
            bring(provider, client, told)
        replayed = books()

    assert differences(shuffled, in_order) == {}
    assert differences(replayed, in_order) == {}


def test_the_books_tell_of_everything_that_happened(in_order):
    statuses = Counter(status for _number, _status, status, _refunded in in_order["orders"])

    assert statuses == {
        "paid": 4,
        "partially_refunded": 1,
        "authorized": 1,
        "pending": 1,
        "refunded": 1,
    }
    assert sorted(one[1] for one in in_order["disputes"]) == ["lost", "won"]
    assert in_order["payouts"]
