"""What a change would come to: done, looked at, and undone."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from catalog.models import Variant
from inventory.services.stock import OutOfStock
from orders.models import Order, OrderEdit
from orders.services import orders
from orders.services.orders import Move
from payments.models import GrantedRefund
from payments.services import payments
from shop.lib.errors import Refused
from shop.lib.money import ZERO
from shop.processes.editing import amending
from shop.processes.editing.terms import Amendment, Preview

KEY = "preview-{}"


def preview(*, order: Order, asked: Amendment, now: dt.datetime) -> Preview:
    """What the order would cost more or less, and why it can't be changed like this, if it can't."""
    with transaction.atomic():
        found = _tried(order.pk, asked, now)
        transaction.set_rollback(True)
    return found


def _tried(order_id: int, asked: Amendment, now: dt.datetime) -> Preview:
    order = orders.lock(order_id=order_id)
    try:
        edit = amending.apply(
            order=order,
            asked=asked,
            cause=OrderEdit.Cause.STAFF,
            key=KEY.format(order.pk),
            move=Move(now, None, asked.reason),
        )
    except OutOfStock as refusal:
        return Preview(problems=_short(refusal))
    except Refused as refusal:
        return Preview(problems=[refusal.message])
    return Preview(
        difference=edit.difference,
        changes=edit.changes,
        to_pay=payments.left_to_pay(order),
        back=_back(edit),
    )


def _short(refusal: OutOfStock) -> list[str]:
    found = Variant.objects.in_bulk(refusal.short)
    text = _("%(sku)s: %(left)s left in stock.")
    return [text % {"sku": found[pk].sku, "left": left} for pk, left in refusal.short.items()]


def _back(edit: OrderEdit) -> Decimal:
    """What of it would be sent back: granted, and paid before."""
    rows = GrantedRefund.objects.filter(order=edit.order, key=f"edit-{edit.pk}")
    sums = rows.aggregate(total=Sum("total", default=ZERO), unpaid=Sum("unpaid", default=ZERO))
    return Decimal(sums["total"] - sums["unpaid"])
