"""From the order to the provider's page and back, and the provider's own messages."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from catalog.queries.page import Seo, page_context
from orders.models import Order
from payments.gateways import BALANCES, GatewayUnreachable, State, gateway
from payments.gateways.stripe import read_event
from payments.models import Payment
from payments.services import starting, webhooks
from shop.lib.guard import same_origin_only
from shop.processes import checkout

WEBHOOK_LIMIT = 256 * 1024


def _own_order(request: HttpRequest, number: str) -> Order:
    """The order whose key is in the address; a stranger sees nothing there."""
    order = get_object_or_404(Order, number=number)
    if not order.opens_with(request.GET.get("t", "")):
        raise Http404
    return order


@same_origin_only
@require_POST
def pay(request: HttpRequest, number: str) -> HttpResponse:
    """Start or resume paying for an order that waits for its money."""
    order = _own_order(request, number)
    if not order.can_be_paid or not gateway(order.payment_method).is_online:
        return redirect(order)
    return redirect(begin_payment(request, order))


def begin_payment(request: HttpRequest, order: Order) -> str:
    """The provider's page for this order; when it gives no clear answer, a page that waits."""
    back_path = f"{reverse('payments:back', args=[order.number])}?t={order.link_token}"
    return_url = request.build_absolute_uri(back_path)
    try:
        return starting.begin(
            order=order,
            return_url=return_url,
            cancel_url=request.build_absolute_uri(order.get_absolute_url()),
            now=timezone.now(),
        )
    except GatewayUnreachable:
        return return_url


@require_GET
def back(request: HttpRequest, number: str) -> HttpResponse:
    """The shopper returns: ask the provider how it stands; never believe the address."""
    order = _own_order(request, number)
    asked = Payment.objects.filter(order=order, is_open=True).exclude(provider_ref="")
    payment = asked.exclude(provider__in=BALANCES).last()
    if payment is not None:
        try:
            standing = gateway(payment.provider).standing(payment)
        except GatewayUnreachable:
            return _waiting(request, order)
        if standing.state != State.OPEN:
            checkout.confirm_payment(payment_id=payment.pk, standing=standing, now=timezone.now())
        return redirect(f"{order.get_absolute_url()}&new=1")
    if order.can_be_paid and order.payment_method == "card":
        return _waiting(request, order)
    return redirect(f"{order.get_absolute_url()}&new=1")


def _waiting(request: HttpRequest, order: Order) -> HttpResponse:
    seo = Seo(title=_("Checking your payment"), noindex=True)
    context = {**page_context(request, seo=seo), "order": order}
    return render(request, "orders/processing.html", context, status=202)


@csrf_exempt
@require_POST
def webhook(request: HttpRequest, provider: str) -> HttpResponse:
    """Check the sender, keep the event, answer; the work is done by a task."""
    if provider != "stripe":
        raise Http404
    if len(request.body) > WEBHOOK_LIMIT:
        return HttpResponse("too large", status=413, content_type="text/plain")
    try:
        event = read_event(request.body, request.headers.get("Stripe-Signature", ""))
    except ValueError:
        return HttpResponse("bad signature", status=400, content_type="text/plain")
    webhooks.store(provider=provider, event=event, now=timezone.now())
    return HttpResponse("kept", content_type="text/plain")
