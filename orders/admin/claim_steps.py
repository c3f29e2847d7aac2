"""What staff decide about claims."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.admin.case_steps import By, CaseForm, CaseStep, ChoiceField, WhyForm
from orders.models import Claim
from shop.processes import claiming

Status = Claim.Status
DECIDE = "orders.settle_claim"
WAITING = (Status.OPEN, Status.INVESTIGATING)


class AcceptForm(CaseForm):
    outcome = ChoiceField(
        label=_("What the customer gets"),
        choices=[("", _("As wished")), *Claim.Outcome.choices],
        required=False,
    )
    carrier_pays = forms.DecimalField(
        label=_("The carrier pays"),
        min_value=0,
        max_digits=14,
        decimal_places=2,
        required=False,
        help_text=_("In the books' currency."),
    )


def _ask(claim: Claim, _data: dict[str, Any], by: By) -> object:
    return claiming.investigate(claim_id=claim.pk, actor=by.actor, now=by.now)


def _accept(claim: Claim, data: dict[str, Any], by: By) -> object:
    return claiming.accept(
        claim_id=claim.pk,
        outcome=data["outcome"],
        carrier_pays=data["carrier_pays"],
        actor=by.actor,
        now=by.now,
    )


def _decline(claim: Claim, data: dict[str, Any], by: By) -> object:
    return claiming.decline(claim_id=claim.pk, reason=data["reason"], actor=by.actor, now=by.now)


def _cancel(claim: Claim, _data: dict[str, Any], by: By) -> object:
    return claiming.cancel(claim_id=claim.pk, actor=by.actor, now=by.now)


def _reopen(claim: Claim, _data: dict[str, Any], by: By) -> object:
    return claiming.reopen(claim_id=claim.pk, actor=by.actor, now=by.now)


STEPS = {
    one.slug: one
    for one in (
        CaseStep(
            slug="ask",
            right=DECIDE,
            icon="contact_support",
            verb=_("Ask the carrier"),
            words=_("Kept as asked; the deadline stays."),
            done=_("asked"),
            states=(Status.OPEN,),
            run=_ask,
        ),
        CaseStep(
            slug="accept",
            right=DECIDE,
            icon="check",
            verb=_("Accept"),
            words=_("The money goes back, or the pieces are sent again for nothing."),
            done=_("settled"),
            states=WAITING,
            run=_accept,
            form=AcceptForm,
        ),
        CaseStep(
            slug="decline",
            right=DECIDE,
            icon="block",
            verb=_("Decline"),
            words=_("The customer is told why."),
            done=_("declined"),
            states=WAITING,
            run=_decline,
            form=WhyForm,
            is_destructive=True,
        ),
        CaseStep(
            slug="cancel",
            right=DECIDE,
            icon="cancel",
            verb=_("Call off"),
            words=_("It turned up, or nobody minds any more."),
            done=_("called off"),
            states=WAITING,
            run=_cancel,
        ),
        CaseStep(
            slug="reopen",
            right=DECIDE,
            icon="undo",
            verb=_("Look again"),
            words=_("A declined claim is open again."),
            done=_("open again"),
            states=(Status.DECLINED,),
            run=_reopen,
        ),
    )
}
