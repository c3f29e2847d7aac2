"""What forgetting takes beyond the map: words within lists, and rows that only lose their owner."""

import datetime as dt
from typing import Any

from accounts.models import Customer
from catalog.models import Review
from marketing.models import Coupon
from orders.models import Cart, CartLine, Order, OrderEdit, OrderLine, OrderRuleRun
from shop.processes.privacy.person import Person

HIDDEN = "…"


def before(person: Person) -> None:
    """What is found by names that will be gone."""
    for review in Review.objects.filter(customer__in=person.customers):
        review.text, review.reply = (_without(person, part) for part in (review.text, review.reply))
        review.save(update_fields=["text", "reply"])
    drafts = Cart.objects.filter(draft__order__in=person.orders)
    CartLine.objects.filter(cart__in=drafts).update(answers=[])
    drafts.update(customer=None, country="", postcode="")


def after(person: Person, *, now: dt.datetime) -> None:
    """What the map can't say in one word."""
    for line in OrderLine.objects.filter(order__in=person.orders).exclude(extras=[]):
        line.extras = [_silent(extra) for extra in line.extras]
        line.save(update_fields=["extras"])
    for edit in OrderEdit.objects.filter(order__in=person.orders):
        edit.changes = [_moved(change) for change in edit.changes]
        edit.save(update_fields=["changes"])
    for run in OrderRuleRun.objects.filter(order__in=person.orders):
        run.done = [{"do": one["do"], "done": one["done"], "words": HIDDEN} for one in run.done]
        run.save(update_fields=["done"])
    orders = Order.objects.filter(pk__in=person.orders)
    orders.filter(tax_relief="").update(vat_number="")
    orders.update(erased_at=now)
    _record(person, now)


def _record(person: Person, now: dt.datetime) -> None:
    for customer in Customer.objects.filter(pk__in=person.customers):
        customer.groups.clear()
    Customer.objects.filter(pk__in=person.customers, is_tax_exempt=False).update(exemption="")
    Customer.objects.filter(pk__in=person.customers).update(
        user=None, invoice_days=None, credit_limit=None, erased_at=now
    )
    Review.objects.filter(customer__in=person.customers).update(customer=None)
    Coupon.objects.filter(customer__in=person.customers).update(customer=None)


def _without(person: Person, text: str) -> str:
    for word in (*person.emails, *person.typed, *person.names):
        text = text.replace(word, HIDDEN)
    return text


def _silent(extra: dict[str, Any]) -> dict[str, Any]:
    """An extra as it was charged, without what was asked for."""
    kept = {key: value for key, value in extra.items() if key in ("name", "amount", "role")}
    return kept | {"value": HIDDEN}


def _moved(change: dict[str, Any]) -> dict[str, Any]:
    return change | {"was": HIDDEN, "is": HIDDEN} if change.get("what") == "address" else change
