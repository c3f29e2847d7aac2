"""From ticked rows to a run: the question, and the way to its page."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from orders.models import Order
from shipping.admin.run_forms import ASKED, Asked, RunForm
from shipping.models import BulkRun, Fulfilment
from shop.lib.errors import Refused
from shop.processes import bulk


def of_orders(kind: str) -> Callable[[HttpRequest, "QuerySet[Order]"], HttpResponse]:
    """The action of a list of orders."""
    return partial(_from_orders, kind)


def _from_orders(kind: str, request: HttpRequest, chosen: "QuerySet[Order]") -> HttpResponse:
    ids = chosen.order_by("pk").values_list("pk", flat=True)[: bulk.MOST + 1]
    return _ask(request, ASKED[kind], [str(pk) for pk in ids])


def of_parcels(
    kind: str, _page: object, request: HttpRequest, chosen: "QuerySet[Fulfilment]"
) -> HttpResponse:
    """The action of a list of parcels."""
    pairs = chosen.order_by("order", "pk").values_list("order", "pk")[: bulk.MOST + 1]
    return _ask(request, ASKED[kind], [f"{order}:{pk}" for order, pk in pairs])


def _ask(request: HttpRequest, asked: Asked, rows: list[str]) -> HttpResponse:
    if len(rows) > bulk.MOST:
        text = _("Choose at most %(count)s orders at a time.") % {"count": bulk.MOST}
        messages.error(request, text)
        return HttpResponseRedirect(request.get_full_path())
    return page(request, asked, asked.form(initial={"rows": ",".join(rows)}), len(rows))


def show(request: HttpRequest, kind: str) -> HttpResponse:
    """Begin a run. 403 without its right, 404 for an unknown kind."""
    asked = ASKED.get(kind)
    if asked is None or request.method != "POST":
        raise Http404
    if not request.user.has_perm(asked.right):
        raise PermissionDenied
    form = asked.form(request.POST)
    if form.is_valid() and (run := _begin(request, asked, form)):
        return HttpResponseRedirect(reverse("admin:shipping_bulkrun_change", args=[run.pk]))
    return page(request, asked, form, request.POST.get("rows", "").count(",") + 1)


def _begin(request: HttpRequest, asked: Asked, form: RunForm) -> BulkRun | None:
    try:
        return bulk.ask(
            kind=asked.kind,
            rows=_known(form),
            options=form.options(),
            actor=request.user,  # type: ignore[arg-type]
            now=timezone.now(),
        )
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return None


def _known(form: RunForm) -> list[tuple[int, int | None]]:
    """The rows that are there; what was typed into the address of a form is no order."""
    chosen = form.chosen()
    known = set(Order.objects.filter(pk__in={pk for pk, _parcel in chosen}).values_list("pk"))
    return [(order, parcel) for order, parcel in chosen if (order,) in known]


def page(request: HttpRequest, asked: Asked, form: RunForm, count: int) -> HttpResponse:
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": asked.words,
        "asked": asked,
        "form": form,
        "count": count,
        "opts": BulkRun._meta,  # noqa: SLF001 - as Django's admin calls it
        "address": reverse("admin:shipping_bulkrun_ask", args=[asked.kind.value]),
        "back": request.get_full_path(),
    }
    return TemplateResponse(request, "admin/shipping/bulkrun/ask.html", context)
