from celery import shared_task
from django.utils import timezone

from orders.emails import handed_over_letter, letter
from orders.models import Order
from orders.services import extras
from shop.outbox import mail
from shop.outbox.delivery import delivers


def _send(order_id: int, kind: str) -> None:
    order = Order.objects.select_related("market").get(pk=order_id)
    mail.send(letter(order, kind, key=f"order-{order.number}-{kind}"))


@delivers("mail.order_confirmation")
def email_confirmation(*, order_id: int) -> None:
    """Thank the buyer and say what happens next."""
    _send(order_id, "order_confirmation")


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
