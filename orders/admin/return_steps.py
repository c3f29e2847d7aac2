"""What staff decide about returns. They are received and looked at in the stock room."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.admin.case_steps import By, CaseForm, CaseStep, ChoiceField, WhyForm
from orders.models import Return
from shop.processes import returns

Status, Way = Return.Status, Return.Way
APPROVE, SETTLE = "orders.approve_return", "orders.settle_return"


class ApproveForm(CaseForm):
    way = ChoiceField(
        label=_("Comes back"),
        choices=[("", _("As asked for")), *Way.choices],
        required=False,
        help_text=_("Kept by the customer: the money goes back now, nothing is sent."),
    )
    at_once = forms.BooleanField(
        label=_("Send what is wanted instead at once"),
        required=False,
        help_text=_("Of an exchange. Charged when the goods never come."),
    )


class PostedForm(CaseForm):
    carrier = forms.CharField(label=_("Carrier"), max_length=40, required=False)
    tracking_number = forms.CharField(label=_("Tracking number"), max_length=60, required=False)


def _approve(rma: Return, data: dict[str, Any], by: By) -> object:
    return returns.approve(
        rma_id=rma.pk, way=data["way"], at_once=data["at_once"], actor=by.actor, now=by.now
    )


def _decline(rma: Return, data: dict[str, Any], by: By) -> object:
    return returns.decline(rma_id=rma.pk, reason=data["reason"], actor=by.actor, now=by.now)


def _cancel(rma: Return, _data: dict[str, Any], by: By) -> object:
    return returns.cancel(rma_id=rma.pk, actor=by.actor, now=by.now)


def _posted(rma: Return, data: dict[str, Any], by: By) -> object:
    return returns.on_its_way(
        rma_id=rma.pk,
        carrier=data["carrier"],
        tracking_number=data["tracking_number"],
        actor=by.actor,
        now=by.now,
    )


def _settle(rma: Return, _data: dict[str, Any], by: By) -> object:
    return returns.settle(rma_id=rma.pk, actor=by.actor, now=by.now)


STEPS = {
    one.slug: one
    for one in (
        CaseStep(
            slug="approve",
            right=APPROVE,
            icon="check",
            verb=_("Approve"),
            words=_("The customer is told how to send it, and until when."),
            done=_("approved"),
            states=(Status.REQUESTED,),
            run=_approve,
            form=ApproveForm,
        ),
        CaseStep(
            slug="decline",
            right=APPROVE,
            icon="block",
            verb=_("Decline"),
            words=_("The customer is told why."),
            done=_("declined"),
            states=(Status.REQUESTED,),
            run=_decline,
            form=WhyForm,
            is_destructive=True,
        ),
        CaseStep(
            slug="posted",
            right=APPROVE,
            icon="local_shipping",
            verb=_("On its way"),
            words=_("The customer has posted it."),
            done=_("on its way"),
            states=(Status.APPROVED, Status.IN_TRANSIT),
            run=_posted,
            form=PostedForm,
        ),
        CaseStep(
            slug="cancel",
            right=APPROVE,
            icon="cancel",
            verb=_("Call off"),
            words=_("Nothing comes back, and nothing is paid."),
            done=_("called off"),
            states=(Status.REQUESTED, Status.APPROVED),
            run=_cancel,
            is_destructive=True,
        ),
        CaseStep(
            slug="settle",
            right=SETTLE,
            icon="payments",
            verb=_("Settle"),
            words=_("The money goes back, or what is wanted instead is sent."),
            done=_("settled"),
            states=(Status.INSPECTED,),
            run=_settle,
        ),
    )
}
