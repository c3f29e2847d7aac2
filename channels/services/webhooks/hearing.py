"""News from the layers below, put into words: one event for each thing they are about."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any

from accounts.models import Customer
from catalog.models import Variant
from channels.models import WebhookEvent
from channels.queries.payloads import customers, orders, products, stock
from channels.services.webhooks.happening import happened
from orders.models import Order
from shop.outbox.happenings import name_of
from shop.outbox.models import Message

# What has its first event within a day of being made is new to whoever listens.
NEW_FOR = dt.timedelta(days=1)
Words = Callable[[], Mapping[str, Any]]


def hear(*, topic: str, key: str, facts: Mapping[str, Any], at: dt.datetime) -> int:
    """Tell what happened as things stand now; what is gone meanwhile says nothing.

    Returns how many events there are. Heard twice, the second time there are none.
    """
    sequence = Message.objects.values_list("pk", flat=True).get(key=name_of(key))
    news = _News(topic, key, at, sequence)
    HEARERS[topic.partition(".")[0]](news, facts)
    return news.count


class _News:
    """One piece of news, and how many events it has become."""

    def __init__(self, topic: str, key: str, at: dt.datetime, sequence: int) -> None:
        self.topic, self.key, self.at, self.sequence = topic, key, at, sequence
        self.count = 0

    def tell(self, subject: str, words: Words, topic: str = "") -> None:
        made = happened(
            topic=topic or self.topic,
            subject=subject,
            # One message may be about many things.
            key=f"{self.key}-{subject}"[:150],
            payload=words,
            at=self.at,
            sequence=self.sequence,
        )
        self.count += made is not None


def _order(news: _News, facts: Mapping[str, Any]) -> None:
    order = Order.objects.select_related("market").filter(pk=facts["order_id"]).first()
    if order is not None:
        news.tell(orders.subject(order), partial(orders.data, order))


def _stock(news: _News, facts: Mapping[str, Any]) -> None:
    ids: Collection[int] = facts["variant_ids"]
    items = stock.items_of(ids)
    for variant in Variant.objects.filter(pk__in=ids).order_by("pk"):
        told = stock.data(variant, items.get(variant.pk, []))
        news.tell(stock.subject(variant), partial(dict, told))


def _product(news: _News, facts: Mapping[str, Any]) -> None:
    ids: Collection[int] = facts["product_ids"]
    if news.topic == "product.deleted":
        for pk in ids:
            news.tell(products.subject_of(pk), partial(dict, id=pk))
        return
    known = _last_words(products.subject_of(pk) for pk in ids)
    for product in products.found(ids):
        subject, told = products.subject_of(product.pk), products.data(product)
        if known.get(subject) == told:
            continue
        is_new = subject not in known and product.created_at > news.at - NEW_FOR
        topic = "product.created" if is_new else "product.changed"
        news.tell(subject, partial(dict, told), topic)


def _last_words(subjects: Any) -> dict[str, Any]:
    """What was told last of each."""
    rows = WebhookEvent.objects.filter(subject__in=list(subjects))
    newest = rows.order_by("subject", "-pk").distinct("subject")
    return {
        subject: payload.get("data")
        for subject, payload in newest.values_list("subject", "payload")
    }


def _customer(news: _News, facts: Mapping[str, Any]) -> None:
    ids: Collection[int] = facts["customer_ids"]
    known = {one.pk: one for one in Customer.objects.filter(pk__in=ids)}
    for pk in ids:
        if pk in known and news.topic != "customer.erased":
            news.tell(customers.subject_of(pk), partial(customers.data, known[pk]))
        elif news.topic == "customer.erased":
            news.tell(customers.subject_of(pk), partial(dict, id=pk))


HEARERS: dict[str, Callable[[_News, Mapping[str, Any]], None]] = {
    "order": _order,
    "stock": _stock,
    "product": _product,
    "customer": _customer,
}
