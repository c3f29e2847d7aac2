"""Policies that ask to be agreed to again, and the one thing the shop may keep beyond need."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Customer, Purpose
from accounts.services import consents
from accounts.services import policies as texts
from accounts.views.frame import known_only, members_only, next_of, page
from accounts.views.visits import mark
from shop.lib.html import from_markdown

SOURCE = "notice"


@known_only
@require_http_methods(["GET", "HEAD", "POST"])
def policies(request: HttpRequest, customer: Customer) -> HttpResponse:
    """What changed; agreed to, it leads on to where somebody was going."""
    now = timezone.now()
    asked = texts.to_agree(customer=customer, now=now)
    if request.method == "POST":
        # What the page showed, and no version that came since.
        shown = set(request.POST.getlist("policy"))
        agreed = [one for one in asked if str(one.pk) in shown]
        texts.agree(customer=customer, policies=agreed, now=now)
        return redirect(next_of(request))
    if not asked:
        return redirect(next_of(request))
    title = _("Our terms have changed")
    rows = [{"policy": one, "changes": from_markdown(one.changes)} for one in asked]
    return page(
        request, "policies", title=title, heading=title, policies=rows, next=next_of(request)
    )


@members_only
@require_POST
def visits_answer(request: HttpRequest, customer: Customer) -> HttpResponse:
    """Yes or no to keeping the pages somebody looks at: one press either way."""
    answer = consents.give if request.POST.get("answer") == "yes" else consents.withdraw
    answer(customer=customer, purpose=Purpose.VISITS, source=SOURCE, now=timezone.now())
    return mark(redirect(next_of(request)), customer)
