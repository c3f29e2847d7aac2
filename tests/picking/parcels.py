"""Orders on their way through the stock room, in few words."""

from django.db import transaction
from django.utils import timezone

from inventory.services import stock
from orders.services import orders
from orders.services.orders import Move
from shipping.models import Fulfilment
from shop.processes import checkout, fulfilment, picking
from shop.processes.fulfilment import Parcel
from tests.factories import CartFactory, CartLineFactory, checkout_of
from tests.factories.people import UserFactory

NOW = timezone.now()


def move(note=""):
    return Move(NOW, None, note)


@transaction.atomic
def prepared(order, **wanted):
    """The parcels that are made for an order now."""
    held = orders.lock(order_id=order.pk)
    return picking.prepare(order=held, move=move(), **wanted)


@transaction.atomic
def withdrawn(order, *, force=False):
    picking.withdraw(order=orders.lock(order_id=order.pk), move=move(), force=force)


def wave_of(*orders_, started=True, picker=None, location=None):
    made = picking.make_wave(
        location=location or stock.default_location(),
        order_ids=[one.pk for one in orders_],
        actor=None,
        now=NOW,
    )
    if started:
        picking.start_wave(wave_id=made.pk, actor=picker or UserFactory(), now=NOW)
        made.refresh_from_db()
    return made


def scanned(wave, text):
    return picking.scan(wave_id=wave.pk, text=text, actor=None, now=NOW)


def packed(order):
    """An order whose parcels are closed."""
    prepared(order)
    for parcel in Fulfilment.objects.filter(order=order, status="pending").order_by("pk"):
        picking.pack(fulfilment_id=parcel.pk, box=None, grams=0, actor=None, now=NOW)
    return list(Fulfilment.objects.filter(order=order, status="packed").order_by("pk"))


def sent(parcel, carrier="", number=""):
    return fulfilment.dispatch_parcel(
        fulfilment_id=parcel.pk, parcel=Parcel(carrier, number), actor=None, now=timezone.now()
    )


def bought(units, **fields):
    """A paid order of several variants: {variant: units}."""
    cart = CartFactory()
    for variant, count in units.items():
        CartLineFactory(cart=cart, variant=variant, quantity=count)
    order = checkout.place_order(cart=cart, choice=checkout_of(**fields), now=NOW)
    return checkout.mark_paid(order_id=order.pk, actor=None, reference="", now=NOW)


def contents(parcel):
    """{SKU: units} of a parcel."""
    return dict(parcel.lines.values_list("order_line__sku", "quantity"))
