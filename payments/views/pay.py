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
from payments.gateways import GATEWAYS, GatewayUnreachable, Standing, State, gateway
from payments.gateways.base import NotKnown
from payments.gateways.stripe import read_event
from payments.models import Payment, SavedCard
from payments.services import methods, starting, webhooks
from payments.services.payments import NothingLeft
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
    provider = methods.online(order)
    return redirect(begin_payment(request, order, provider=provider) if provider else order)


def begin_payment(
    request: HttpRequest,
    order: Order,
    *,
    saved_card: SavedCard | None = None,
    provider: str = "",
) -> str:
    """The provider's page for this order, or the bank's of a saved card that needs it.

    When there is no clear answer, a page that waits.
    """
    return_url = _way_back(request, order)
    try:
        return starting.begin(
            order=order,
            return_url=return_url,
            cancel_url=request.build_absolute_uri(order.get_absolute_url()),
            saved_card=saved_card,
            provider=provider,
            now=timezone.now(),
        )
    except GatewayUnreachable:
        return return_url
    except NothingLeft:
        return order.get_absolute_url()


def _way_back(request: HttpRequest, order: Order) -> str:
    path = f"{reverse('payments:back', args=[order.number])}?t={order.link_token}"
    return request.build_absolute_uri(path)


@require_GET
def back(request: HttpRequest, number: str) -> HttpResponse:
    """The shopper returns: ask the provider how it stands; never believe the address."""
    order = _own_order(request, number)
    online = [code for code, one in GATEWAYS.items() if one.is_online]
    waiting = Payment.objects.filter(order=order, is_open=True, provider__in=online)
    payment = waiting.select_related("order").order_by("pk").last()
    if payment is None:
        return redirect(f"{order.get_absolute_url()}&new=1")
    try:
        standing = _ask(payment)
    except (GatewayUnreachable, NotKnown):
        return _waiting(request, order)
    if standing is None:
        # Its page opens only now: the answer that named it was lost. Lost again, we wait here.
        page = begin_payment(request, order, provider=payment.provider)
        is_here = page == _way_back(request, order)
        return _waiting(request, order) if is_here else redirect(page)
    if standing.state == State.CLOSED and standing.message:
        return redirect(order)
    return redirect(f"{order.get_absolute_url()}&new=1")


def _ask(payment: Payment) -> Standing | None:
    if not payment.provider_ref:
        return None
    standing = gateway(payment.provider).standing(payment)
    if standing.state != State.OPEN or standing.declined_ref:
        checkout.confirm_payment(payment_id=payment.pk, standing=standing, now=timezone.now())
    return standing


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
