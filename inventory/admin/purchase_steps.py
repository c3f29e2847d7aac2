"""What staff do to purchase orders: each step with its question and the process it calls."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inventory.admin.purchase_forms import DayForm, EndForm, StepForm
from inventory.models import PurchaseOrder
from inventory.services.arrivals import NotOnOrder
from inventory.services.purchase_moves import By
from shop.processes.replenishment import ordering

Status = PurchaseOrder.Status


@dataclass(frozen=True, slots=True)
class Step:
    """done: what is said of each order that moved."""

    slug: str
    verb: Promise
    words: Promise
    done: Promise
    form: type[StepForm]
    states: tuple[str, ...]
    run: Callable[[PurchaseOrder, dict[str, Any], By], object]
    is_destructive: bool = False

    def is_possible(self, order: PurchaseOrder) -> bool:
        return order.status in self.states


def _order(order: PurchaseOrder, _data: dict[str, Any], by: By) -> object:
    return ordering.order(order_id=order.pk, now=by.now, actor=by.actor)


def _resend(order: PurchaseOrder, _data: dict[str, Any], by: By) -> object:
    return ordering.resend(order_id=order.pk, now=by.now)


def _reschedule(order: PurchaseOrder, data: dict[str, Any], by: By) -> object:
    how, sku = By(by.now, by.actor, data["reason"]), data["sku"].strip()
    only = _lines_of(order, sku) if sku else None
    return ordering.reschedule(order_id=order.pk, on=data["on"], by=how, line_ids=only)


def _lines_of(order: PurchaseOrder, sku: str) -> list[int]:
    found = order.lines.filter(variant__sku__iexact=sku).values_list("pk", flat=True)
    if not found:
        raise NotOnOrder(gettext("%(sku)s is not on it.") % {"sku": sku})
    return list(found)


def _close(order: PurchaseOrder, data: dict[str, Any], by: By) -> object:
    return ordering.close(order_id=order.pk, reason=data["reason"], now=by.now, actor=by.actor)


def _cancel(order: PurchaseOrder, data: dict[str, Any], by: By) -> object:
    return ordering.cancel(order_id=order.pk, reason=data["reason"], now=by.now, actor=by.actor)


STEPS = {
    step.slug: step
    for step in (
        Step(
            slug="order",
            verb=_("Order"),
            words=_("The supplier gets it by mail; its rate and its lines are fixed."),
            done=_("ordered"),
            form=StepForm,
            states=(Status.DRAFT,),
            run=_order,
        ),
        Step(
            slug="reschedule",
            verb=_("Another day"),
            words=_("What is still to come is expected then; those who wait are told."),
            done=_("expected on another day"),
            form=DayForm,
            states=PurchaseOrder.OPEN,
            run=_reschedule,
        ),
        Step(
            slug="resend",
            verb=_("Mail it again"),
            words=_("The supplier gets the same PDF once more."),
            done=_("on its way again"),
            form=StepForm,
            states=(*PurchaseOrder.OPEN, Status.RECEIVED),
            run=_resend,
        ),
        Step(
            slug="close",
            verb=_("Close"),
            words=_("What has not come is not expected any more."),
            done=_("closed"),
            form=EndForm,
            states=(Status.PARTIALLY_RECEIVED, Status.RECEIVED),
            run=_close,
        ),
        Step(
            slug="cancel",
            verb=_("Cancel"),
            words=_("A supplier who was mailed is told."),
            done=_("cancelled"),
            form=EndForm,
            states=(Status.DRAFT, Status.ORDERED),
            run=_cancel,
            is_destructive=True,
        ),
    )
}
