"""The call to a carrier, outside transactions, and what came of it."""

import logging
from contextlib import suppress
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.queries.markets import main_market
from orders.services.orders import Move
from shipping.carriers import adapter_of, in_time
from shipping.carriers.base import Bought, CarrierRefused, Shipment, Silent
from shipping.carriers.own import Own
from shipping.models import Carrier, Label
from shipping.services import labels, shipments
from shop.processes.labelling import parcels

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """A label, whoever made it. problem: why it is ours and not the carrier's."""

    bought: Bought
    problem: str = ""


def ask(*, label_id: int, move: Move) -> Label:
    """Call the carrier of a label that is asked for, and keep what he says.

    Raises CarrierRefused when he says no. Asked twice, the second label goes back to him.
    """
    label = Label.objects.select_related("carrier", "fulfilment__order", "rma__order").get(
        pk=label_id
    )
    try:
        answer = _call(label.carrier, _shipment(label))
    except CarrierRefused as refusal:
        _refuse(label_id, refusal.message, move)
        raise
    kept = _keep(label_id, answer, move)
    if kept.tracking_number != answer.bought.tracking_number and not answer.problem:
        _give_back(label.carrier, answer.bought)
    return kept


def _shipment(label: Label) -> Shipment:
    if label.fulfilment is not None:
        return shipments.of_fulfilment(label.fulfilment, service=label.service)
    assert label.rma is not None  # noqa: S101 - a label has one of both
    return shipments.of_return(label.rma, service=label.service)


def _call(carrier: Carrier, shipment: Shipment) -> Answer:
    """Raises CarrierRefused; and Silent when even our own label can't be printed."""
    if carrier.adapter == Carrier.Adapter.OWN:
        return Answer(Own().buy(shipment))
    adapter, door = adapter_of(carrier), f"{carrier.code}:labels"
    if adapter is None:
        return Answer(Own().buy(shipment), _("No account is set up: our own label."))
    if in_time.is_open(door):
        return Answer(Own().buy(shipment), _("Gave no answer a moment ago: our own label."))
    try:
        return Answer(in_time.within(in_time.CALL, lambda: adapter.buy(shipment)))
    except Silent as silence:
        in_time.fell_silent(door)
        logger.warning("no label", extra={"carrier": carrier.code, "why": str(silence)})
        return Answer(Own().buy(shipment), _("Gave no answer in time: our own label."))


@transaction.atomic(durable=True)
def _keep(label_id: int, answer: Answer, move: Move) -> Label:
    parcel = parcels.held_of(Label.objects.get(pk=label_id))
    label = labels.lock(label_id=label_id)
    if label.status != Label.Status.REQUESTED:
        return label
    labels.bought(label=label, answer=answer.bought, problem=answer.problem, move=move)
    main = main_market()
    labels.estimate_cost(label=label, currency=main.currency if main else label.currency)
    parcels.carry(parcel, label)
    return label


@transaction.atomic(durable=True)
def _refuse(label_id: int, problem: str, move: Move) -> None:
    parcels.held_of(Label.objects.get(pk=label_id))
    label = labels.lock(label_id=label_id)
    if label.status == Label.Status.REQUESTED:
        labels.failed(label=label, problem=problem, move=move)


def _give_back(carrier: Carrier, extra: Bought) -> None:
    """Somebody was faster: this one is used by nobody. Carriers bill what they scan."""
    adapter = adapter_of(carrier)
    if adapter is None:
        return
    with suppress(CarrierRefused, Silent):
        in_time.within(
            in_time.CALL,
            lambda: adapter.void(number=extra.tracking_number, reference=extra.provider_ref),
        )
