from django.utils import timezone

from orders.emails import letter
from shipping.emails import parcel_letter, ready_letter
from shipping.models import Fulfilment
from shipping.queries.pickup import is_collected
from shipping.services import texts
from shop.outbox import mail, sms
from shop.outbox.delivery import asks, delivers
from shop.outbox.mail import Letter


@delivers("mail.order_shipped")
def email_shipped(*, fulfilment_id: int) -> None:
    """Tell the buyer that a parcel is on its way, and how to follow it."""
    fulfilment = Fulfilment.objects.select_related("order__market").get(pk=fulfilment_id)
    if is_collected(fulfilment.order):
        return
    contents = list(
        fulfilment.lines.select_related("order_line").prefetch_related("order_line__parts")
    )
    extra = {"fulfilment": fulfilment, "contents": contents}
    key = f"fulfilment-{fulfilment.pk}-shipped"
    _tell(fulfilment, letter(fulfilment.order, "order_shipped", key=key, extra=extra))


@delivers("mail.parcel_out_for_delivery")
def email_out_for_delivery(*, fulfilment_id: int) -> None:
    """Tell the buyer that a parcel comes today; not once it came."""
    parcel = _parcel(fulfilment_id)
    if parcel.tracking_status == Fulfilment.Tracking.OUT_FOR_DELIVERY:
        _tell(parcel, parcel_letter(parcel, "out_for_delivery"))


@delivers("mail.parcel_delivered")
def email_delivered(*, fulfilment_id: int) -> None:
    """Tell the buyer that a parcel has arrived; who fetched it knows."""
    parcel = _parcel(fulfilment_id)
    if not is_collected(parcel.order):
        _tell(parcel, parcel_letter(parcel, "delivered"))


@delivers("mail.ready_to_collect")
def email_ready_to_collect(*, fulfilment_id: int) -> None:
    """Tell the buyer where a parcel lies, and the code that gets it; not once it was fetched."""
    parcel = _parcel(fulfilment_id)
    if parcel.status == Fulfilment.Status.PACKED:
        _tell(parcel, ready_letter(parcel))


@delivers("mail.parcel_delivery_problem")
def email_problem(*, fulfilment_id: int) -> None:
    """Tell the buyer that a parcel is held up; not once it came after all."""
    parcel = _parcel(fulfilment_id)
    if parcel.status != Fulfilment.Status.DELIVERED:
        mail.send(parcel_letter(parcel, "delivery_problem"))


@asks("sms.parcel")
def text_parcel(*, fulfilment_id: int, kind: str, key: str) -> None:
    """Send the text message that goes with a mail about a parcel."""
    found = texts.text_about(_parcel(fulfilment_id), kind, key=key)
    if found is not None:
        sms.send(found)


def _tell(parcel: Fulfilment, found: Letter) -> None:
    """By mail, and by SMS who wants it."""
    mail.send(found)
    texts.owe(parcel=parcel, kind=found.kind, now=timezone.now())


def _parcel(fulfilment_id: int) -> Fulfilment:
    return Fulfilment.objects.select_related("order__market").get(pk=fulfilment_id)
