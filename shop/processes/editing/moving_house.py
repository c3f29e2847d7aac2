"""Another address: where it goes changes, what it is taxed by must not."""

import datetime as dt

from django.utils.translation import gettext as _

from orders.models import Order
from orders.services import taxes
from orders.services.orders import Move
from orders.services.pricing import TaxRules
from shipping.models import HandOff
from shop.lib.workdays import shop_day
from shop.processes import assigning
from shop.processes.editing import delivering, words
from shop.processes.editing.terms import Change, NewAddress


def is_same(order: Order, to: NewAddress) -> bool:
    return of(order) == to


def of(order: Order) -> NewAddress:
    """Where an order goes now."""
    place = (order.name, order.line1, order.line2, order.city, order.postcode, order.country)
    return NewAddress(*place, order.phone, order.region)


def problem(*, order: Order, to: NewAddress, method: str, now: dt.datetime) -> str:
    """Why it can't go there, in words; empty when it can. method: the way it is to be sent."""
    if HandOff.objects.filter(order=order, status=HandOff.Status.TOLD).exists():
        return _("A partner who sends it was told the address already.")
    if _rules(order, to.country, to.postcode, now) != _rules(
        order, order.country, order.postcode, now
    ):
        return _("The tax is another there: this order can't go to that address.")
    if not method or order.pickup:
        return ""
    found = delivering.offers(order, country=to.country, postcode=to.postcode, now=now)
    if found and method not in {one.code for one in found}:
        return _("“%(name)s” does not go there.") % {"name": order.shipping_name}
    return ""


def _rules(order: Order, country: str, postcode: str, now: dt.datetime) -> TaxRules:
    return taxes.rules(
        market=order.market,
        country=country,
        postcode=postcode,
        on=shop_day(now),
        customer=order.customer,
        vat_number=order.vat_number,
    )


def move(*, order: Order, to: NewAddress, by: Move) -> Change:
    """Send it there. The order must be locked. Raises PickingStarted."""
    assigning.withdraw(order=order, move=by)
    before = _line(order)
    order.name, order.line1, order.line2 = to.name, to.line1, to.line2
    order.city, order.postcode, order.country = to.city, to.postcode, to.country
    order.phone, order.region = to.phone, to.region
    order.save(update_fields=list(NewAddress.__dataclass_fields__))
    return words.change(words.ADDRESS, _("Address"), before, _line(order))


def _line(order: Order) -> str:
    return ", ".join([*order.address_lines, *filter(None, [order.country, order.phone])])
