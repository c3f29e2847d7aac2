"""What a buyer does alone until picking starts: cancel, correct the address; and order again."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.services import customers
from orders.models import Cart
from orders.views import cookies
from orders.views.address import AddressForm
from orders.views.cart import show as show_cart
from orders.views.cart import with_cookies
from orders.views.keyed import order_of
from orders.views.order import show
from shop.lib import limits
from shop.lib.errors import Refused
from shop.lib.text import clean
from shop.processes import selfservice


@require_POST
def order_cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Call it off: the money goes back. Told in words when packing was faster."""
    order = order_of(request, number)
    limits.check(request, limits.SELF_SERVICE)
    reason = clean(request.POST.get("reason", ""))[:150]
    try:
        selfservice.cancel(order_id=order.pk, reason=reason, now=timezone.now())
    except Refused as refusal:
        order.refresh_from_db()
        return show(request, order, problem=refusal.message, status=409)
    return redirect(f"{order.get_absolute_url()}&did=cancel")


@require_POST
def order_address(request: HttpRequest, number: str) -> HttpResponse:
    """Send it elsewhere in the same country; what was typed is kept when that can't be."""
    order = order_of(request, number)
    limits.check(request, limits.SELF_SERVICE)
    form = AddressForm(request.POST, order=order)
    if not form.is_valid():
        return show(request, order, address=form, status=422)
    try:
        selfservice.readdress(order_id=order.pk, address=form.address(), now=timezone.now())
    except Refused as refusal:
        order.refresh_from_db()
        return show(request, order, problem=refusal.message, address=form, status=409)
    return redirect(f"{order.get_absolute_url()}&did=address")


@require_POST
def order_again(request: HttpRequest, number: str) -> HttpResponse:
    """Everything that can still be had goes into the basket, which says what is different."""
    order = order_of(request, number)
    limits.check(request, limits.SELF_SERVICE)
    now = timezone.now()
    cart = cookies.cart_of(request)
    if cart is None:
        cart = Cart.objects.create(
            market=cookies.market_of(request),
            customer=customers.of_user(request.user),
            created_at=now,
            updated_at=now,
        )
    found = selfservice.reorder(order=order, cart=cart, now=now)
    missing = [_("%(piece)s can't be had any more.") % {"piece": one} for one in found.missing]
    notes = [*found.changed, *missing]
    if notes:
        return with_cookies(show_cart(request, cart, problems=notes), cart)
    return with_cookies(redirect("orders:cart"), cart)
