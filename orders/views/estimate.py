"""Where a basket would go, told before the checkout."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from orders.services import carts
from orders.views import cookies
from orders.views.cart import show
from orders.views.estimated import asked
from shop.lib.guard import same_origin_only


@same_origin_only
@require_POST
def cart_estimate(request: HttpRequest) -> HttpResponse:
    """Keep a country and a postcode with the basket, and show what delivery and tax are there."""
    cart = cookies.cart_of(request)
    if cart is None:
        raise Http404
    form = asked(cookies.market_of(request), request.POST)
    part = "#cart" if request.headers.get("HX-Request") else ""
    if not form.is_valid():
        return show(request, cart, estimate=form, part=part, status=422)
    data = form.cleaned_data
    carts.send_to(cart=cart, country=data["country"], postcode=data["postcode"], now=timezone.now())
    return show(request, cart, part=part)
