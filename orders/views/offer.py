"""An offer of the shop: what it says, until when, and the button that takes it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalog.queries.page import Seo, page_context
from orders.models import Draft, Order
from orders.services import receipts
from orders.views.keyed import order_of
from orders.views.page import order_lines
from payments.services import methods
from shop.lib import limits
from shop.lib.errors import Refused
from shop.processes import drafting


def link_of(order: Order) -> str:
    """The offer's page with its key."""
    return f"{reverse('orders:offer', args=[order.number])}?t={order.link_token}"


@require_http_methods(["GET", "POST"])
def offer(request: HttpRequest, number: str) -> HttpResponse:
    """For whoever holds its key. POST takes it; what was taken before is an order's page."""
    order = order_of(request, number)
    draft = Draft.objects.filter(order=order).first()
    if draft is None or order.status == Order.Status.CANCELED:
        raise Http404
    if order.status != Order.Status.DRAFT:
        return redirect(order.get_absolute_url())
    if request.method != "POST":
        return _show(request, draft)
    limits.check(request, limits.SELF_SERVICE)
    try:
        taken = drafting.accept(order_id=order.pk, actor=None, now=timezone.now())
    except Refused as refusal:
        return _show(request, draft, refusal.message, status=409)
    return redirect(f"{taken.get_absolute_url()}&new=1")


def _show(
    request: HttpRequest, draft: Draft, problem: str = "", *, status: int = 200
) -> HttpResponse:
    order = draft.order
    goods = list(order.lines.prefetch_related("parts").order_by("position", "pk"))
    adjustments = list(order.adjustments.order_by("pk"))
    by_line = receipts.lines_of_order(order, goods, adjustments)
    title = _("Our offer %(number)s") % {"number": order.number}
    context = {
        **page_context(request, seo=Seo(title=title, noindex=True)),
        "title": title,
        "lines": order_lines(goods, by_line, {}),
        "sums": receipts.sums_of(order, goods, adjustments, paid=[]),
        "currency": order.currency,
        "name": order.name,
        "message": draft.message,
        "until": draft.until,
        "is_over": draft.until is not None and draft.until < timezone.now(),
        "pays": methods.shown(methods.of(order.payment_method)),
        "action": link_of(order),
        "problem": problem,
    }
    return render(request, "orders/offer.html", context, status=status)
