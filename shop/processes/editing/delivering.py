"""Another way of delivery, and what it costs more or less than the one that was charged."""

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext as _

from orders.models import Order
from orders.services import additions
from orders.services.additions import Added
from orders.services.pricing import Delivery, TaxRules
from payments.services import grants
from payments.services.grant_sums import Rest
from shipping.queries import Destination, deliveries
from shipping.services import boxes
from shop.lib.money import ZERO, round_money
from shop.processes.editing import words
from shop.processes.editing.reading import Wants
from shop.processes.editing.terms import Change, NewDelivery
from shop.templatetags.shop_text import money


def offers(order: Order, *, country: str, postcode: str, now: dt.datetime) -> list[Delivery]:
    """Ways to send what is left to send, to that address."""
    left = [(line, line.unfulfilled) for line in order.lines.filter(is_shipped=True)]
    pieces = boxes.pieces_of_lines([(line, units) for line, units in left if units])
    if not pieces:
        return []
    goods = order.total - order.shipping_gross
    return deliveries(
        to=Destination(country, postcode),
        pieces=pieces,
        currency=order.currency,
        goods=goods,
        now=now,
    )


def add_to(wants: Wants, *, order: Order, to: NewDelivery, now: dt.datetime) -> None:
    """Of an order that was sold: dearer is a line more, cheaper is given back."""
    rules = additions.rules_for(order, now=now)
    rests = [one for one in grants.rests(order) if _is_delivery(one)]
    was = sum((_entered(one, rules, order.currency) for one in rests), ZERO)
    wants.changes.append(change_of(order, was, to))
    if to.price > was:
        title = _("Delivery: %(name)s") % {"name": to.name}
        wants.add.append(Added(None, 1, to.price - was, title=title))
    elif to.price < was:
        _give_back(wants, rests, (was - to.price) / was)


def change_of(order: Order, was: Decimal, to: NewDelivery) -> Change:
    before = f"{order.shipping_name or '–'}, {money(was, order.currency)}"
    after = f"{to.name}, {money(to.price, order.currency)}"
    return words.change(words.DELIVERY, _("Delivery"), before, after)


def charged(order: Order, *, now: dt.datetime) -> Decimal:
    """What delivery costs now, as the order's market shows prices."""
    rules = additions.rules_for(order, now=now)
    rests = [one for one in grants.rests(order) if _is_delivery(one)]
    return sum((_entered(one, rules, order.currency) for one in rests), ZERO)


def _is_delivery(rest: Rest) -> bool:
    """The delivery itself, or what a change added to it."""
    line = rest.tax_line.line
    return line is None or additions.is_service(line)


def _entered(rest: Rest, rules: TaxRules, currency: str) -> Decimal:
    """What is left of it, on the side prices are entered."""
    if not rules.included:
        return rest.left.net
    if not rules.relief:
        return rest.gross
    rate = rules.rate(rest.tax_line.tax_class).rate
    return round_money(rest.left.net * (100 + rate) / 100, currency)


def _give_back(wants: Wants, rests: list[Rest], share: Decimal) -> None:
    """Lower what was charged by its share: what changes had added first, then the delivery."""
    left = round_money(sum((one.gross for one in rests), ZERO) * share, rests[0].currency)
    for one in rests:
        line = one.tax_line.line
        if line is not None and (part := min(left, one.gross)):
            wants.off[line.pk] = part
            left -= part
    wants.delivery_off += left


def choose(*, order: Order, to: NewDelivery) -> None:
    """Write the other way down. The order must be locked; its sums are not touched here."""
    if to.code != order.shipping_method:
        order.pickup = {}
    order.shipping_method, order.shipping_name = to.code[:40], to.name[:80]
    order.arrives_from, order.arrives_by = to.arrives_from, to.arrives_by
    order.save(
        update_fields=["shipping_method", "shipping_name", "arrives_from", "arrives_by", "pickup"]
    )
