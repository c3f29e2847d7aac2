"""Bought gift cards that are given back: only unused ones, emptied and switched off at once."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from orders.models import Order, OrderLine
from payments.models import GrantedRefund, ValueAccount, ValueEntry
from payments.services import balances
from payments.services.balances import Cause
from shop.lib.errors import Refused


class CardsUsed(Refused):
    """Raised when too few of a line's cards are unused."""


def lines_of(order: Order) -> set[int]:
    """The lines of an order that sold gift cards, those whose product is gone as well."""
    of_type = Q(variant__product__type__is_gift_card=True) | Q(gift_cards__isnull=False)
    lines = OrderLine.objects.filter(of_type, order=order)
    return set(lines.values_list("pk", flat=True))


def check(*, line: OrderLine, units: int, whole: bool) -> None:
    """Whether a line's cards can go back. Raises CardsUsed.

    whole: the rest of the order goes too, so cards may not exist yet.
    """
    cards = ValueAccount.objects.filter(line=line)
    if not cards.exists():
        if not whole:
            raise CardsUsed(_("These gift cards are not issued yet: cancel the order instead."))
    elif _unused(line).count() < units:
        raise CardsUsed(_("A gift card that was used can't be refunded."))


def take_back(*, grant: GrantedRefund, line: OrderLine, units: int) -> None:
    """Empty as many unused cards of the line, and switch them off. Raises CardsUsed."""
    if not ValueAccount.objects.filter(line=line).exists():
        return
    held = balances.lock(_unused(line).order_by("unit").values_list("pk", flat=True))
    unused = [card for card in held.values() if card.is_active and card.balance == line.unit_price]
    if len(unused) < units:
        raise CardsUsed(_("A gift card that was used can't be refunded."))
    cause = Cause(f"grant-{grant.pk}", grant.granted_at, grant.reason, grant.granted_by)
    for card in unused[:units]:
        balances.enter(card, ValueEntry.Kind.ADJUST, -card.balance, cause)
        balances.switch(account=card, is_active=False)


def _unused(line: OrderLine) -> "QuerySet[ValueAccount]":
    return ValueAccount.objects.filter(line=line, is_active=True, balance=line.unit_price)
