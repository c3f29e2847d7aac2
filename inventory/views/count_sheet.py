"""A count sheet in somebody's hand: scans, typed figures, things found where nobody expected them."""

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from inventory.forms import figures
from inventory.models import Bin, CountLine, StockCount, StockPolicy
from inventory.queries import codes
from inventory.services import count_sheets, counting
from inventory.services.counting import By, Found, NotOnSheet
from inventory.views.access import APPROVE, COUNT, paged, show, workers_only
from inventory.views.counts import counts_of
from shop.lib.errors import Refused

Shows = ("open", "counted")


@workers_only(COUNT)
def count(request: HttpRequest, number: str) -> HttpResponse:
    found = get_object_or_404(counts_of(request), number=number)
    place = codes.bin_of(found.location, request.GET.get("bin", ""))
    refusals: list[Refused] = []
    if request.method == "POST":
        refusals += _written(request, found)
        try:
            answer = _act(request, found, place)
        except Refused as refusal:
            refusals.append(refusal)
        else:
            if not refusals:
                return HttpResponseRedirect(answer)
        found = get_object_or_404(counts_of(request), number=number)
    context = _page(request, found, place) | {"refusals": refusals, "found": _found(refusals)}
    return show(request, "count", context, status=409 if refusals else 200)


def _by(request: HttpRequest) -> By:
    return By(request.user, timezone.now())  # type: ignore[arg-type]  # signed in


def _written(request: HttpRequest, found: StockCount) -> list[Refused]:
    """Keep the figures that were typed. Those that stand as they were shown are left alone."""
    refusals: list[Refused] = []
    sent = request.POST
    for line_id in found.lines.filter(pk__in=figures.ids(sent.getlist("line"))).values_list(
        "pk", flat=True
    ):
        typed, seen = sent.get(f"figure_{line_id}", ""), sent.get(f"seen_{line_id}", "")
        note = sent.get(f"note_{line_id}", "").strip()[:200]
        if not typed.strip() or (typed.strip() == seen and not note):
            continue
        try:
            counting.record(
                line_id=line_id,
                counted=figures.units(typed) or 0,
                seen=figures.units(seen),
                by=_by(request),
                note=note,
            )
        except Refused as refusal:
            refusals.append(refusal)
    return refusals


def _act(request: HttpRequest, found: StockCount, place: Bin | None) -> str:
    """What the pressed button says. Returns where to go. Raises Refused."""
    match request.POST.get("action", "scan"):
        case "write":
            return _address(request, found, place)
        case "finish":
            count_sheets.finish(count_id=found.pk, actor=_by(request).actor, now=timezone.now())
            messages.success(request, _("Counted. The differences wait for approval."))
            return reverse("inventory:count_differences", args=[found.number])
        case "add":
            line = counting.add_line(count=found, found=_to_add(request, place), by=_by(request))
        case _:
            scan = codes.read(request.POST.get("scan", ""))
            if there := codes.bin_of(found.location, scan.code):
                return _address(request, found, there)
            line = counting.scan(
                count=found,
                variant=codes.variant_of(scan.code),
                units=scan.units,
                place=place,
                by=_by(request),
            )
    return f"{_address(request, found, place, at=line.pk)}#line-{line.pk}"


def _to_add(request: HttpRequest, place: Bin | None) -> Found:
    return Found(
        variant=codes.variant_of(request.POST.get("add_code", "")),
        place=place,
        units=figures.units(request.POST.get("add_units")) or 0,
        code=request.POST.get("add_batch", "").strip()[:40],
        expires_on=figures.day(request.POST.get("add_best_before")),
    )


def _address(request: HttpRequest, found: StockCount, place: Bin | None, **more: Any) -> str:
    """This sheet as it was looked at: the bin, the search, the page."""
    query = {name: request.GET[name] for name in ("q", "show", "page") if request.GET.get(name)}
    if place:
        query |= {"bin": place.code}
        query.pop("page", None)
    query |= {name: str(value) for name, value in more.items()}
    page = reverse("inventory:count", args=[found.number])
    return f"{page}?{urlencode(query)}" if query else page


def _page(request: HttpRequest, found: StockCount, place: Bin | None) -> dict[str, Any]:
    asked = paged(request, _lines(request, found, place))
    last = figures.one_id(request.GET.get("at"))
    lines = found.lines.select_related("stock_item__variant", "bin", "counted_by")
    return {
        "title": found.name or found.number,
        "here": "counts",
        "count": found,
        "is_open": found.status == StockCount.Status.OPEN,
        "place": place,
        "bins": count_sheets.places(found),
        "search": request.GET.get("q", ""),
        "shows": request.GET.get("show", ""),
        "rows": [_row(request, line) for line in asked["page"]],
        "last": lines.filter(pk=last).first() if last else None,
        "may_see": request.user.has_perm(APPROVE) or found.status != StockCount.Status.OPEN,
        **asked,
    }


def _row(request: HttpRequest, line: CountLine) -> dict[str, Any]:
    """A line, and the figure to show in it: what was typed and refused stays."""
    typed = request.POST.get(f"figure_{line.pk}", "").strip()
    seen = "" if line.counted is None else str(line.counted)
    return {"line": line, "figure": typed or seen, "seen": seen, "is_new": typed not in ("", seen)}


def _lines(request: HttpRequest, found: StockCount, place: Bin | None) -> QuerySet[CountLine]:
    lines = found.lines.select_related("stock_item__variant__product", "bin", "batch", "counted_by")
    if place:
        lines = lines.filter(bin=place)
    if search := request.GET.get("q", "").strip():
        lines = lines.filter(
            Q(stock_item__variant__sku__icontains=search)
            | Q(stock_item__variant__barcode=search)
            | Q(stock_item__variant__product__title__icontains=search)
            | Q(bin__code__iexact=search)
        )
    if (shows := request.GET.get("show")) in Shows:
        lines = lines.filter(counted__isnull=shows == "open")
    return lines.order_by("position", "pk")


def _found(refusals: list[Refused]) -> dict[str, Any] | None:
    """A piece that could be put on the sheet, when that is what was refused."""
    for refusal in refusals:
        if isinstance(refusal, NotOnSheet):
            variant = refusal.variant
            tracked = StockPolicy.objects.filter(variant=variant, tracks_batches=True).exists()
            return {"variant": variant, "has_batches": tracked, "units": refusal.units}
    return None
