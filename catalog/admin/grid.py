"""Titles, statuses, prices and weights of a page of variants, edited in place."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.models import ImportRow, Market, Product, Variant
from catalog.services.imports.cells import BadCell
from catalog.services.round_trip import columns
from catalog.services.round_trip.changing import PRODUCT, VARIANT
from catalog.services.round_trip.columns import Column
from catalog.services.round_trip.desk import Desk
from catalog.services.round_trip.pieces import Part, Piece
from shop.admin.saved import tidy
from shop.processes import round_trip

if TYPE_CHECKING:
    from catalog.admin.product_list import ProductList

PER_PAGE = 50
# Parts of an address that are the grid's own, and not a filter of the list.
OWN = ("page", "in")
SHARED = ("title", "status")
STATUSES: list[tuple[str, str | Promise]] = [
    (str(status), status.label) for status in Product.Status
]
WIDTHS = {"title": "input--wide", "weight_g": "input--short"}


@dataclass(slots=True)
class Cell:
    """`was`: what stood there when the page was made; `text`: what stands in the box."""

    name: str
    label: str
    text: str
    was: str
    choices: Sequence[tuple[str, str | Promise]] = ()
    width: str = ""


@dataclass(slots=True)
class Row:
    piece: Piece
    cells: list[Cell | None] = field(default_factory=list)
    problem: str = ""


def show(page: "ProductList", request: HttpRequest) -> HttpResponse:
    """A page of the list as it is filtered; saving writes the rows that were changed."""
    if not page.has_change_permission(request):
        raise PermissionDenied
    market = _market(request)
    sheet = columns.sheet(with_cost=False)
    names = [*SHARED, *([f"price:{market.code}"] if market else []), "weight_g"]
    chosen = [sheet.columns[name] for name in names]
    found = Paginator(_variants(page, request), PER_PAGE).get_page(request.GET.get("page"))
    problems: dict[int, str] = {}
    if request.method == "POST":
        problems = _save(request, found, chosen)
        if not problems:
            return HttpResponseRedirect(request.get_full_path())
    context = {
        **page.admin_site.each_context(request),
        "title": _("Edit in a grid"),
        "opts": page.opts,
        "rows": _rows(request, found, chosen, problems),
        "columns": [_heading(column, market) for column in chosen],
        "page": found,
        "query": _query(request, without=("page",)),
        "filters": _query(request, without=OWN),
        "market": market,
        "markets": Market.objects.in_order(),
        "back": f"{reverse('admin:catalog_product_changelist')}?{_query(request, without=OWN)}",
    }
    return TemplateResponse(request, "admin/catalog/product_list/grid.html", context)


def _market(request: HttpRequest) -> Market | None:
    markets = Market.objects.in_order()
    return markets.filter(code=request.GET.get("in", "")[:10]).first() or markets.first()


def _query(request: HttpRequest, *, without: Sequence[str]) -> str:
    query = request.GET.copy()
    for name in without:
        query.pop(name, None)
    return tidy(query)


def _variants(page: "ProductList", request: HttpRequest) -> QuerySet[Variant]:
    """The variants of the products of the list, which knows nothing of our own parameters."""
    query = request.GET.copy()
    for name in OWN:
        query.pop(name, None)
    listed = request.GET
    request.GET = query  # type: ignore[assignment]
    try:
        products = page.listed(request)
    finally:
        request.GET = listed
    rows = Variant.objects.filter(product__in=products.order_by().values("pk"))
    return rows.order_by("product__title", "product_id", "position", "pk")


def _heading(column: Column, market: Market | None) -> str:
    if column.part is Part.PRICE and market:
        return f"{_('Price')} ({market.currency})"
    return {"title": _("Title"), "status": _("Status")}.get(column.name, _("Weight in grams"))


def _rows(
    request: HttpRequest, page: Page[Variant], chosen: list[Column], problems: dict[int, str]
) -> list[Row]:
    """The rows as they are; what was refused keeps what was typed."""
    desk, seen, rows = _desk(page), set[int](), []
    for variant in page.object_list:
        piece = desk.of_variant(variant.pk)
        if piece is None:
            continue
        row = Row(piece, problem=problems.get(variant.pk, ""))
        for column in chosen:
            # What a product's variants share is edited in its first row.
            is_repeated = column.name in SHARED and piece.product.pk in seen
            row.cells.append(None if is_repeated else _cell(request, column, row))
        seen.add(piece.product.pk)
        rows.append(row)
    return rows


def _desk(page: Page[Variant]) -> Desk:
    desk = Desk()
    desk.fetch(variant_ids=[variant.pk for variant in page.object_list])
    return desk


def _cell(request: HttpRequest, column: Column, row: Row) -> Cell:
    variant = row.piece.variant
    name = f"{column.name}-{variant.pk if variant else 0}"
    shown = column.shown(row.piece)
    typed = request.POST.get(name, shown) if row.problem else shown
    return Cell(
        name=name,
        label=f"{column.name}, {variant}",
        text=typed,
        was=shown,
        choices=STATUSES if column.name == "status" else (),
        width=WIDTHS.get(column.name, "input--short"),
    )


def _save(request: HttpRequest, page: Page[Variant], chosen: list[Column]) -> dict[int, str]:
    """Write what differs from what was shown; returns what was refused, by variant."""
    problems: dict[int, str] = {}
    rows = []
    for variant in page.object_list:
        try:
            row = _row(request, variant, chosen)
        except BadCell as refusal:
            problems[variant.pk] = refusal.message
            continue
        if row.after:
            rows.append(row)
    round_trip.edit(rows=rows, actor=request.user, now=timezone.now())  # type: ignore[arg-type]
    refused = {int(row.before[VARIANT]): row.problem for row in rows if row.problem}
    _tell(request, saved=len(rows) - len(refused), refused=len(problems) + len(refused))
    return problems | refused


def _tell(request: HttpRequest, *, saved: int, refused: int) -> None:
    if saved:
        told = ngettext("%(count)s row saved.", "%(count)s rows saved.", saved)
        messages.success(request, told % {"count": saved})
    if refused:
        told = ngettext("%(count)s row was refused.", "%(count)s rows were refused.", refused)
        messages.error(request, told % {"count": refused})
    if not saved and not refused:
        messages.info(request, _("Nothing was changed."))


def _row(request: HttpRequest, variant: Variant, chosen: list[Column]) -> ImportRow:
    """What was typed in the row of a variant, beside what stood there. Raises BadCell."""
    row = ImportRow(sku=variant.sku, outcome=ImportRow.Outcome.UPDATED)
    row.before = {PRODUCT: str(variant.product_id), VARIANT: str(variant.pk)}
    for column in chosen:
        name = f"{column.name}-{variant.pk}"
        typed, was = request.POST.get(name), request.POST.get(f"was-{name}")
        if typed is None or was is None or typed.strip() == was.strip():
            continue
        try:
            wanted = column.wanted(typed, was)
        except BadCell as refusal:
            raise BadCell(f"{column.name}: {refusal.message}.") from None
        if not typed.strip() and not column.may_be_emptied:
            raise BadCell(_("%(name)s can't be empty.") % {"name": column.name})
        if wanted is not None:
            row.before[column.name], row.after[column.name] = was, wanted
    return row
