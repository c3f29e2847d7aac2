"""Receiving: orders that goods may come of, and one of them being unpacked."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from inventory.forms import figures
from inventory.models import PurchaseOrder, PurchaseOrderLine, Receipt, StockPolicy
from inventory.queries import codes
from inventory.queries.deliveries import expected_orders, ordered_line
from inventory.queries.scope import within
from inventory.services.arrivals import OverDelivered
from inventory.services.receipts import Delivery
from inventory.views.access import RECEIVE, paged, show, workers_only
from inventory.views.tallies import Tally
from shop.lib.errors import Refused
from shop.processes.replenishment import receiving as process


@workers_only(RECEIVE)
def orders(request: HttpRequest) -> HttpResponse:
    search = request.GET.get("q", "")
    context = {
        "title": _("Receive goods"),
        "here": "receiving",
        "search": search,
        **paged(request, within(expected_orders(search), request.user, "location")),
        "today": timezone.localdate(),
    }
    return show(request, "receiving_list", context)


@workers_only(RECEIVE)
def order(request: HttpRequest, number: str) -> HttpResponse:
    """One order: every scan and figure is kept, and booked in at once at the end."""
    found = get_object_or_404(within(_orders(), request.user, "location"), number__iexact=number)
    lines = list(found.lines.select_related("variant__product").order_by("position", "pk"))
    if request.method == "POST" and (booked := _booked_before(request, found)):
        return booked
    tally = Tally(request, found)
    refused: Refused | None = None
    if request.method == "POST":
        tally.take(request.POST, lines)
        try:
            answer = _act(request, found, lines, tally)
        except Refused as refusal:
            refused = refusal
            tally.keep()
        else:
            return HttpResponseRedirect(answer)
    return show(
        request,
        "receiving",
        _page(request, found, lines, tally) | {"refused": refused, **_asked(refused)},
        status=409 if refused else 200,
    )


def _orders() -> QuerySet[PurchaseOrder]:
    return PurchaseOrder.objects.exclude(
        status__in=(PurchaseOrder.Status.DRAFT, PurchaseOrder.Status.CANCELED)
    ).select_related("supplier", "location")


def _booked_before(request: HttpRequest, found: PurchaseOrder) -> HttpResponse | None:
    """A form that was booked already, sent again, adds nothing to the next delivery."""
    key = figures.key(request.POST.get("key"))
    known = Receipt.objects.filter(key=key, order=found).first() if key else None
    if known is None:
        return None
    messages.info(request, _("That delivery is booked in already: %(number)s.") % _named(known))
    return HttpResponseRedirect(_address(found))


def _act(
    request: HttpRequest, found: PurchaseOrder, lines: list[PurchaseOrderLine], tally: Tally
) -> str:
    """What the pressed button says. Returns where to go. Raises Refused."""
    match request.POST.get("action", "scan"):
        case "book" | "book_over" as action:
            return _book(request, found, tally, lines, is_confirmed=action == "book_over")
        case "clear":
            tally.forget()
            messages.info(request, _("The list is empty again. Nothing was booked."))
            return _address(found)
        case "keep":
            tally.keep()
            return _address(found)
        case _:
            line = _scan(request, lines, tally)
            tally.keep()
            return f"{_address(found)}?at={line.pk}#line-{line.pk}"


def _scan(request: HttpRequest, lines: list[PurchaseOrderLine], tally: Tally) -> PurchaseOrderLine:
    scan = codes.read(request.POST.get("scan", ""))
    line = ordered_line(lines, scan.code)
    if line is None:
        known = ", ".join(str(one.product) for one in codes.variants_of(scan.code)[:2])
        words = _("Not on this order: %(code)s.") % {"code": scan.code}
        raise codes.CodeRefused(f"{words} {known}".strip(), scan.code)
    tally.add(line, scan.units)
    return line


def _book(
    request: HttpRequest,
    found: PurchaseOrder,
    tally: Tally,
    lines: list[PurchaseOrderLine],
    *,
    is_confirmed: bool,
) -> str:
    delivery = Delivery(
        key=tally.key,
        lines=tally.came(lines),
        note=tally.delivery_note,
        is_confirmed=is_confirmed,
    )
    received = process.receive(
        order_id=found.pk,
        delivery=delivery,
        now=timezone.now(),
        actor=request.user,  # type: ignore[arg-type]  # signed in, or workers_only() said no
    )
    tally.forget()
    words = _("Booked in: %(number)s.") % _named(received.receipt)
    messages.success(request, " ".join([words, *received.told]))
    return _address(found)


def _page(
    request: HttpRequest, found: PurchaseOrder, lines: list[PurchaseOrderLine], tally: Tally
) -> dict[str, Any]:
    last = figures.one_id(request.GET.get("at"))
    tracked = set(
        StockPolicy.objects.filter(
            variant__in=[line.variant_id for line in lines], tracks_batches=True
        ).values_list("variant", flat=True)
    )
    rows = [
        {
            "line": line,
            "typed": tally.of(line),
            "has_batches": line.variant_id in tracked,
            "is_last": line.pk == last,
        }
        for line in lines
    ]
    return {
        "title": found.number,
        "here": "receiving",
        "order": found,
        "is_open": found.status in PurchaseOrder.OPEN,
        "rows": rows,
        "last": next((row for row in rows if row["is_last"]), None),
        "tally": tally,
        "receipts": found.receipts.order_by("-pk"),
    }


def _asked(refused: Refused | None) -> dict[str, Any]:
    """More than was ordered is asked about, not refused outright."""
    return {"asks_over": isinstance(refused, OverDelivered)}


def _address(found: PurchaseOrder) -> str:
    return reverse("inventory:receiving_order", args=[found.number])


def _named(receipt: Receipt) -> dict[str, str]:
    return {"number": receipt.number}
