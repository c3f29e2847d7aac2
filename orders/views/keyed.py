"""Pages below an order: open to whoever holds its key, and to nobody else."""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from orders.models import Order


def order_of(request: HttpRequest, number: str) -> Order:
    """The order whose key the address carries. Raises Http404 for any other, as for none."""
    order = get_object_or_404(Order.objects.select_related("market"), number=number)
    if not order.opens_with(request.GET.get("t", "")):
        raise Http404
    return order
