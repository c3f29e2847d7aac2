"""Codes in the basket: promotion codes and gift cards, typed into one field."""

from contextlib import suppress

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from orders.models import Cart, CartCode
from orders.services import codes as kept
from orders.views import cookies
from orders.views.cart import show
from orders.views.figures import CodeSaid
from shop.lib import limits
from shop.lib.errors import Refused
from shop.lib.guard import same_origin_only
from shop.lib.limits import TooOften
from shop.lib.text import clean
from shop.processes import codes
from shop.processes.codes import UnknownCode


@same_origin_only
@require_POST
def cart_code_create(request: HttpRequest) -> HttpResponse:
    """Keep a code with the basket; says what it does, or why it is refused."""
    cart = cookies.cart_of(request)
    part = "#cart" if request.headers.get("HX-Request") else ""
    if cart is None:
        problem = _("Your basket is empty. Put something in, then enter the code.")
        return show(request, None, problems=[problem], part=part, status=422)
    said = enter(request, cart)
    return show(request, cart, said=said, part=part, status=422 if said.error else 200)


@same_origin_only
@require_POST
def cart_code_remove(request: HttpRequest, code_id: int) -> HttpResponse:
    """Take a code out of the basket."""
    cart = cookies.cart_of(request)
    if cart is None:
        raise Http404
    said = remove(cart, code_id)
    part = "#cart" if request.headers.get("HX-Request") else ""
    return show(request, cart, said=said, part=part)


def enter(request: HttpRequest, cart: Cart) -> CodeSaid:
    """Try what was typed; only what nobody knows counts as a guess."""
    typed = clean(request.POST.get("code", ""))[:64]
    try:
        limits.look(request, limits.CODE)
        code = codes.enter(cart=cart, typed=typed, now=timezone.now())
    except UnknownCode as refusal:
        with suppress(TooOften):
            limits.check(request, limits.CODE)
        return CodeSaid(value=typed, error=refusal.message)
    except Refused as refusal:
        return CodeSaid(value=typed, error=refusal.message)
    return CodeSaid(entered=str(code.pk))


def remove(cart: Cart, code_id: int) -> CodeSaid:
    """Take a code out. Raises Http404 for what is not in this basket."""
    try:
        code = kept.remove(cart=cart, code_id=code_id, now=timezone.now())
    except CartCode.DoesNotExist as error:
        raise Http404 from error
    return CodeSaid(words=_("%(code)s is out of your basket.") % {"code": code.shown})
