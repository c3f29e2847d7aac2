from collections.abc import Iterable, Sequence
from decimal import Decimal

from celery import shared_task
from django.utils import timezone

from orders.emails import handed_over_letter, letter
from orders.models import Order
from orders.services import extras
from orders.services.receipts import Row
from shop.outbox import mail
from shop.outbox.delivery import delivers


def _send(order_id: int, kind: str, paid: Iterable[Row] = ()) -> None:
    order = Order.objects.select_related("market").get(pk=order_id)
    mail.send(letter(order, kind, key=f"order-{order.number}-{kind}", paid=paid))


@delivers("mail.order_confirmation")
def email_confirmation(*, order_id: int, paid: Sequence[Sequence[str]] = ()) -> None:
    """Thank the buyer and say what happens next. paid: (name, amount) where gift cards paid."""
    rows = [Row(name, Decimal(amount)) for name, amount in paid]
    _send(order_id, "order_confirmation", rows)


@delivers("mail.payment_received")
def email_payment_received(*, order_id: int) -> None:
    """Tell a buyer who paid by transfer that the money is in."""
    _send(order_id, "payment_received")


@delivers("mail.order_downloads")
def email_downloads(*, order_id: int) -> None:
    """Send the buyer the links and keys of a paid order."""
    order = Order.objects.select_related("market").get(pk=order_id)
    found = handed_over_letter(order, key=f"order-{order.number}-downloads", now=timezone.now())
    if found is not None:
        mail.send(found)


@shared_task(name="orders.sweep_uploads")
def sweep_uploads() -> None:
    """Delete the pictures that no basket and no order needs."""
    extras.sweep(now=timezone.now())


@delivers("mail.order_canceled")
def email_canceled(*, order_id: int) -> None:
    """Tell the buyer that the order is called off."""
    _send(order_id, "order_canceled")
