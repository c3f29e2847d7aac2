"""What a gift card is still worth, for whoever holds its code."""

from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from catalog.queries.page import Seo, page_context
from payments.forms import CodeForm
from payments.models import ValueAccount, ValueEntry
from payments.services import stored_value
from shop.lib import limits
from shop.lib.limits import TooOften
from shop.lib.workdays import shop_day

WORDS = {
    ValueEntry.Kind.CREDIT: gettext_noop("Added"),
    ValueEntry.Kind.HOLD: gettext_noop("Used for an order"),
    ValueEntry.Kind.REVERT: gettext_noop("Order called off, put back"),
    ValueEntry.Kind.EXPIRE: gettext_noop("Ran out"),
    ValueEntry.Kind.ADJUST: gettext_noop("Corrected by us"),
}


@dataclass(frozen=True, slots=True)
class Use:
    """One change of the balance; says nothing about the order it paid."""

    entry: ValueEntry
    words: str
    amount: Decimal


@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def balance(request: HttpRequest) -> HttpResponse:
    """Ask for a code, tell the balance. The code is posted: no address and no log keeps it."""
    form = CodeForm(request.POST or None)
    card = None
    status = 200
    if request.method == "POST":
        card, status = _asked(request, form)
    seo = Seo(
        title=_("Balance of a gift card"),
        description=_("See what is left on a gift card, and until when it can be used."),
    )
    context = {**page_context(request, seo=seo), "form": form, "card": card}
    if card is not None:
        context |= {"form": CodeForm(), "uses": _uses(card), "has_run_out": _has_run_out(card)}
    return render(request, "payments/balance.html", context, status=status)


def _asked(request: HttpRequest, form: CodeForm) -> tuple[ValueAccount | None, int]:
    """The card of the code, or None with what to say in the form; and the status of the answer."""
    try:
        limits.check(request, limits.GIFT_CARD)
    except TooOften as refusal:
        form.add_error(None, refusal.message)
        return None, 429
    if not form.is_valid():
        return None, 422
    card = stored_value.find(form.cleaned_data["code"])
    if card is None:
        form.add_error(None, _("We know no gift card with this code that can be used."))
    return card, 200 if card else 404


def _uses(card: ValueAccount) -> list[Use]:
    entries = card.entries.order_by("-at", "-pk")[:100]
    return [Use(one, _(WORDS[ValueEntry.Kind(one.kind)]), one.amount) for one in entries]


def _has_run_out(card: ValueAccount) -> bool:
    return card.expires_on is not None and card.expires_on < shop_day(timezone.now())
