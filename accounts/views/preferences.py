"""What the shop may send an account or keep about it, purpose by purpose."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Customer, Purpose
from accounts.services import consent_texts, consents
from accounts.views.frame import members_only, page
from accounts.views.visits import mark
from shop.outbox import sms

SOURCE = "account"


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest, customer: Customer) -> HttpResponse:
    """A box for each purpose; whatever is not ticked is refused from now on."""
    if request.method != "POST":
        return _show(request, customer)
    now = timezone.now()
    had = consents.standing(customer=customer)
    for purpose in _offered():
        if request.POST.get(purpose.value):
            consents.give(customer=customer, purpose=purpose, source=SOURCE, now=now)
        elif purpose in had and had[purpose].is_given:
            consents.withdraw(customer=customer, purpose=purpose, source=SOURCE, now=now)
    return mark(redirect("accounts:preferences"), customer)


def _offered() -> list[Purpose]:
    """Text messages only where somebody is set up to send them."""
    return [one for one in Purpose if one != Purpose.SMS or sms.is_on()]


def _show(request: HttpRequest, customer: Customer) -> HttpResponse:
    now, language = timezone.now(), get_language() or "en-gb"
    standing = consents.standing(customer=customer)
    rows: list[dict[str, Any]] = []
    for purpose in _offered():
        answer = standing.get(purpose)
        rows.append({
            "value": purpose.value,
            "name": purpose.label,
            "words": consent_texts.words(purpose=purpose, language=language, now=now),
            "is_given": answer is not None and answer.is_given,
            "at": answer.at if answer else None,
        })  # fmt: skip
    title = _("What we may send you")
    return page(request, "preferences", title=title, heading=title, purposes=rows)
