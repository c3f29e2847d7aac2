from orders.emails import letter
from shipping.models import Fulfilment
from shop.outbox import mail
from shop.outbox.delivery import delivers


@delivers("mail.order_shipped")
def email_shipped(*, fulfilment_id: int) -> None:
    """Tell the buyer that a parcel is on its way, and how to follow it."""
    fulfilment = Fulfilment.objects.select_related("order__market").get(pk=fulfilment_id)
    contents = list(
        fulfilment.lines.select_related("order_line").prefetch_related("order_line__parts")
    )
    mail.send(
        letter(
            fulfilment.order,
            "order_shipped",
            key=f"fulfilment-{fulfilment.pk}-shipped",
            extra={"fulfilment": fulfilment, "contents": contents},
        )
    )
