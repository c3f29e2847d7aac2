"""What staff can do about refunds that are not paid out, for one or many, with a report."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from payments.admin.asking import Answer, Question, ask
from payments.models import GrantedRefund, Refund
from shop.admin.kit import Select, TextInput
from shop.lib.errors import Refused
from shop.processes import refunding
from shop.templatetags.shop_text import money

RIGHT = "payments.refund_payment"
LIST = "admin:payments_refund_changelist"
ID = re.compile(r"[0-9]{1,18}")
AT_ONCE = 200
To = GrantedRefund.To


class AgainForm(forms.Form):
    how = forms.ChoiceField(
        label=lazy("How"),
        choices=[
            (To.ORIGIN.value, lazy("Once more the way it was paid")),
            (To.STORE_CREDIT.value, To.STORE_CREDIT.label),
            (To.GIFT_CARD.value, To.GIFT_CARD.label),
            (refunding.BY_HAND, lazy("By hand, from the shop's bank")),
        ],
        widget=Select(),
    )


class SentForm(forms.Form):
    reference = forms.CharField(
        label=lazy("Reference"),
        max_length=60,
        required=False,
        help_text=lazy("As on the bank statement."),
        widget=TextInput(),
    )


@dataclass(frozen=True, slots=True)
class Step:
    """A question about some refunds. run: acts on one of them."""

    title: Promise
    words: Promise
    done: Promise
    form: type[forms.Form]
    run: Callable[[Refund, Answer], object]


def _again(refund: Refund, answer: Answer) -> object:
    return refunding.send_again(
        refund_id=refund.pk, how=answer.data["how"], actor=answer.actor, now=answer.now
    )


def _sent(refund: Refund, answer: Answer) -> object:
    return refunding.sent(
        refund_id=refund.pk,
        reference=answer.data["reference"],
        actor=answer.actor,
        now=answer.now,
    )


STEPS = {
    "again": Step(
        lazy("Pay again, or another way"),
        lazy("For refunds that failed."),
        lazy("Paid again"),
        AgainForm,
        _again,
    ),
    "sent": Step(
        lazy("I have sent it"),
        lazy("For refunds that a person sends: has the money left the bank?"),
        lazy("Sent"),
        SentForm,
        _sent,
    ),
}


def start(request: HttpRequest, chosen: QuerySet[Refund], slug: str) -> HttpResponse:
    """From the ticked rows of the list to the question."""
    ids = list(chosen.order_by("pk").values_list("pk", flat=True)[: AT_ONCE + 1])
    if len(ids) > AT_ONCE:
        messages.error(request, _("Choose at most %(count)s at a time.") % {"count": AT_ONCE})
        return HttpResponseRedirect(request.get_full_path())
    query = [*(("refund", one) for one in ids), ("back", request.GET.urlencode())]
    page = reverse("admin:payments_refund_step", args=[slug])
    return HttpResponseRedirect(f"{page}?{urlencode(query)}")


def show(request: HttpRequest, page: "ModelAdmin[Any]", slug: str) -> HttpResponse:
    """Ask and act. 403 without the right, 404 without refunds."""
    step = STEPS.get(slug)
    ids = [text for text in request.GET.getlist("refund") if ID.fullmatch(text)][:AT_ONCE]
    rows = Refund.objects.filter(pk__in=ids).select_related("payment__order").order_by("pk")
    chosen = list(rows)
    if step is None or not chosen:
        raise Http404
    question = Question(
        title=step.title,
        words=f"{step.words} {', '.join(_named(one) for one in chosen)}.",
        form=step.form,
        rights=(RIGHT, "payments.view_refund"),
        run=partial(_take, request, step, chosen),
        back=_back(request),
    )
    return ask(request, page, question)


def _named(refund: Refund) -> str:
    return f"{refund.payment.order.number}: {money(refund.amount, refund.payment.currency)}"


def _back(request: HttpRequest) -> str:
    query = request.GET.get("back", "")
    return f"{reverse(LIST)}?{query}" if query else reverse(LIST)


def _take(request: HttpRequest, step: Step, chosen: list[Refund], answer: Answer) -> HttpResponse:
    """Each refund on its own: one refusal does not stop the others."""
    done = []
    for refund in chosen:
        try:
            step.run(refund, answer)
        except Refused as refusal:
            messages.error(request, f"{_named(refund)}: {refusal.message}")
        else:
            done.append(_named(refund))
    if done:
        messages.success(request, f"{step.done}: {', '.join(done)}.")
    return HttpResponseRedirect(_back(request))
