"""The page of one call: whom to ring, what to say, and what came of it."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from orders.models import CallAttempt, CallTask
from orders.services.calls import MOST_TRIES
from shop.admin.kit import Select, TextInput
from shop.lib.errors import Refused
from shop.processes import calling

if TYPE_CHECKING:
    CallPage = admin.ModelAdmin[CallTask]

RIGHT = "orders.call_order"
TEMPLATE = "admin/orders/calltask/page.html"
LIST = "admin:orders_calltask_changelist"
Result = CallAttempt.Result
LATER: list[tuple[str, Any]] = [
    ("", lazy("as usual")),
    ("1", lazy("in an hour")),
    ("4", lazy("in four hours")),
    ("24", lazy("tomorrow")),
    ("72", lazy("in three days")),
]


class CallForm(forms.Form):
    result = forms.ChoiceField(
        label=lazy("How it went"),
        choices=[("", lazy("– choose –")), *Result.choices],
        widget=Select(),
    )
    note = forms.CharField(
        label=lazy("What was said"), max_length=300, required=False, widget=TextInput()
    )
    later = forms.TypedChoiceField(
        label=lazy("Call again"),
        choices=LATER,
        required=False,
        coerce=int,
        help_text=lazy("Only after no answer, or when they want to be called later."),
        widget=Select(),
    )
    phone = forms.CharField(
        label=lazy("Other number"),
        max_length=30,
        required=False,
        widget=TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )


def show(request: HttpRequest, page: "CallPage", task: CallTask) -> HttpResponse:
    """Tell, and write down what was heard. 403 without the right to call."""
    form = CallForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not request.user.has_perm(RIGHT):
            raise PermissionDenied
        if form.is_valid():
            return _record(request, task, form.cleaned_data)
    is_open = task.closed_at is None
    context = {
        **page.admin_site.each_context(request),
        "title": _("Call about order %(number)s") % {"number": task.order.number},
        "opts": page.opts,
        "task": task,
        "order": task.order,
        "attempts": task.attempts.select_related("made_by").order_by("made_at", "pk"),
        "most": MOST_TRIES,
        "form": form if is_open and request.user.has_perm(RIGHT) else None,
        "back": reverse(LIST) + "?state=due",
    }
    return TemplateResponse(request, TEMPLATE, context)


def _record(request: HttpRequest, task: CallTask, data: dict[str, Any]) -> HttpResponse:
    now = timezone.now()
    try:
        found = calling.record(
            task_id=task.pk,
            result=data["result"],
            note=data["note"],
            call_again_at=now + dt.timedelta(hours=data["later"]) if data["later"] else None,
            phone=data["phone"],
            actor=request.user,  # type: ignore[arg-type]
            now=now,
        )
    except Refused as refusal:
        messages.error(request, refusal.message)
        return HttpResponseRedirect(reverse("admin:orders_calltask_change", args=[task.pk]))
    messages.success(request, _told(found))
    return HttpResponseRedirect(reverse(LIST) + "?state=due")


def _told(task: CallTask) -> str:
    words = {
        CallTask.Outcome.CONFIRMED: _("Confirmed: order %(number)s goes on."),
        CallTask.Outcome.CANCELED: _("Order %(number)s is called off."),
        CallTask.Outcome.GIVEN_UP: _("Given up: see what becomes of order %(number)s."),
        "": _("Written down; order %(number)s waits on."),
    }
    return words[task.outcome] % {"number": task.order.number}
