"""Another piece in the place of one that ran out in the basket."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.models import Variant
from catalog.queries.quantities import Quantities
from inventory.queries import availability
from orders.models import Cart, CartLine
from orders.services import carts
from shop.lib.errors import Refused


class CannotSwap(Refused):
    """Raised when the other piece has sold out as well."""


@transaction.atomic
def swap(*, cart: Cart, line_id: int, sku: str, now: dt.datetime) -> carts.Changed:
    """Put another piece in a line's place, as many as can be had of those that were wanted.

    Raises CartLine.DoesNotExist for strangers' lines, NotForSale or CannotSwap.
    """
    line = CartLine.objects.select_for_update(of=("self",)).get(pk=line_id, cart=cart)
    other = Variant.objects.filter(sku__iexact=sku).first()
    if other is None:
        raise carts.NotForSale(_("This piece is not for sale any more."))
    left = availability([other.pk], cart.holder, now=now)[other.pk].available
    rule = Quantities.within(other.min_quantity, other.quantity_step, min(left, other.max_quantity))
    if not rule.is_possible:
        raise CannotSwap(_("This has sold out in the meantime, too."))
    quantity = rule.fitting(line.quantity)
    carts.change(cart=cart, line_id=line.pk, quantity=0, now=now)
    changed = carts.add(
        token=cart.token, market=cart.market, sku=other.sku, quantity=quantity, now=now
    )
    if changed.line is not None and changed.line.added_at == now:
        # The same place in the list.
        changed.line.added_at = line.added_at
        changed.line.save(update_fields=["added_at"])
    if changed.note or quantity >= line.quantity:
        return changed
    note = _("There are %(count)s of these, so that is what we put in.") % {"count": quantity}
    return carts.Changed(changed.cart, changed.line, note)
