"""Stripe's protocol on this machine, its customers' hands, and its letters to the shop."""

import json
import time

import httpx
from django.utils import timezone

from payments.gateways import gateway
from payments.models import Payment, WebhookEvent
from payments.services import starting
from shop import tasks
from shop.outbox.models import Message
from shop.processes import checkout
from shop.standin.server import Options, Standin
from shop.standin.webhooks import sign
from tests.factories import placed_order

BACK = "http://127.0.0.1:8000/back"


class Provider:
    def __init__(self, secret):
        self.secret = secret
        self.standin = Standin(Options(port=0, webhook="", secret=secret))
        self.standin.start()
        self.web = httpx.Client(base_url=self.standin.url, timeout=10)
        self.told = 0

    def close(self):
        self.web.close()
        self.standin.stop()

    # Its customers

    def pay(self, reference, *, card="pm_card_visa", save=False):
        """Pay a Checkout Session as a shopper would."""
        form = {"pm": card} | ({"save": "1"} if save else {})
        return self.web.post(f"/_kit/pay/{reference}", data=form)

    def authenticate(self, intent, outcome="approve"):
        return self.kit(f"authenticate/{intent}", outcome=outcome)

    # Its own doing

    def kit(self, path, **body):
        answer = self.web.post(f"/_kit/{path}", json=body)
        answer.raise_for_status()
        return answer.json()

    def break_down(self, **faults):
        self.kit("config", **faults)

    def ledger(self):
        return self.web.get("/_kit/ledger").json()

    # Its letters

    def letters(self):
        """Every event so far, in the order it happened."""
        return [event.public() for event in self.standin.desk.store.events.values()]

    def post(self, client, event, *, at=None):
        """Bring one event with a true signature."""
        body = json.dumps(event).encode()
        signature = sign(body, secret=self.secret, at=int(at or time.time()))
        return client.post(
            "/webhooks/stripe/",
            data=body,
            content_type="application/json",
            headers={"Stripe-Signature": signature},
        )

    def tell(self, client):
        """Bring what is new, in order, and let it be worked."""
        letters = self.letters()
        for event in letters[self.told :]:
            assert self.post(client, event).status_code == 200
        self.told = len(letters)
        work()


def run(topic):
    """Work the messages of a topic as a worker would."""
    for message in Message.objects.filter(topic=topic, done_at=None).order_by("pk"):
        tasks.refresh_cards.app.tasks[topic](message_id=message.pk)


TOPICS = (
    "payments.webhook",
    "payments.capture",
    "payments.void",
    "payments.refund",
    "payments.close",
    "payments.cards",
)


def work():
    """Work all that is owed to a provider, and what comes of it."""
    while owed := Message.objects.filter(topic__in=TOPICS, done_at=None).order_by("pk").first():
        tasks.refresh_cards.app.tasks[owed.topic](message_id=owed.pk)
        owed.refresh_from_db()
        assert owed.done_at, owed.topic


def begin(order, **how):
    return starting.begin(order=order, return_url=BACK, cancel_url=BACK, now=timezone.now(), **how)


def standing(payment):
    return gateway("card").standing(payment)


def look(payment):
    """The shopper comes back: ask how it stands."""
    payment.refresh_from_db()
    checkout.confirm_payment(payment_id=payment.pk, standing=standing(payment), now=timezone.now())
    payment.refresh_from_db()
    return payment


def charge(provider, order, **how):
    """Pay an order on the hosted page, and come back from it."""
    begin(order)
    payment = Payment.objects.get(order=order)
    provider.pay(payment.provider_ref, **how).raise_for_status()
    return look(payment)


def charged_order(provider, **fields):
    order = placed_order(**fields)
    charge(provider, order)
    order.refresh_from_db()
    return order


def outcomes():
    return list(WebhookEvent.objects.order_by("pk").values_list("kind", "outcome"))
