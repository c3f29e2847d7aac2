"""Buying a label: the request first, then the call, then what came of it."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from orders.models import Order, Return
from orders.services import orders
from orders.services.orders import Move
from shipping.models import Carrier, Fulfilment, Label
from shipping.services import labels, papers, shipments
from shop.lib.errors import Refused
from shop.processes.labelling import parcels, settling

Status = Fulfilment.Status
BEFORE_IT_LEAVES = (Status.PENDING, Status.PICKING, Status.PACKED)


class NotNow(Refused):
    """Raised when a parcel's state does not allow what was asked."""


def buy(
    *,
    fulfilment_id: int,
    carrier: Carrier | None,
    service: str = "",
    actor: User | None,
    now: dt.datetime,
) -> Label:
    """Buy the label of a parcel, or find the one it has; carrier None: as the buyer chose.

    Raises NotNow, and CarrierRefused with the carrier's words. Not to be called in a transaction.
    """
    move = Move(now, actor)
    label, is_new = _request(fulfilment_id, carrier, service, move)
    return settling.ask(label_id=label.pk, move=move) if is_new else label


def buy_for_return(*, rma_id: int, actor: User | None, now: dt.datetime) -> Label:
    """Buy the label for the way back, or find it. Raises NotNow, CarrierRefused."""
    move = Move(now, actor)
    label, is_new = _request_back(rma_id, move)
    return settling.ask(label_id=label.pk, move=move) if is_new else label


@transaction.atomic(durable=True)
def _request(
    fulfilment_id: int, carrier: Carrier | None, service: str, move: Move
) -> tuple[Label, bool]:
    parcel = parcels.held_parcel(fulfilment_id)
    if known := labels.open_of(parcel):
        return known, False
    if problem := _problem(parcel):
        raise NotNow(problem)
    chosen, asked = _account(parcel.order, carrier, service)
    shipment = shipments.of_fulfilment(parcel, service=asked)
    grams = sum(one.grams for one in shipment.packages)
    label = labels.request(parcel=parcel, carrier=chosen, service=asked, grams=grams, move=move)
    return label, True


def _problem(parcel: Fulfilment) -> str:
    order = parcel.order
    if parcel.status not in BEFORE_IT_LEAVES:
        return _("A label is bought before a parcel leaves: this one is “%(status)s”.") % {
            "status": parcel.get_status_display()
        }
    if order.status != Order.Status.CONFIRMED:
        return _("Only confirmed orders are sent.")
    if orders.holds(order).exists():
        return _("This order is on hold.")
    return " ".join(papers.missing_for_customs(parcel))


@transaction.atomic(durable=True)
def _request_back(rma_id: int, move: Move) -> tuple[Label, bool]:
    rma = parcels.held_return(rma_id)
    if known := labels.open_of(rma):
        return known, False
    if rma.status != Return.Status.APPROVED:
        raise NotNow(_("A label is made for an approved return that was not sent yet."))
    chosen, asked = _account(rma.order, None, "")
    shipment = shipments.of_return(rma, service=asked)
    grams = sum(one.grams for one in shipment.packages)
    label = labels.request(parcel=rma, carrier=chosen, service=asked, grams=grams, move=move)
    return label, True


def _account(order: Order, carrier: Carrier | None, service: str) -> tuple[Carrier, str]:
    """Who is asked for which service: as told, as the delivery method says, or ourselves."""
    method = shipments.usual(order)
    if carrier is None:
        carrier = (method.provider if method else None) or labels.own_carrier()
    if not carrier.is_active:
        raise NotNow(_("%(carrier)s is not in use.") % {"carrier": carrier.name})
    is_usual = method is not None and method.provider_id == carrier.pk
    return carrier, service or (method.service if method and is_usual else "")
