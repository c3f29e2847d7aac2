"""VAT numbers: proved before an order is placed, asked about again while nobody answers.

A question to VIES waits on a network: nothing here is called inside a transaction, except what
writes its notes.
"""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User, VatCheck
from accounts.services import vat_numbers
from accounts.services.vat_numbers import Standing
from catalog.models import TaxRegistration
from catalog.models.market import EU
from orders.models import Order
from orders.services import orders
from orders.services.orders import Move
from shop.lib.workdays import shop_day

# Tax of an order so recent is still put right without much ado.
LATE_PROOF_COUNTS = dt.timedelta(days=14)
AT_ONCE = 20


def prove(*, text: str, country: str = "", now: dt.datetime) -> Standing:
    """What is known of a number that a buyer typed, after asking VIES when nothing fresh is.

    Raises NotAVatNumber. Numbers of other registers (GB) stay unproved: nobody is asked.
    """
    number = vat_numbers.check(text, country=country)
    known = vat_numbers.standing(number, now=now)
    if known == Standing.VALID or not vat_numbers.may_ask(number, now=now):
        return known
    ask(number=number, now=now)
    return vat_numbers.standing(number, now=now)


def ask(*, number: str, now: dt.datetime, actor: User | None = None) -> VatCheck:
    """Ask VIES about a normalised number; a first "valid" is told on the orders it comes late for."""
    was = VatCheck.objects.filter(number=number).values_list("state", flat=True).first()
    check = vat_numbers.ask(number=number, now=now, requester=_own_number(now))
    if check.state == VatCheck.State.VALID and was == VatCheck.State.UNANSWERED:
        _tell_orders(check, Move(now, actor))
    return check


def retry(*, now: dt.datetime, most: int = AT_ONCE) -> int:
    """Ask again about numbers that nobody answered for. Returns how many were answered now."""
    answered = 0
    for check in vat_numbers.due(now=now)[:most]:
        if vat_numbers.claim(check, now=now):
            found = ask(number=check.number, now=now)
            answered += found.state != VatCheck.State.UNANSWERED
    return answered


def _own_number(now: dt.datetime) -> str:
    """The shop's number in the Union, for which VIES gives a receipt."""
    today = shop_day(now)
    own = TaxRegistration.objects.filter(
        scheme=TaxRegistration.Scheme.DOMESTIC, country__in=EU, valid__contains=today
    ).order_by("pk")
    found = own.first()
    return vat_numbers.normalise(found.number, country=found.country) if found else ""


@transaction.atomic(durable=True)
def _tell_orders(check: VatCheck, move: Move) -> None:
    """Staff see on each recent order that tax was charged while the number was not proved."""
    late = Order.objects.filter(
        vat_number=check.number,
        tax_relief="",
        tax__gt=0,
        placed_at__gte=move.now - LATE_PROOF_COUNTS,
    ).exclude(status__in=[Order.Status.CANCELED, Order.Status.EXPIRED])
    text = _(
        "VIES has now answered: %(number)s is valid. Tax was charged because it had not been"
        " proved; see whether to give it back."
    ) % {"number": check.number}
    for order in late.order_by("pk"):
        orders.note(order=order, text=text, move=move)
