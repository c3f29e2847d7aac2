"""What the buyer of a short line chooses, on the order's own page."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from orders.models import Order, OrderLine
from orders.views.order import show
from shop.lib import limits
from shop.lib.errors import Refused
from shop.lib.text import clean
from shop.processes import shortages
from shop.processes.shortages import Choice


@require_POST
def shortage_choice(request: HttpRequest, number: str, line_id: int) -> HttpResponse:
    """Wait, another piece, or cancel: once, and told in words when somebody was faster."""
    order = get_object_or_404(Order.objects.select_related("market"), number=number)
    if not order.opens_with(request.GET.get("t", "")):
        raise Http404
    limits.check(request, limits.SELF_SERVICE)
    choice = Choice(request.POST.get("choice", "")[:12], clean(request.POST.get("sku", ""))[:64])
    try:
        shortages.choose(order_id=order.pk, line_id=line_id, choice=choice, now=timezone.now())
    except OrderLine.DoesNotExist as error:
        raise Http404 from error
    except Refused as refusal:
        order.refresh_from_db()
        return show(request, order, problem=refusal.message, status=409)
    return redirect(f"{order.get_absolute_url()}&chosen={choice.outcome}")
