"""Orders that are paid, and parcels of them."""

from django.utils import timezone

from shipping.models import Fulfilment, FulfilmentLine
from shop.processes import checkout
from tests.factories import CartFactory, CartLineFactory, checkout_of


def bought(*lines, **fields):
    """A paid order of [(variant, units)]."""
    cart = CartFactory()
    for variant, units in lines:
        CartLineFactory(cart=cart, variant=variant, quantity=units)
    now = timezone.now()
    order = checkout.place_order(cart=cart, choice=checkout_of(**fields), now=now)
    return checkout.mark_paid(order_id=order.pk, actor=None, reference="", now=now)


def parcel_of(order, units=None, **fields):
    """A packed parcel of an order: {line: units}; without, of everything."""
    parcel = Fulfilment.objects.create(
        order=order,
        position=order.fulfilments.count() + 1,
        status=Fulfilment.Status.PACKED,
        created_at=timezone.now(),
        **fields,
    )
    chosen = units or {line: line.quantity for line in order.lines.all()}
    for line, quantity in chosen.items():
        FulfilmentLine.objects.create(fulfilment=parcel, order_line=line, quantity=quantity)
    return parcel
