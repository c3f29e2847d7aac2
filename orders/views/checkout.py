"""The checkout: one page, one form, one order."""

import logging
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalog.models import Market
from catalog.queries.page import Seo, page_context
from inventory.queries import availability
from inventory.services.stock import OutOfStock
from orders.forms import CheckoutForm
from orders.models import Cart, Order
from orders.queries import needs_parcel
from orders.services.pricing import Delivery
from orders.views import cookies
from orders.views.cart import figures
from orders.views.page import cart_lines
from payments.gateways import gateway, offered
from payments.views import begin_payment
from shipping.queries import countries_served
from shop.lib.errors import Refused
from shop.lib.money import ZERO
from shop.processes import checkout as process
from shop.processes.checkout import Choice, Priced
from shop.templatetags.shop_text import dateline, money

logger = logging.getLogger(__name__)


@require_http_methods(["GET", "POST"])
def checkout(request: HttpRequest) -> HttpResponse:
    market = cookies.market_of(request)
    cart = cookies.cart_of(request)
    if cart is None:
        return _already_ordered(request, market) or redirect("orders:cart")
    is_sent = needs_parcel(cart)
    if request.method == "GET" or request.POST.get("refresh"):
        form = _form(market, request.POST or None, is_bound=False, is_sent=is_sent)
        return _page(request, cart, form)
    form = _form(market, request.POST, is_bound=True, is_sent=is_sent)
    if not form.is_valid():
        return _page(request, cart, form, status=422)
    return _place(request, cart, form)


def _place(request: HttpRequest, cart: Cart, form: CheckoutForm) -> HttpResponse:
    choice = Choice(
        buyer=form.buyer(),
        shipping_method=form.cleaned_data["shipping_method"],
        payment_method=form.cleaned_data["payment_method"],
        language=get_language() or "en-gb",
    )
    try:
        order = process.place_order(cart=cart, choice=choice, now=timezone.now())
    except OutOfStock:
        notice = _("Something in your basket has just sold out. Nothing was ordered yet.")
        return _page(request, cart, form, notice=notice, status=409)
    except Refused as error:
        form.add_error("shipping_method" if "delivery" in error.message else None, error.message)
        return _page(request, cart, form, status=409)
    return _leave(request, order)


def _leave(request: HttpRequest, order: Order) -> HttpResponse:
    """To the provider's page, or to the order's own."""
    if order.can_be_paid and gateway(order.payment_method).is_online:
        target = begin_payment(request, order)
    else:
        target = f"{order.get_absolute_url()}&new=1"
    response = redirect(target)
    cookies.forget(response, order.market)
    return response


def _already_ordered(request: HttpRequest, market: Market) -> HttpResponse | None:
    """The second click of the same checkout: its cart is an order by now."""
    token = cookies.token_of(request)[:40]
    order = Order.objects.filter(cart__token=token, market=market).first() if token else None
    return _leave(request, order) if order else None


def _countries(market: Market) -> list[str]:
    """Where this market's parcels go."""
    served = set(countries_served(market.currency))
    return [code for code in market.countries if code in served]


def _form(market: Market, data: Any, *, is_bound: bool, is_sent: bool) -> CheckoutForm:
    payments = [(one.code, one.name) for one in offered()]
    initial = {"country": market.home_country, "payment_method": payments[0][0]}
    if data is not None and not is_bound:
        initial |= {name: data.get(name, "") for name in CheckoutForm.base_fields}
    return CheckoutForm(
        data if is_bound else None,
        initial=initial,
        countries=_countries(market) if is_sent else list(market.countries),
        payments=payments,
        needs_address=is_sent,
    )


def _page(
    request: HttpRequest,
    cart: Cart,
    form: CheckoutForm,
    *,
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    market = cookies.market_of(request)
    served = {code for code, _name in form.fields["country"].choices}  # type: ignore[attr-defined]
    asked = str(form["country"].value())
    priced = process.quote(
        cart=cart,
        market=market,
        country=asked if asked in served else market.home_country,
        shipping_method=str(form["shipping_method"].value() or "")[:40],
        now=now,
    )
    stock = availability([line.line.variant_id for line in priced.all_lines])
    lines = cart_lines(priced.all_lines, stock)
    if not lines:
        return redirect("orders:cart")
    notices = [
        f"{line.title}: {text}" for line in lines for text in (line.problem, *line.notes) if text
    ]
    title = _("Checkout")
    context = {
        **page_context(
            request, seo=Seo(title=_("Error: %s") % title if form.errors else title, noindex=True)
        ),
        "form": form,
        "methods": [_method(offer, priced, market) for offer in priced.deliveries],
        "payments": _payments(form),
        "summary": figures(lines, priced, market.currency) | _delivery_line(priced),
        "button_text": _button(form, priced, market),
        "errors": _errors(form),
        "notices": [notice, *notices] if notice else notices,
        "needs_delivery": "line1" in form.fields,
    }
    return render(request, "orders/checkout.html", context, status=status)


def _method(offer: Delivery, priced: Priced, market: Market) -> dict[str, Any]:
    chosen = priced.quote.delivery
    return {
        "value": offer.code,
        "name": offer.name,
        "carrier": "" if offer.carrier in offer.name else offer.carrier,
        "arrival_text": arrival_text(offer),
        "price_text": money(offer.price, market.currency) if offer.price else _("Free"),
        "is_chosen": chosen is not None and chosen.code == offer.code,
    }


def arrival_text(offer: Delivery) -> str:
    """ "Arrives Tue 24 Nov", or from one day to another."""
    first, last = dateline(offer.arrives_from), dateline(offer.arrives_by)
    if first == last:
        return _("Arrives %(day)s") % {"day": first}
    return _("Arrives %(first)s to %(last)s") % {"first": first, "last": last}


def _delivery_line(priced: Priced) -> dict[str, Any]:
    delivery = priced.quote.delivery
    return {
        "delivery": delivery.price if delivery else ZERO,
        "delivery_text": f"{delivery.name}. {arrival_text(delivery)}" if delivery else "",
    }


def _payments(form: CheckoutForm) -> list[dict[str, Any]]:
    chosen = form["payment_method"].value()
    return [
        {"value": one.code, "name": one.name, "hint": one.hint, "is_chosen": one.code == chosen}
        for one in offered()
    ]


def _button(form: CheckoutForm, priced: Priced, market: Market) -> str:
    total = money(priced.quote.total.gross, market.currency)
    if form["payment_method"].value() == "card":
        return _("Order and pay %(total)s") % {"total": total}
    return _("Place order with obligation to pay %(total)s") % {"total": total}


def _errors(form: CheckoutForm) -> list[tuple[str, str]]:
    return [
        (form[name].id_for_label if name in form.fields else "checkout", str(message))
        for name, messages in form.errors.items()
        for message in messages
    ]
