"""Labels: asked for, bought, refused, given back; each move with its event at the parcel's."""

from decimal import Decimal

from django.core.files.base import ContentFile
from django.db.models import QuerySet

from orders.models import Return, ReturnEvent
from orders.services.orders import Move
from shipping.carriers.base import Bought
from shipping.models import Carrier, Fulfilment, FulfilmentEvent, Label
from shop.lib.events import InvalidTransition
from shop.lib.locks import locked

Status = Label.Status
# One a parcel: bought, or about to be.
OPEN = (Status.REQUESTED, Status.BOUGHT, Status.VOIDING)
AXIS = "label"


def own_carrier() -> Carrier:
    """Our own labels at table rates; made when first asked for."""
    carrier, _created = Carrier.objects.get_or_create(
        code="own", defaults={"name": "Own label", "adapter": Carrier.Adapter.OWN}
    )
    return carrier


def of_parcel(parcel: Fulfilment | Return) -> QuerySet[Label]:
    if isinstance(parcel, Return):
        return Label.objects.filter(rma=parcel)
    return Label.objects.filter(fulfilment=parcel)


def open_of(parcel: Fulfilment | Return) -> Label | None:
    return of_parcel(parcel).filter(status__in=OPEN).first()


def lock(*, label_id: int) -> Label:
    """A label, held for this transaction; its parcel has to be held before. Raises DoesNotExist."""
    found = locked(Label.objects.filter(pk=label_id).select_related("carrier"))
    if not found:
        raise Label.DoesNotExist(label_id)
    return found[0]


def request(
    *, parcel: Fulfilment | Return, carrier: Carrier, service: str, grams: int, move: Move
) -> Label:
    """Write down that a label is asked for. The parcel has to be held, and without an open one."""
    rma = parcel if isinstance(parcel, Return) else None
    kind = "return" if rma else "parcel"
    count = of_parcel(parcel).count() + 1
    label = Label.objects.create(
        carrier=carrier,
        rma=rma,
        fulfilment=None if isinstance(parcel, Return) else parcel,
        service=service[:60],
        grams=grams,
        requested_by=move.actor,
        requested_at=move.now,
        key=f"{kind}-{parcel.pk}-label-{count}",
    )
    _event(label, "", Move(move.now, move.actor, carrier.name))
    return label


def bought(*, label: Label, answer: Bought, problem: str, move: Move) -> None:
    """Keep what was bought. problem: why it is our own label instead of the carrier's."""
    label.is_fallback, label.problem = bool(problem), problem[:300]
    label.tracking_number = answer.tracking_number[:60]
    label.tracking_url = answer.tracking_url or _page(label)
    label.provider_ref = answer.provider_ref[:120]
    label.cost, label.currency = answer.cost, answer.currency[:3]
    label.bought_at = move.now
    label.file.save(f"{label.key}.pdf", ContentFile(answer.file), save=False)
    move_to(label=label, status=Status.BOUGHT, move=move)


def estimate_cost(*, label: Label, currency: str) -> None:
    """Where a carrier does not say what it cost: what staff wrote down for him."""
    if label.cost is None and label.carrier.parcel_cost > Decimal(0):
        label.cost, label.currency = label.carrier.parcel_cost, currency
        label.save(update_fields=["cost", "currency"])


def failed(*, label: Label, problem: str, move: Move) -> None:
    label.problem = problem[:300]
    move_to(label=label, status=Status.FAILED, move=Move(move.now, move.actor, problem))


def kept(*, label: Label, problem: str, move: Move) -> None:
    """It was not taken back after all."""
    label.problem = problem[:300]
    move_to(label=label, status=Status.BOUGHT, move=Move(move.now, move.actor, problem))


def voided(*, label: Label, move: Move) -> None:
    label.problem, label.voided_at = "", move.now
    move_to(label=label, status=Status.VOIDED, move=move)


def move_to(*, label: Label, status: str, move: Move) -> None:
    """Move a label and keep all of it. Raises InvalidTransition."""
    if status not in label.MOVES[label.status]:
        raise InvalidTransition(label, label.status, status)
    was, label.status = label.status, status
    label.save()
    _event(label, was, move)


def _event(label: Label, was: str, move: Move) -> None:
    told = {
        "axis": AXIS,
        "from_state": was,
        "to_state": label.status,
        "at": move.now,
        "actor": move.actor,
        "note": move.note[:500],
    }
    if label.rma_id is not None:
        ReturnEvent.objects.create(rma_id=label.rma_id, **told)
    elif label.fulfilment_id is not None:
        FulfilmentEvent.objects.create(fulfilment_id=label.fulfilment_id, **told)


def _page(label: Label) -> str:
    """Where a parcel is followed, by its carrier's template."""
    if label.is_fallback or not label.carrier.tracking_url:
        return ""
    return label.carrier.tracking_url.replace("{number}", label.tracking_number)
