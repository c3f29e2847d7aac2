"""Transfers: those there are, and a new one."""

from django.db.models import F, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from inventory.forms.transfers import NewTransferForm
from inventory.models import Location, Transfer
from inventory.queries.scope import within
from inventory.services import transfers as service
from inventory.views.access import TRANSFER, paged, show, workers_only

Status = Transfer.Status


@workers_only(TRANSFER)
def transfers(request: HttpRequest) -> HttpResponse:
    search, status = request.GET.get("q", "").strip(), request.GET.get("status", "")
    rows = Transfer.objects.select_related("source", "target").annotate(
        units=Sum("lines__quantity")
    )
    if search:
        rows = rows.filter(
            Q(number__iexact=search)
            | Q(source__name__icontains=search)
            | Q(target__name__icontains=search)
            | Q(note__icontains=search)
        )
    if status in Status.values:
        rows = rows.filter(status=status)
    context = {
        "title": _("Transfers"),
        "here": "transfers",
        "search": search,
        "status": status,
        "statuses": Status.choices,
        **paged(
            request,
            within(rows, request.user, "source", "target").order_by(
                F("received_at").desc(nulls_first=True), "-pk"
            ),
        ),
    }
    return show(request, "transfers", context)


def _sources(request: HttpRequest) -> QuerySet[Location]:
    """One gives away what is one's own to give."""
    return within(Location.objects.filter(is_active=True), request.user, "pk")


@workers_only("inventory.add_transfer")
def transfer_new(request: HttpRequest) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = NewTransferForm(data, sources=_sources(request))
    if data is not None and form.is_valid():
        made = service.draft(
            **form.cleaned_data,
            actor=request.user,  # type: ignore[arg-type]  # signed in, or workers_only() said no
            now=timezone.now(),
        )
        return HttpResponseRedirect(reverse("inventory:transfer", args=[made.number]))
    context = {"title": _("New transfer"), "here": "transfers", "form": form}
    return show(request, "transfer_new", context, status=200 if data is None else 400)
