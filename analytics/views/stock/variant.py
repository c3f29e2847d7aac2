"""One variant's stock on one page."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.forms.stock import KindForm
from analytics.queries.stock import variant as queries
from analytics.queries.stock.history import weeks_of
from analytics.queries.stock.movements import movements_of
from analytics.views.stock import chart, in_line, shelves, sourcing
from analytics.views.stock.access import LIST, WORTH, show, staff_only
from analytics.views.stock.fields import piece
from analytics.views.stock.policies import policy_form, saved
from analytics.views.stock.worth import worth_facts
from catalog.models import Variant
from payments.services.books.chart import books_currency
from shop.lib.workdays import shop_day

ON_A_PAGE = 25
CHANGE = "inventory.change_stockpolicy"


@staff_only
def variant(request: HttpRequest, sku: str) -> HttpResponse:
    """Raises Http404 for a SKU nobody knows; one in other letters leads to the right one."""
    found = queries.variant_of(sku)
    if found is None:
        other = Variant.objects.filter(sku__iexact=sku).values_list("sku", flat=True).first()
        if other is None:
            raise Http404
        return redirect("analytics:stock_variant", other)
    return _page(request, found, form=policy_form(found))


@staff_only
def policy(request: HttpRequest, sku: str) -> HttpResponse:
    """Keep how a variant is stocked, or show what is wrong. Asked for by GET, it is the page."""
    found = queries.variant_of(sku)
    if found is None:
        raise Http404
    if request.method != "POST":
        return redirect("analytics:stock_variant", sku)
    if not request.user.has_perm(CHANGE):
        raise PermissionDenied
    form = policy_form(found, request.POST)
    if saved(request, found, form):
        return redirect("analytics:stock_variant", sku)
    return _page(request, found, form=form, status=400)


def _page(request: HttpRequest, found: Variant, *, form: Any, status: int = 200) -> HttpResponse:
    """form: of its policy, as it was sent when there is something wrong with it."""
    context = {
        "title": found.sku,
        "note": piece(found),
        "variant": found,
        "form": form,
        "may_set": request.user.has_perm(CHANGE),
        "links": _links(request, found),
        "tables": _tables(request, found),
        "worth": worth_facts(found) if request.user.has_perm(WORTH) else None,
        **_drawn(found),
        **_movements(request, found),
    }
    return show(request, "variant", context, status=status)


def _drawn(found: Variant) -> dict[str, Any]:
    forecast = queries.forecast_of(found)
    weeks = weeks_of(found, forecast, shop_day(timezone.now()))
    mark = forecast.reorder_point if forecast else None
    return {
        "forecast": forecast,
        "drawing": chart.drawing(weeks, mark),
        "weeks": chart.table(weeks),
    }


def _tables(request: HttpRequest, found: Variant) -> dict[str, Any]:
    may = request.user.has_perm
    opens_orders = may("orders.view_order")
    tables = {
        "places": shelves.places(queries.items_of(found), may_open=may("inventory.view_stockitem")),
        "waiting": in_line.waiting(queries.waiting_of(found), may_open=opens_orders),
        "promised": in_line.promised(queries.allocated_of(found), may_open=opens_orders),
        "reserved": in_line.reserved(queries.reserved_of(found)),
    }
    if may("inventory.view_supplieroffer") and may(WORTH):
        opens = may("inventory.view_supplier")
        tables["offers"] = sourcing.offers(queries.offers_of(found), may_open=opens)
    if may("inventory.view_purchaseorder"):
        tables["purchases"] = sourcing.purchases(queries.purchases_of(found), may_open=True)
    return tables


def _movements(request: HttpRequest, found: Variant) -> dict[str, Any]:
    form = KindForm(request.GET, today=shop_day(timezone.now()))
    kind = form.asked("kind")
    page = Paginator(movements_of(found, kind), ON_A_PAGE).get_page(request.GET.get("page"))
    currency = books_currency() if request.user.has_perm(WORTH) else ""
    return {
        "kinds": form,
        "movements": shelves.movements(page, currency=currency),
        "page": page,
        "page_url": f"?kind={kind}&page=",
    }


def _links(request: HttpRequest, found: Variant) -> list[tuple[str, str]]:
    may, product = request.user.has_perm, found.product
    links = [
        (_("In the stock list"), f"{reverse(LIST)}?q={found.sku}", True),
        (
            _("Product"),
            reverse("admin:catalog_product_change", args=[product.pk]),
            may("catalog.view_product"),
        ),
        (_("In the shop"), reverse("catalog:product", args=[product.slug]), True),
    ]
    return [(words, url) for words, url, is_open in links if is_open]
