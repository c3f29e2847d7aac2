"""Handing over what needs no parcel: links to files, keys, gift cards, and the lines done with it."""

from django.utils.translation import gettext as _

from inventory.queries import keys_of
from orders.models import Order, OrderLine
from orders.services import downloads, orders
from orders.services.orders import Move
from payments.models import Series
from payments.services import documents, gift_cards
from payments.services.books import goods
from shop.lib.locks import locked
from shop.outbox import delivery as outbox
from shop.outbox.models import post


def hand_over(*, order: Order, move: Move) -> None:
    """Give the buyer of a paid order all that is not sent. The order must be locked.

    An order without anything to send is complete with that. One on hold waits until it is released.
    """
    if orders.holds(order).exists():
        return
    lines = locked(OrderLine.objects.filter(order=order))
    links = downloads.grant(lines=lines, now=move.now)
    if links or keys_of(line.holder for line in lines):
        _owe_mail(order, move)
    _issue_cards(order, move)
    done = [line for line in lines if not line.is_shipped and line.unfulfilled]
    if not done:
        return
    left = [(line, line.unfulfilled) for line in done]
    for line in done:
        line.fulfilled += line.unfulfilled
    OrderLine.objects.bulk_update(done, ["fulfilled"])
    goods.post_handed_over(order=order, contents=left, now=move.now)
    orders.set_fulfillment(order=order, move=Move(move.now, move.actor, _("Handed over online.")))
    documents.happened(order=order, when=Series.When.SHIPPED, now=move.now)
    is_whole = order.fulfillment_status == Order.Fulfillment.FULFILLED
    if is_whole and order.status == Order.Status.CONFIRMED:
        orders.move_to(order=order, status=Order.Status.COMPLETED, move=move)


def _issue_cards(order: Order, move: Move) -> None:
    """Bought gift cards come to be with the money, and are mailed on their day."""
    bought = OrderLine.objects.filter(order=order, variant__product__type__is_gift_card=True)
    for line in bought.select_related("order").order_by("position", "pk"):
        gift_cards.issue_for_line(line=line, now=move.now)


def _owe_mail(order: Order, move: Move) -> None:
    post(
        topic="mail.order_downloads",
        key=f"order-{order.number}-downloads",
        payload={"order_id": order.pk},
        now=move.now,
    )
    outbox.ring()
