"""The checkout: one page, one form, one order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
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
from orders.services.receipts import lines_of_quote
from orders.views import codes, cookies
from orders.views.business import VatSaid, prove
from orders.views.delivered import arrival_text, countries, ways
from orders.views.figures import NOTHING_SAID, CodeSaid, figures
from orders.views.page import cart_lines
from payments.gateways import gateway, offered
from payments.views import begin_payment
from shop.lib.errors import Refused
from shop.lib.money import ZERO
from shop.lib.text import clean
from shop.processes import checkout as process
from shop.processes import quoting
from shop.processes.checkout import Choice, CostsMore, NoDelivery
from shop.processes.quoting import Asked, Priced
from shop.templatetags.shop_text import money


@dataclass(frozen=True, slots=True)
class Told:
    """What the page says on top of its figures."""

    notices: Sequence[str] = ()
    code: CodeSaid = NOTHING_SAID
    vat: VatSaid | None = None


@require_http_methods(["GET", "POST"])
def checkout(request: HttpRequest) -> HttpResponse:
    market = cookies.market_of(request)
    cart = cookies.cart_of(request)
    if cart is None:
        return _already_ordered(request, market) or redirect("orders:cart")
    is_sent = needs_parcel(cart)
    said = _codes(request, cart) if request.method == "POST" else NOTHING_SAID
    if request.method == "GET" or request.POST.get("refresh") or said.is_news:
        form = _form(cart, market, request.POST or None, is_bound=False, is_sent=is_sent)
        vat = prove(request, form)
        told = Told(code=said, vat=vat)
        return _page(request, cart, form, told=told, status=422 if said.error else 200)
    form = _form(cart, market, request.POST, is_bound=True, is_sent=is_sent)
    _ask_how_to_pay(cart, market, form)
    vat = prove(request, form) if form.is_valid() else None
    if not form.is_valid():
        return _page(request, cart, form, told=Told(vat=vat), status=422)
    return _place(request, cart, form, vat)


def _codes(request: HttpRequest, cart: Cart) -> CodeSaid:
    """A code that was typed is tried before anything is ordered, whichever button was pressed."""
    removed = request.POST.get("remove_code", "")
    if removed.isascii() and removed.isdigit():
        return codes.remove(cart, int(removed))
    if request.POST.get("enter_code"):
        return codes.enter(request, cart)
    if request.POST.get("refresh"):
        return CodeSaid(value=clean(request.POST.get("code", ""))[:64])
    return codes.enter(request, cart) if request.POST.get("code", "").strip() else NOTHING_SAID


def _ask_how_to_pay(cart: Cart, market: Market, form: CheckoutForm) -> None:
    """A way to pay is needed unless gift cards and credit leave nothing."""
    if form["payment_method"].value() or "payment_method" in form.errors:
        return
    asked = _asked(form, market)
    if quoting.quote(cart=cart, market=market, asked=asked, now=timezone.now()).to_pay > ZERO:
        form.add_error("payment_method", _("Choose how to pay."))


def _place(
    request: HttpRequest, cart: Cart, form: CheckoutForm, vat: VatSaid | None
) -> HttpResponse:
    choice = Choice(
        buyer=form.buyer(),
        shipping_method=form.cleaned_data["shipping_method"],
        payment_method=form.cleaned_data["payment_method"],
        language=get_language() or "en-gb",
        seen_total=_seen_total(request),
    )
    try:
        order = process.place_order(cart=cart, choice=choice, now=timezone.now())
    except OutOfStock:
        notices = [_("Something in your basket has just sold out. Nothing was ordered yet.")]
        return _page(request, cart, form, told=Told(notices, vat=vat), status=409)
    except CostsMore as error:
        notices = [_costs_more(error, cart.market.currency), *error.reasons]
        return _page(request, cart, form, told=Told(notices, vat=vat), status=409)
    except Refused as error:
        form.add_error("shipping_method" if isinstance(error, NoDelivery) else None, error.message)
        return _page(request, cart, form, told=Told(vat=vat), status=409)
    return _leave(request, order)


def _seen_total(request: HttpRequest) -> Decimal | None:
    """What the page said it costs; None when it is not sent along."""
    try:
        seen = Decimal(request.POST.get("seen_total", "")[:20])
    except InvalidOperation:
        return None
    return seen if seen.is_finite() else None


def _costs_more(error: CostsMore, currency: str) -> str:
    figures = {"was": money(error.was, currency), "now": money(error.now, currency)}
    return _("It costs %(now)s now, not %(was)s. Nothing was ordered yet.") % figures


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


def _form(cart: Cart, market: Market, data: Any, *, is_bound: bool, is_sent: bool) -> CheckoutForm:
    payments = [(one.code, one.name) for one in offered()]
    initial = {
        "country": cart.country or market.home_country,
        "postcode": cart.postcode,
        "payment_method": payments[0][0],
    }
    if cart.customer is not None:
        initial |= {
            name: getattr(cart.customer, name)
            for name in ("email", "name", "company", "vat_number")
        }
    if data is not None and not is_bound:
        initial |= {name: data.get(name, "") for name in CheckoutForm.base_fields}
    return CheckoutForm(
        data if is_bound else None,
        initial=initial,
        countries=countries(market) if is_sent else list(market.countries),
        payments=payments,
        needs_address=is_sent,
    )


def _page(
    request: HttpRequest, cart: Cart, form: CheckoutForm, *, told: Told, status: int = 200
) -> HttpResponse:
    market = cookies.market_of(request)
    asked = _asked(form, market)
    priced = quoting.quote(cart=cart, market=market, asked=asked, now=timezone.now())
    stock = availability([line.line.variant_id for line in priced.all_lines])
    sums = lines_of_quote(priced.quote, with_tax=market.shows_tax)
    lines = cart_lines(priced.all_lines, sums, stock)
    if not lines:
        return redirect("orders:cart")
    problems = [
        f"{line.title}: {text}" for line in lines for text in (line.problem, *line.notes) if text
    ]
    title = _("Checkout")
    is_wrong = bool(form.errors or told.code.error)
    context = {
        **page_context(
            request, seo=Seo(title=_("Error: %s") % title if is_wrong else title, noindex=True)
        ),
        "form": form,
        "methods": ways(priced, market),
        "payments": _payments(form) if priced.to_pay else [],
        "summary": _summary(lines, priced, market, told),
        "button_text": _button(form, priced, market),
        "errors": _errors(form, told.code),
        "notices": [*told.notices, *problems],
        "needs_delivery": "line1" in form.fields,
        "vat": told.vat,
    }
    return render(request, "orders/checkout.html", context, status=status)


def _asked(form: CheckoutForm, market: Market) -> Asked:
    """What was typed so far, as far as prices depend on it."""
    served = {code for code, _name in form.fields["country"].choices}  # type: ignore[attr-defined]
    country = _typed(form, "country", 2)
    return Asked(
        country=country if country in served else market.home_country,
        postcode=_typed(form, "postcode", 16),
        shipping_method=_typed(form, "shipping_method", 40),
        email=_typed(form, "email", 254).lower(),
        vat_number=_typed(form, "vat_number", 20),
    )


def _typed(form: CheckoutForm, name: str, most: int) -> str:
    return clean(str(form[name].value() or ""))[:most] if name in form.fields else ""


def _summary(lines: list[Any], priced: Priced, market: Market, told: Told) -> dict[str, Any]:
    summary = figures(lines, priced, market, said=told.code)
    delivery = priced.quote.delivery
    text = f"{delivery.name}. {arrival_text(delivery)}" if delivery else ""
    return summary | {"sums": replace(summary["sums"], delivery_text=text)}


def _payments(form: CheckoutForm) -> list[dict[str, Any]]:
    chosen = form["payment_method"].value()
    return [
        {"value": one.code, "name": one.name, "hint": one.hint, "is_chosen": one.code == chosen}
        for one in offered()
    ]


def _button(form: CheckoutForm, priced: Priced, market: Market) -> str:
    if priced.to_pay <= ZERO:
        return _("Place order, nothing left to pay")
    figures = {"total": money(priced.to_pay, market.currency)}
    if form["payment_method"].value() == "card":
        return _("Order and pay %(total)s") % figures
    return _("Place order with obligation to pay %(total)s") % figures


def _errors(form: CheckoutForm, said: CodeSaid) -> list[tuple[str, str]]:
    errors = [
        (form[name].id_for_label if name in form.fields else "checkout", str(message))
        for name, messages in form.errors.items()
        for message in messages
    ]
    return [*errors, ("id_code", said.error)] if said.error else errors
