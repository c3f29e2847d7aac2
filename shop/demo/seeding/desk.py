"""What a desk at work looks like: rules for orders, what they did, colleagues, a call to make."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from orders.models import Order, OrderRule
from orders.services import assigning, calls, orders
from orders.services.orders import Move
from shop.processes import ruling

When = OrderRule.When
RULES = (
    (
        "Cash at the door: ring first",
        [("payment", "is", "cash_on_delivery"), ("total", "at_least", "100")],
        [("call", "Cash on delivery over 100"), ("tag", "cash")],
    ),
    ("Large orders", [("total", "at_least", "150")], [("tag", "large")]),
    ("First order", [("first", "is", "yes")], [("tag", "new customer")]),
    (
        "Out of the country",
        [("country", "is_not", "GB")],
        [("tag", "abroad"), ("note", "Customs papers go with the parcel.")],
    ),
)
# So many of the newest open orders have met the rules, and so many are looked after by somebody.
MET, GIVEN = 12, 3


def fill(*, now: dt.datetime) -> None:
    """Once, for an empty list of rules."""
    if OrderRule.objects.exists():
        return
    for place, (name, conditions, actions) in enumerate(RULES):
        OrderRule.objects.create(
            name=name,
            when=When.PLACED,
            conditions=[{"fact": f, "test": t, "value": v} for f, t, v in conditions],
            actions=[{"do": do, "value": value} for do, value in actions],
            position=place,
        )
    newest = Order.objects.open().order_by("-placed_at", "-pk")
    found = list(newest.values_list("pk", flat=True)[:MET])
    for pk in found:
        ruling.run(order_id=pk, when=When.PLACED, occasion=When.PLACED, now=now)
    person = User.objects.filter(is_staff=True, groups__name="support").order_by("pk").first()
    for pk in found[:GIVEN] if person else []:
        assigning.give(order_id=pk, user=person, actor=None, now=now)
    _call(now)


@transaction.atomic
def _call(now: dt.datetime) -> None:
    """Somebody who means to pay at the bank is rung up first."""
    waiting = Order.objects.filter(
        status=Order.Status.PENDING, payment_method="bank_transfer", holds=None
    )
    first = waiting.order_by("-placed_at", "-pk").first()
    if first is not None:
        order = orders.lock(order_id=first.pk)
        calls.ask(order=order, reason="The street has no number", move=Move(now))
