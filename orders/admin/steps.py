"""What staff can do to orders: each step with its right, its question and the process it calls."""

from django.utils.translation import gettext_lazy as _

from orders.admin import decisions
from orders.admin.desk_steps import DESK
from orders.admin.forms import CancellationForm, PaymentForm, StepForm
from orders.admin.parcel_forms import ShipmentForm, UnitsForm, open_lines
from orders.admin.step import Answer, Report, Step
from orders.models import Order
from shop.lib.errors import Refused
from shop.lib.events import InvalidTransition
from shop.processes import checkout, fulfilment, shortages
from shop.processes.fulfilment import Parcel


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
        parcel=Parcel(form.cleaned_data["carrier"], form.tracking_number(order), form.location()),
        actor=answer.actor,
        now=answer.now,
    )


def _cancel_units(order: Order, answer: Answer) -> object:
    form = answer.form
    assert isinstance(form, UnitsForm)  # noqa: S101 - the step below pairs them
    return shortages.cancel_units(
        order_id=order.pk,
        units=form.units(order),
        reason=form.cleaned_data["reason"],
        key=f"units-{form.cleaned_data['key']}",
        actor=answer.actor,
        now=answer.now,
    )


def _cancel(order: Order, answer: Answer) -> object:
    return fulfilment.cancel(
        order_id=order.pk,
        reason=answer.form.cleaned_data["reason"],
        actor=answer.actor,
        now=answer.now,
        force=answer.form.cleaned_data.get("unpack", False),
    )


__all__ = ["DECISIONS", "STEPS", "Answer", "Report", "Step", "take"]

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
            is_possible=lambda order: order.can_confirm and not decisions.is_held(order),
            run=_confirm,
        ),
        Step(
            slug="payment",
            permission="mark_paid_order",
            verb=_("Money received"),
            question=_(
                "Is the money in: on the account, or with the carrier? The customer is told by mail."
            ),
            done=_("Money received"),
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
            is_possible=lambda order: order.can_ship and not decisions.is_held(order),
            run=_ship,
        ),
        Step(
            slug="units",
            permission="cancel_order",
            verb=_("Cancel units"),
            question=_("What of these orders is not sent any more? Its money goes back."),
            done=_("Cancelled in part"),
            form=UnitsForm,
            is_possible=lambda order: order.can_ship and bool(open_lines(order)),
            run=_cancel_units,
            is_destructive=True,
        ),
        Step(
            slug="cancellation",
            permission="cancel_order",
            verb=_("Cancel order"),
            question=_("Call these orders off? Goods go back on sale, money goes back."),
            done=_("Cancelled"),
            form=CancellationForm,
            is_possible=lambda order: order.can_cancel and not decisions.is_held(order),
            run=_cancel,
            is_destructive=True,
        ),
        Step(
            slug="acceptance",
            permission="confirm_order",
            verb=_("Accept and confirm"),
            question=_("Did you look these orders over? They are confirmed and may be shipped."),
            done=_("Accepted"),
            form=decisions.AcceptanceForm,
            is_possible=decisions.is_doubted,
            run=decisions.accept,
        ),
        Step(
            slug="rejection",
            permission="cancel_order",
            verb=_("Reject and cancel"),
            question=_("Call these held orders off? Goods go back on sale, money goes back."),
            done=_("Rejected"),
            form=decisions.RejectionForm,
            is_possible=lambda order: order.can_cancel and decisions.is_held(order),
            run=decisions.reject,
            is_destructive=True,
        ),
        Step(
            slug="hold",
            permission="hold_order",
            verb=_("Hold"),
            question=_(
                "Stop these orders? Nothing is sent or handed over until they are released."
            ),
            done=_("On hold"),
            form=decisions.HoldForm,
            is_possible=decisions.can_be_held,
            run=decisions.hold,
        ),
        Step(
            slug="release",
            permission="hold_order",
            verb=_("Release"),
            question=_("May these orders go on?"),
            done=_("Released"),
            form=decisions.ReleaseForm,
            is_possible=lambda order: bool(decisions.releasable(order)),
            run=decisions.release,
        ),
        *DESK,
    )
}

# What a person may make of an order that waits.
DECISIONS = ("acceptance", "rejection", "release")


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
