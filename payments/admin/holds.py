"""Money that is held: staff take it, in parts or whole, or let it go; one payment or many at once."""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from payments.admin.asking import Answer, Question
from payments.admin.forms import ReasonForm
from payments.gateways import BALANCES
from payments.models import Payment
from payments.services import payments
from shop.admin.kit import TextInput
from shop.lib.errors import Refused
from shop.lib.money import round_money
from shop.processes import capturing
from shop.templatetags.shop_text import money

ID = re.compile(r"[0-9]{1,18}")
AT_ONCE = 200
# As long as banks hold money for us when they don't say.
HOLD_LASTS = dt.timedelta(days=7)
SOON = dt.timedelta(days=2)
LIST = "admin:payments_payment_changelist"


class TakeForm(forms.Form):
    """How much of a hold is taken; all that is left of it to begin with."""

    amount = forms.DecimalField(
        label=_("Amount"),
        max_digits=14,
        decimal_places=3,
        widget=TextInput(attrs={"inputmode": "decimal"}),
    )
    is_final = forms.BooleanField(
        label=_("The last one"),
        required=False,
        help_text=_("What is left of the hold is let go."),
    )

    def __init__(self, data: Any = None, *, payment: Payment) -> None:
        self.most = payments.take_left(payment)
        self.currency = payment.currency
        start = {"amount": round_money(self.most, self.currency), "is_final": True}
        super().__init__(data, initial=start)

    def clean_amount(self) -> Decimal:
        amount: Decimal = self.cleaned_data["amount"]
        if not 0 < amount <= self.most or amount != round_money(amount, self.currency):
            most = round_money(self.most, self.currency)
            raise forms.ValidationError(gettext("An amount up to %(most)s.") % {"most": most})
        return amount


def runs_out_at(payment: Payment) -> dt.datetime | None:
    """Until when the buyer's bank holds the money; None when it holds none."""
    if payment.provider in BALANCES or payment.authorized <= 0:
        return None
    if told := payment.card.get("capture_before"):
        return dt.datetime.fromtimestamp(int(told), tz=dt.UTC)
    return payment.created_at + HOLD_LASTS


def hold_state(payment: Payment) -> tuple[str, str]:
    """How much is held, and whether it will be for long; a badge's state and words."""
    until = runs_out_at(payment)
    if until is None:
        return "none", ""
    held = money(payment.authorized, payment.currency)
    left = until - timezone.now()
    if left > SOON:
        return "held", held
    hours = max(0, int(left.total_seconds() // 3600))
    return "soon", gettext("%(held)s, for %(hours)s hours") % {"held": held, "hours": hours}


class HeldFilter(admin.SimpleListFilter):
    title = _("held")
    parameter_name = "held"

    def lookups(self, request: HttpRequest, model_admin: object) -> Any:  # noqa: ARG002
        return [("1", _("Held")), ("soon", _("Runs out in two days"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Payment]) -> QuerySet[Payment]:  # noqa: ARG002
        if not self.value():
            return queryset
        rows = queryset.filter(authorized__gt=0).exclude(provider__in=BALANCES)
        if self.value() != "soon":
            return rows
        return rows.filter(created_at__lte=timezone.now() - HOLD_LASTS + SOON)


# Asking


def address(verb: str, ids: Sequence[int]) -> str:
    query = urlencode([("payment", pk) for pk in ids])
    return f"{reverse('admin:payments_payment_hold', args=[verb])}?{query}"


def start(request: HttpRequest, chosen: QuerySet[Payment], verb: str) -> HttpResponse:
    """From the ticked rows of the list to the question."""
    ids = list(chosen.order_by("pk").values_list("pk", flat=True)[: AT_ONCE + 1])
    if len(ids) > AT_ONCE:
        words = gettext("Choose at most %(count)s payments at a time.") % {"count": AT_ONCE}
        messages.error(request, words)
        return HttpResponseRedirect(request.get_full_path())
    return HttpResponseRedirect(address(verb, ids))


def question(request: HttpRequest, verb: str) -> Question:
    """What is asked before held money is taken ("take") or let go ("void"). 404 without payments."""
    wanted = [text for text in request.GET.getlist("payment") if ID.fullmatch(text)]
    rows = Payment.objects.filter(pk__in=wanted[:AT_ONCE]).select_related("order")
    chosen = list(rows.order_by("pk"))
    if not chosen or verb not in ("take", "void"):
        raise Http404
    back = reverse(LIST)
    if len(chosen) == 1:
        back = reverse("admin:payments_payment_change", args=[chosen[0].pk])
    report = partial(_each, request, chosen, back)
    if verb == "void":
        return _voiding(chosen, report, back)
    return _taking(chosen, report, back)


Report = Callable[[Callable[[Payment], object]], HttpResponse]


def _voiding(chosen: list[Payment], report: Report, back: str) -> Question:
    def run(answer: Answer) -> HttpResponse:
        reason = answer.data["reason"]
        return report(
            lambda one: capturing.request_void(
                payment_id=one.pk, reason=reason, actor=answer.actor, now=answer.now
            )
        )

    words = _("The buyer's bank frees the money: it can't be taken any more. %(what)s")
    return Question(
        title=_("Let go"),
        words=words % {"what": _listed(chosen)},
        form=ReasonForm,
        rights=("payments.void_payment",),
        run=run,
        back=back,
    )


def _taking(chosen: list[Payment], report: Report, back: str) -> Question:
    def run(answer: Answer) -> HttpResponse:
        return report(lambda one: _take(one, answer))

    words = _("The money is taken from the card that holds it. %(what)s")
    return Question(
        title=_("Take"),
        words=words % {"what": _listed(chosen)},
        form=partial(TakeForm, payment=chosen[0]) if len(chosen) == 1 else forms.Form,
        rights=("payments.capture_payment",),
        run=run,
        back=back,
    )


def _take(payment: Payment, answer: Answer) -> None:
    """What was filled in for one payment; of many, each takes all that is left of it."""
    capturing.request_capture(
        payment_id=payment.pk,
        amount=answer.data.get("amount", payments.take_left(payment)),
        is_final=answer.data.get("is_final", True),
        actor=answer.actor,
        now=answer.now,
    )


def _listed(chosen: list[Payment]) -> str:
    return ", ".join(
        f"{one.order.number}: {money(payments.take_left(one), one.currency)}" for one in chosen
    )


def _each(
    request: HttpRequest, chosen: list[Payment], back: str, act: Callable[[Payment], object]
) -> HttpResponse:
    """Every payment for itself: a line for those that went, and one for each that did not."""
    gone = []
    for payment in chosen:
        try:
            act(payment)
        except Refused as refusal:
            messages.error(request, f"{payment.order.number}: {refusal.message}")
        else:
            gone.append(payment.order.number)
    if gone:
        messages.success(
            request,
            gettext("Asked of the provider: %(orders)s.") % {"orders": ", ".join(gone)},
        )
    return HttpResponseRedirect(back)
