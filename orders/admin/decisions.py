"""Orders that wait: what is asked before one is held, released, accepted or rejected."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from orders.admin.forms import CancellationForm, StepForm
from orders.models import Hold, Order
from shop.admin.kit import Select, TextInput
from shop.processes import verifying

if TYPE_CHECKING:
    from orders.admin.steps import Answer

Kind = Hold.Kind
# What only the shop itself finds out is not placed by hand.
DECIDED_ELSEWHERE = (Kind.HIGH_RISK, Kind.CALL)
BY_HAND = (Kind.ADDRESS, Kind.OUT_OF_STOCK, Kind.HIGH_RISK, Kind.OTHER)


class AcceptanceForm(StepForm):
    reason = forms.CharField(
        label=lazy("What convinced you"),
        max_length=200,
        required=False,
        help_text=lazy("Kept with the order; staff read it."),
        widget=TextInput(),
    )


class HoldForm(StepForm):
    kind = forms.ChoiceField(
        label=lazy("What for"),
        choices=[(kind.value, kind.label) for kind in BY_HAND],
        widget=Select(),
    )
    reason = forms.CharField(
        label=lazy("Reason"),
        max_length=200,
        help_text=lazy("Kept with the order; staff read it."),
        widget=TextInput(),
    )


class ReleaseForm(StepForm):
    """A box for each open hold, all ticked; doubts about fraud are decided elsewhere."""

    reason = forms.CharField(
        label=lazy("Why it may go on"),
        max_length=200,
        help_text=lazy("Kept with the order; staff read it."),
        widget=TextInput(),
    )

    def __init__(self, data: Any = None, *, orders: list[Order]) -> None:
        super().__init__(data, orders=orders)
        for order in orders:
            for hold in releasable(order):
                self.fields[f"hold_{hold.pk}"] = forms.BooleanField(
                    label=f"{order.number}: {hold.reason}", required=False, initial=True
                )

    def chosen(self, order: Order) -> list[int]:
        return [one.pk for one in releasable(order) if self.cleaned_data.get(f"hold_{one.pk}")]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        names = [name for name in self.fields if name.startswith("hold_")]
        if names and not any(cleaned.get(name) for name in names):
            raise forms.ValidationError(_("Tick what is to be released."))
        return cleaned


class RejectionForm(CancellationForm):
    """Why an order is called off instead of confirmed."""


def open_holds(order: Order) -> list[Hold]:
    return [hold for hold in order.holds.all() if hold.released_at is None]


def releasable(order: Order) -> list[Hold]:
    return [hold for hold in open_holds(order) if hold.kind not in DECIDED_ELSEWHERE]


def is_held(order: Order) -> bool:
    return bool(open_holds(order))


def is_doubted(order: Order) -> bool:
    """Whether it waits to be confirmed or called off, whatever else it waits for."""
    return any(hold.kind == Kind.HIGH_RISK for hold in open_holds(order))


def can_be_held(order: Order) -> bool:
    return order.status in verifying.OPEN


def accept(order: Order, answer: "Answer") -> object:
    return verifying.accept_risk(
        order_id=order.pk,
        reason=answer.form.cleaned_data["reason"],
        actor=answer.actor,
        now=answer.now,
    )


def reject(order: Order, answer: "Answer") -> object:
    return verifying.reject(
        order_id=order.pk,
        reason=answer.form.cleaned_data["reason"],
        actor=answer.actor,
        now=answer.now,
    )


def hold(order: Order, answer: "Answer") -> object:
    return verifying.hold(
        order_id=order.pk,
        kind=answer.form.cleaned_data["kind"],
        reason=answer.form.cleaned_data["reason"],
        actor=answer.actor,
        now=answer.now,
    )


def release(order: Order, answer: "Answer") -> object:
    """One after the other: after the last the order goes on. Raises AlreadyDecided."""
    form = answer.form
    assert isinstance(form, ReleaseForm)  # noqa: S101 - the step pairs them
    chosen = form.chosen(order)
    if not chosen:
        raise verifying.AlreadyDecided(_("Nothing of this order is to be released."))
    reason = form.cleaned_data["reason"]
    for hold_id in chosen:
        verifying.release(hold_id=hold_id, reason=reason, actor=answer.actor, now=answer.now)
    return chosen
