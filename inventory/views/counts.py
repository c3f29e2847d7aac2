"""Stock takes: those there are, a new one, and its sheet on paper."""

from django.contrib import messages
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from inventory.forms import figures
from inventory.forms.counts import NewCountForm
from inventory.models import Location, StockCount, StockItem
from inventory.queries.scope import within
from inventory.services import count_sheets
from inventory.views.access import COUNT, paged, show, workers_only
from shop.lib.errors import Refused

Status = StockCount.Status
AT_ONCE = 1000


@workers_only(COUNT)
def counts(request: HttpRequest) -> HttpResponse:
    search, status = request.GET.get("q", "").strip(), request.GET.get("status", "")
    rows = all_counts()
    if search:
        rows = rows.filter(
            Q(number__iexact=search)
            | Q(name__icontains=search)
            | Q(location__name__icontains=search)
        )
    if status in Status.values:
        rows = rows.filter(status=status)
    context = {
        "title": _("Counts"),
        "here": "counts",
        "search": search,
        "status": status,
        "statuses": Status.choices,
        **paged(request, within(rows, request.user, "location")),
    }
    return show(request, "counts", context)


def all_counts() -> QuerySet[StockCount]:
    """The newest first, each with .places and .done, its lines and those counted."""
    return (
        StockCount.objects.select_related("location", "approved_by")
        .annotate(places=Count("lines"), done=Count("lines", filter=Q(lines__counted__gte=0)))
        .order_by(F("approved_at").desc(nulls_first=True), "-pk")
    )


def counts_of(request: HttpRequest) -> QuerySet[StockCount]:
    """Those at the locations of this person."""
    return within(all_counts(), request.user, "location")


@workers_only("inventory.add_stockcount")
def count_new(request: HttpRequest) -> HttpResponse:
    """Begin a count. ?item=… names stock items that were ticked in the list of stock."""
    item_ids = figures.ids(request.GET.getlist("item"))[:AT_ONCE]
    data = request.POST if request.method == "POST" else None
    form = NewCountForm(data, item_ids=item_ids, places=_places(request))
    if data is not None and form.is_valid() and (begun := _begun(request, form)):
        return HttpResponseRedirect(reverse("inventory:count", args=[begun.number]))
    context = {
        "title": _("New count"),
        "here": "counts",
        "form": form,
        "fields": [field for field in form if field.name != "is_blind"],
        "chosen": len(item_ids),
        "errors": form.non_field_errors(),
    }
    return show(request, "count_new", context, status=200 if data is None else 400)


def _begun(request: HttpRequest, form: NewCountForm) -> StockCount | None:
    asked = form.cleaned_data
    try:
        return count_sheets.begin(
            location=asked.get("location") or _place_of(request, form.item_ids),
            which=form.which(),
            name=asked["name"],
            is_blind=asked["is_blind"],
            actor=request.user,  # type: ignore[arg-type]  # signed in, or workers_only() said no
            now=timezone.now(),
        )
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return None


def _places(request: HttpRequest) -> QuerySet[Location]:
    """Where this person may count."""
    return within(Location.objects.filter(is_active=True), request.user, "pk")


def _place_of(request: HttpRequest, item_ids: list[int]) -> Location:
    """Where chosen items are. Raises CountRefused when they are at several locations."""
    items = StockItem.objects.filter(pk__in=item_ids)
    if within(items, request.user, "location").count() < items.count():
        raise count_sheets.CountRefused(_("These items are at a location of other people."))
    places = Location.objects.filter(pk__in=items.values("location"))
    found = list(places[:2])
    if len(found) != 1:
        raise count_sheets.CountRefused(
            _("Choose items of one location: a count walks through it.")
        )
    return found[0]


@workers_only(COUNT)
def count_print(request: HttpRequest, number: str) -> HttpResponse:
    """The whole sheet on paper, with boxes to write in; a blind one without expectations."""
    found = get_object_or_404(counts_of(request), number=number)
    lines = found.lines.select_related("stock_item__variant__product", "bin", "batch")
    context = {
        "title": _("Count sheet %(number)s") % {"number": found.number},
        "here": "counts",
        "count": found,
        "lines": lines.order_by("position", "pk"),
    }
    return show(request, "count_print", context)


@workers_only(COUNT)
def count_cancel(request: HttpRequest, number: str) -> HttpResponse:
    found = get_object_or_404(counts_of(request), number=number)
    if request.method == "POST":
        try:
            count_sheets.cancel(count_id=found.pk, actor=request.user, now=timezone.now())  # type: ignore[arg-type]
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("The count is called off. Stock stays as it was."))
            return HttpResponseRedirect(reverse("inventory:counts"))
    return HttpResponseRedirect(reverse("inventory:count", args=[found.number]))
