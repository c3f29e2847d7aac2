"""What staff can do to orders: each step with its right, its question and the process it calls."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from orders.admin.forms import CancellationForm, PaymentForm, ShipmentForm, StepForm
from orders.models import Order
from shop.lib.errors import Refused
from shop.lib.events import InvalidTransition
from shop.processes import checkout, fulfilment
from shop.processes.fulfilment import Parcel


@dataclass(frozen=True, slots=True)
class Answer:
    """A filled form, who sent it and when."""

    form: StepForm
    actor: User
    now: dt.datetime


@dataclass(frozen=True, slots=True)
class Step:
    """`slug` is the noun in its address; `done` heads the report."""

    slug: str
    permission: str
    verb: Promise
    question: Promise
    done: Promise
    form: type[StepForm]
    is_possible: Callable[[Order], bool]
    run: Callable[[Order, Answer], object]
    is_destructive: bool = False

    @property
    def right(self) -> str:
        return f"orders.{self.permission}"


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a step: the orders that moved, and why others did not."""

    moved: list[Order]
    refused: list[tuple[Order, str]]


def _confirm(order: Order, answer: Answer) -> object:
    return fulfilment.verify(order_id=order.pk, actor=answer.actor, now=answer.now)


def _mark_paid(order: Order, answer: Answer) -> object:
    return checkout.mark_paid(
        order_id=order.pk,
        actor=answer.actor,
        reference=answer.form.cleaned_data["reference"],
        now=answer.now,
    )


def _ship(order: Order, answer: Answer) -> object:
    form = answer.form
    assert isinstance(form, ShipmentForm)  # noqa: S101 - the step below pairs them
    return fulfilment.dispatch(
        order_id=order.pk,
        quantities=form.units(),
        parcel=Parcel(form.cleaned_data["carrier"], form.tracking_number(order)),
        actor=answer.actor,
        now=answer.now,
    )


def _cancel(order: Order, answer: Answer) -> object:
    return fulfilment.cancel(
        order_id=order.pk,
        reason=answer.form.cleaned_data["reason"],
        actor=answer.actor,
        now=answer.now,
    )


STEPS = {
    step.slug: step
    for step in (
        Step(
            slug="confirmation",
            permission="confirm_order",
            verb=_("Confirm"),
            question=_("Confirm these orders? They can be shipped from then on."),
            done=_("Confirmed"),
            form=StepForm,
            is_possible=lambda order: order.can_confirm,
            run=_confirm,
        ),
        Step(
            slug="payment",
            permission="mark_paid_order",
            verb=_("Mark as paid"),
            question=_("Is the money in? The customer is told by mail."),
            done=_("Marked as paid"),
            form=PaymentForm,
            is_possible=lambda order: order.can_be_paid,
            run=_mark_paid,
        ),
        Step(
            slug="shipment",
            permission="ship_order",
            verb=_("Ship"),
            question=_("What leaves, and with whom? The customer is told by mail."),
            done=_("Shipped"),
            form=ShipmentForm,
            is_possible=lambda order: order.can_ship,
            run=_ship,
        ),
        Step(
            slug="cancellation",
            permission="cancel_order",
            verb=_("Cancel order"),
            question=_("Call these orders off? Goods go back on sale, money goes back."),
            done=_("Cancelled"),
            form=CancellationForm,
            is_possible=lambda order: order.can_cancel,
            run=_cancel,
            is_destructive=True,
        ),
    )
}


def take(step: Step, answer: Answer) -> Report:
    """Take the step with each order on its own: one refusal does not stop the others."""
    report = Report([], [])
    for order in answer.form.orders:
        try:
            step.run(order, answer)
        except Refused as refusal:
            report.refused.append((order, refusal.message))
        except InvalidTransition:
            report.refused.append((order, str(_("Its state changed meanwhile."))))
        else:
            report.moved.append(order)
    return report
