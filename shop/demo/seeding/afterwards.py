"""What is open after the sale: returns in every state, a claim, an offer."""

import datetime as dt

from django.db.models import Count

from catalog.models import Market, Price
from orders.models import Claim, Draft, Order, Return
from orders.services.orders import Buyer
from shipping.models import Fulfilment
from shop.lib.errors import Refused
from shop.processes import claiming, drafting, returns
from shop.processes.drafting import Plan, PlanLine
from shop.processes.returns import Wanted

Wish, Status = Return.Wish, Return.Status
# Why it comes back, what is wished for, and how far it has come.
RETURNS: tuple[tuple[str, str, str], ...] = (
    ("changed-mind", Wish.REFUND, Status.APPROVED),
    ("not-as-described", Wish.STORE_CREDIT, Status.IN_TRANSIT),
    ("other-size", Wish.REFUND, Status.RECEIVED),
    ("changed-mind", Wish.REFUND, Status.RECEIVED),
)
BROKEN = "One of them arrived in two halves. The box was wet on one side."
OFFER = "As we said on the telephone: we bring them to the studio door for you."
ADA = Buyer(
    "ada@example.com", "Ada Lovelace", "12 St James's Square", "", "London", "SW1Y 4JH", "GB"
)


def fill(*, now: dt.datetime) -> None:
    """Do what buyers and staff would have done in the last days. Each thing once."""
    arrived = _arrived()
    for place, (reason, wish, until) in enumerate(RETURNS[: len(arrived)]):
        _send_back(arrived[place], reason, wish, until, now)
    for order in arrived[len(RETURNS) : len(RETURNS) + 1]:
        _claim(order, now)
    _offer(now)


def _arrived() -> list[Order]:
    """The newest orders that reached their buyers, of which nothing was given back."""
    rows = Order.objects.filter(
        fulfillment_status=Order.Fulfillment.DELIVERED,
        payment_status=Order.Payment.PAID,
        return_status=Order.Return.NONE,
        returns=None,
        claims=None,
    )
    many = rows.annotate(pieces=Count("lines")).filter(pieces__gte=2)
    return list(many.order_by("-placed_at", "-pk")[: len(RETURNS) + 1])


def _send_back(order: Order, reason: str, wish: str, until: str, now: dt.datetime) -> None:
    line = order.lines.filter(is_shipped=True).order_by("position", "pk").first()
    if line is None:
        return
    try:
        one = returns.request(
            order_id=order.pk,
            wanted=[Wanted(line.pk, 1, reason)],
            wish=wish,
            key=f"demo-return-of-{order.pk}",
            actor=None,
            now=now,
        )
        _go_on(one, until, now)
    except Refused:
        # Its time was over, or it can't come back: somebody else's does.
        return


def _go_on(one: Return, until: str, now: dt.datetime) -> None:
    one.refresh_from_db()
    if one.status == Status.REQUESTED:
        returns.approve(rma_id=one.pk, actor=None, now=now)
    if until == Status.IN_TRANSIT:
        returns.on_its_way(rma_id=one.pk, carrier="Royal Mail", actor=None, now=now)
    if until == Status.RECEIVED:
        returns.receive(rma_id=one.pk, units=None, actor=None, now=now)


def _claim(order: Order, now: dt.datetime) -> None:
    line = order.lines.filter(is_shipped=True).order_by("-position", "pk").first()
    parcel = Fulfilment.objects.filter(order=order).order_by("pk").first()
    if line is None or parcel is None:
        return
    claiming.open(
        order_id=order.pk,
        kind=Claim.Kind.DAMAGED,
        lines={line.pk: 1},
        wish=Claim.Outcome.REPLACE,
        words=BROKEN,
        parcel_id=parcel.pk,
        key=f"demo-claim-of-{order.pk}",
        actor=None,
        now=now,
    )


def _offer(now: dt.datetime) -> None:
    market = Market.objects.order_by("position", "pk").first()
    prices = Price.objects.filter(market=market, variant__is_active=True, variant__grams__gt=0)
    skus = [
        one.variant.sku for one in prices.select_related("variant").order_by("-amount", "pk")[:3]
    ]
    if Draft.objects.exists() or market is None or not skus:
        return
    plan = Plan(
        market=market,
        channel=Order.Channel.PHONE,
        buyer=ADA,
        lines=[PlanLine(sku, 1) for sku in skus],
        shipping_method="",
        payment_method="bank_transfer",
        message=OFFER,
        until=now + dt.timedelta(days=14),
    )
    drafting.save(draft=None, plan=plan, actor=None, now=now)
