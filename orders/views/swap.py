"""Another piece in the place of one that ran out of the basket."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from orders.models import CartLine
from orders.services import swaps
from orders.views import cookies
from orders.views.cart import show, with_cookies
from shop.lib.errors import Refused
from shop.lib.guard import same_origin_only
from shop.lib.text import clean
from shop.processes.checkout import holding


@same_origin_only
@require_POST
def cart_line_swap(request: HttpRequest, line_id: int) -> HttpResponse:
    cart = cookies.cart_of(request)
    if cart is None:
        raise Http404
    part = "#cart" if request.headers.get("HX-Request") else ""
    sku, now = clean(request.POST.get("sku", ""))[:64], timezone.now()
    try:
        changed = swaps.swap(cart=cart, line_id=line_id, sku=sku, now=now)
    except CartLine.DoesNotExist as error:
        raise Http404 from error
    except Refused as error:
        return show(request, cart, problems=[error.message], part=part, status=422)
    holding.follow(cart=cart, now=now)
    if part or changed.note:
        notes = [changed.note] if changed.note else []
        return show(request, cart, problems=notes, part=part)
    return with_cookies(redirect("orders:cart"), cart)
