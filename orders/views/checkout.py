"""The checkout: one page, one form, one order."""

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalog.models import Market
from catalog.queries.page import Seo, page_context
from inventory.services.stock import OutOfStock
from orders.forms import CheckoutForm
from orders.models import Cart, Order
from orders.queries import needs_parcel
from orders.services import return_policy
from orders.services.receipts import lines_of_quote
from orders.views import codes, cookies, saved_addresses, saved_cards
from orders.views.business import VatSaid, prove
from orders.views.checkout_fields import fields
from orders.views.delivered import arrival_text, countries, leaves_later, notes, ways
from orders.views.figures import NOTHING_SAID, CodeSaid, figures
from orders.views.page import cart_lines, stock_of
from orders.views.saved_cards import WayToPay
from payments.gateways import gateway
from payments.services import methods
from payments.services.methods import NotOffered, Offered
from payments.views import begin_payment
from shop.lib import limits, rulebook
from shop.lib.errors import Refused
from shop.lib.http import client_address, is_only_fetched
from shop.lib.limits import TooOften
from shop.lib.money import ZERO
from shop.lib.text import clean
from shop.processes import asking_carriers
from shop.processes import checkout as process
from shop.processes.checkout import Choice, CostsMore, NoDelivery, holding
from shop.processes.quoting import Asked, Priced
from shop.templatetags.shop_text import money


@dataclass(frozen=True, slots=True)
class Told:
    """What the page says on top of its figures."""

    notices: Sequence[str] = ()
    code: CodeSaid = NOTHING_SAID
    vat: VatSaid | None = None


@require_http_methods(["GET", "POST"])
@rulebook.one_moment()
def checkout(request: HttpRequest) -> HttpResponse:
    market = cookies.market_of(request)
    cart = cookies.cart_of(request)
    if cart is None:
        return _already_ordered(request, market) or redirect("orders:cart")
    is_sent = needs_parcel(cart)
    said = _codes(request, cart) if request.method == "POST" else NOTHING_SAID
    if request.method == "GET" or _is_asking(request) or said.is_news:
        picked = saved_addresses.chosen(request, cart, countries(market))
        typed = request.POST.dict() | picked if request.POST else None
        form = _form(cart, market, typed, is_bound=False, is_sent=is_sent)
        vat = prove(request, form)
        told = Told(code=said, vat=vat)
        return _page(request, cart, form, told=told, status=422 if said.error else 200)
    form = _form(cart, market, request.POST, is_bound=True, is_sent=is_sent)
    _ask_how_to_pay(cart, market, form)
    vat = prove(request, form) if form.is_valid() else None
    if not form.is_valid():
        return _page(request, cart, form, told=Told(vat=vat), status=422)
    return _place(request, cart, form, vat)


def _is_asking(request: HttpRequest) -> bool:
    """Whether the page is to be shown anew: also when Enter was pressed to look for points."""
    near, shown = request.POST.get("near", ""), request.POST.get("near_shown", "")
    refreshes = bool(request.POST.get("refresh") or request.POST.get("use_address"))
    return refreshes or near.strip() != shown.strip()


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
    now = timezone.now()
    if asking_carriers.quote(cart=cart, market=market, asked=asked, now=now).to_pay > ZERO:
        form.add_error("payment_method", _("Choose how to pay."))


def _place(
    request: HttpRequest, cart: Cart, form: CheckoutForm, vat: VatSaid | None
) -> HttpResponse:
    choice = Choice(
        buyer=form.buyer(),
        shipping_method=form.cleaned_data["shipping_method"],
        pickup=form.cleaned_data["pickup"],
        payment_method=form.cleaned_data["payment_method"],
        language=get_language() or "en-gb",
        seen_total=_seen_total(request),
        ip=client_address(request),
    )
    try:
        limits.look(request, limits.CHECKOUT, target=choice.buyer.email)
        order = process.place_order(cart=cart, choice=choice, now=timezone.now())
    except TooOften as error:
        return _page(request, cart, form, told=Told([error.message], vat=vat), status=429)
    except OutOfStock:
        notices = [_("Something in your basket can't be had any more. Nothing was ordered yet.")]
        return _page(request, cart, form, told=Told(notices, vat=vat), status=409)
    except CostsMore as error:
        notices = [_costs_more(error, cart.market.currency), *error.reasons]
        return _page(request, cart, form, told=Told(notices, vat=vat), status=409)
    except Refused as error:
        form.add_error(_field_of(error), error.message)
        return _page(request, cart, form, told=Told(vat=vat), status=409)
    keep = form.cleaned_data["keep_address"]
    saved_addresses.remember(order, keep=keep, now=timezone.now())
    # Orders count, not clicks: pressing again while something is down shuts nobody out.
    with suppress(TooOften):
        limits.check(request, limits.CHECKOUT, target=choice.buyer.email)
    return _leave(request, order)


def _field_of(error: Refused) -> str | None:
    """The field that a refusal is about."""
    if isinstance(error, NoDelivery):
        return "shipping_method"
    return "payment_method" if isinstance(error, NotOffered) else None


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
        target = begin_payment(request, order, saved_card=saved_cards.chosen(request))
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
    # Which of them are open to this sale, and their names, is known once it is priced.
    payments = [(one.code, one.code) for one in methods.rows()]
    initial = {
        "country": cart.country or market.home_country,
        "postcode": cart.postcode,
    }
    if cart.customer is not None:
        initial |= {
            name: getattr(cart.customer, name)
            for name in ("email", "name", "company", "vat_number")
        }
    if is_sent:
        initial |= saved_addresses.first_fill(cart, countries(market))
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
    now = timezone.now()
    if not is_only_fetched(request):
        holding.hold(cart=cart, now=now)
    priced = asking_carriers.quote(cart=cart, market=market, asked=asked, now=now)
    stock = stock_of(cart, priced, now=now)
    sums = lines_of_quote(priced.quote, with_tax=market.shows_tax)
    lines = cart_lines(priced.all_lines, sums, stock)
    if not lines:
        return redirect("orders:cart")
    problems = [
        f"{line.title}: {text}" for line in lines for text in (line.problem, *line.notes) if text
    ]
    offered = _payments(cart, form, priced, asked) if priced.to_pay else []
    payments = saved_cards.offer(request, offered, chosen=str(form["saved_card"].value() or ""))
    summary = _summary(lines, priced, market, told, leaves_later(priced, stock))
    title = _("Checkout")
    is_wrong = bool(form.errors or told.code.error)
    context = {
        **page_context(
            request, seo=Seo(title=_("Error: %s") % title if is_wrong else title, noindex=True)
        ),
        "form": form,
        "methods": ways(priced, market, stock),
        "delivery_notes": notes(priced),
        "delivery_errors": tuple(map(str, form["shipping_method"].errors)),
        "payment_errors": tuple(map(str, form["payment_method"].errors)),
        "near": str(form["near"].value() or ""),
        "payments": payments,
        "returns": return_policy.words(product=None, country=asked.country),
        "checkout_url": reverse("orders:checkout"),
        "summary": summary,
        "summary_lines": render_to_string("orders/_checkout_lines.html", {"summary": summary}),
        "button_text": _button(payments, priced, market),
        "errors": _errors(form, told.code),
        "notices": [*told.notices, *problems],
        "needs_delivery": "line1" in form.fields,
        "fields": fields(
            form,
            vat=told.vat,
            saved=saved_addresses.offered(cart, form, countries(market)),
            can_keep=cart.customer is not None,
        ),
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
        pickup=_typed(form, "pickup", 60),
        near=_typed(form, "near", 16),
    )


def _typed(form: CheckoutForm, name: str, most: int) -> str:
    return clean(str(form[name].value() or ""))[:most] if name in form.fields else ""


def _summary(
    lines: list[Any], priced: Priced, market: Market, told: Told, later: dt.date | None
) -> dict[str, Any]:
    summary = figures(lines, priced, market, said=told.code)
    delivery = priced.quote.delivery
    text = f"{delivery.name}. {arrival_text(delivery, later)}" if delivery else ""
    sums = replace(summary["sums"], delivery_text=text)
    return summary | {"sums": sums, "is_paid": bool(sums.paid)}


def _payments(cart: Cart, form: CheckoutForm, priced: Priced, asked: Asked) -> list[WayToPay]:
    """What this shopper may choose from; the first one until they choose."""
    sale = process.sale_of(cart, priced, country=asked.country, now=timezone.now())
    found = methods.offered(sale)
    chosen = form["payment_method"].value() or (found[0].code if found else "")
    return [_payment(one, is_chosen=one.code == chosen) for one in found]


def _payment(one: Offered, *, is_chosen: bool) -> WayToPay:
    return WayToPay(one.code, str(one.name), str(one.hint), is_chosen=is_chosen)


def _button(payments: Sequence[WayToPay], priced: Priced, market: Market) -> str:
    if priced.to_pay <= ZERO:
        return _("Place order, nothing left to pay")
    figures = {"total": money(priced.to_pay, market.currency)}
    chosen = next((one.value for one in payments if one.is_chosen), "")
    if chosen and gateway(chosen).is_online:
        return _("Order and pay %(total)s") % figures
    return _("Place order with obligation to pay %(total)s") % figures


def _errors(form: CheckoutForm, said: CodeSaid) -> list[tuple[str, str]]:
    errors = [
        (form[name].id_for_label if name in form.fields else "checkout", str(message))
        for name, messages in form.errors.items()
        for message in messages
    ]
    return [*errors, ("id_code", said.error)] if said.error else errors
