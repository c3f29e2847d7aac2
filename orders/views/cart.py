"""The basket."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from catalog.forms import ExtrasForm
from catalog.models import Market
from catalog.queries.page import Seo, page_context
from catalog.queries.recommendations import for_basket
from orders.forms import EstimateForm, filled
from orders.models import Cart, CartLine
from orders.services import carts
from orders.services.carts import Changed
from orders.services.extras import NOTHING, fields_of
from orders.services.receipts import lines_of_quote
from orders.views import cookies
from orders.views.delivered import Stock
from orders.views.estimated import estimated
from orders.views.extras import ask_again, extras_form, problems_of, says_nothing
from orders.views.figures import NOTHING_SAID, CodeSaid, figures
from orders.views.page import Line, LineWords, cart_lines, stock_of
from orders.views.substitutes import with_help
from shop.lib import rulebook
from shop.lib.errors import Refused
from shop.lib.guard import same_origin_only
from shop.lib.parts import kept
from shop.lib.text import clean
from shop.processes import quoting
from shop.processes.checkout import holding
from shop.processes.quoting import Asked, Priced


@require_GET
def cart_detail(request: HttpRequest) -> HttpResponse:
    return show(request, cookies.cart_of(request))


@same_origin_only
@require_POST
def cart_line_create(request: HttpRequest) -> HttpResponse:
    """Put something in the basket: a confirmation for script, the basket for the rest."""
    market = cookies.market_of(request)
    sku = clean(request.POST.get("sku", ""))[:64]
    now = timezone.now()
    goods = carts.goods_of(market=market, sku=sku, now=now)
    form = None if says_nothing(request, goods) else extras_form(request, goods, market)
    if form and not form.is_valid():
        return _refuse(request, form, problems_of(form))
    try:
        changed = carts.add(
            token=cookies.token_of(request),
            market=market,
            sku=sku,
            quantity=carts.parse_quantity(request.POST.get("quantity", "1")),
            filled=filled(form) if form else NOTHING,
            goods=goods,
            now=now,
        )
    except Refused as error:
        return _refuse(request, form or extras_form(request, goods, market), [error.message])
    if not changed.is_first:
        holding.follow(cart=changed.cart, now=now)
    notes = [changed.note] if changed.note else []
    if request.headers.get("HX-Request"):
        return show(request, changed.cart, changed=changed, problems=notes, part="#added")
    if notes:
        return show(request, changed.cart, problems=notes)
    response = redirect("orders:cart")
    if changed.is_first and changed.line:
        cookies.remember(response, changed.cart, changed.line.quantity)
        return response
    return with_cookies(response, changed.cart)


def _refuse(request: HttpRequest, form: ExtrasForm, problems: list[str]) -> HttpResponse:
    """Say what is wrong and keep what was typed: beside the button, or on a page with the form."""
    if form.fields and not request.headers.get("HX-Request"):
        return ask_again(request, form, problems)
    part = "#added" if request.headers.get("HX-Request") else ""
    cart = cookies.cart_of(request)
    return show(request, cart, problems=problems, part=part, status=422)


@same_origin_only
@require_POST
def cart_line_update(request: HttpRequest, line_id: int) -> HttpResponse:
    """Change a quantity; zero takes the line out, and says how to put it back."""
    cart = cookies.cart_of(request)
    if cart is None:
        raise Http404
    gone = CartLine.objects.select_related("variant__product").filter(pk=line_id, cart=cart).first()
    if gone is None:
        raise Http404
    is_script = bool(request.headers.get("HX-Request"))
    part, now = "#cart" if is_script else "", timezone.now()
    try:
        quantity = carts.parse_quantity(request.POST.get("quantity", ""), least=0)
        changed = carts.change(cart=cart, line_id=line_id, quantity=quantity, now=now)
    except Refused as error:
        return show(request, cart, problems=[error.message], part=part, status=422)
    holding.follow(cart=cart, now=now)
    removed = _removed(gone) if changed.line is None else None
    if is_script or removed or changed.note:
        notes = [changed.note] if changed.note else []
        return show(request, cart, removed=removed, problems=notes, part=part)
    return with_cookies(redirect("orders:cart"), cart)


def _removed(line: CartLine) -> dict[str, Any]:
    return {
        "title": line.variant.product.title,
        "sku": line.variant.sku,
        "quantity": line.quantity,
        "fields": fields_of(line.answers),
    }


@rulebook.one_moment()
def show(
    request: HttpRequest,
    cart: Cart | None,
    *,
    changed: Changed | None = None,
    removed: dict[str, Any] | None = None,
    problems: Sequence[str] = (),
    said: CodeSaid = NOTHING_SAID,
    estimate: EstimateForm | None = None,
    part: str = "",
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    market = cookies.market_of(request)
    priced = None
    lines: list[Line] = []
    stock: Stock = {}
    if cart is not None:
        asked = Asked(country=cart.country or market.home_country, postcode=cart.postcode)
        priced = quoting.quote(cart=cart, market=market, asked=asked, now=now)
        stock = stock_of(cart, priced, now=now)
        sums = lines_of_quote(priced.quote, with_tax=market.shows_tax)
        lines = cart_lines(priced.all_lines, sums, stock)
        lines = with_help(lines, priced.all_lines, stock, market)
    title = _("Basket")
    context = {
        **page_context(
            request, seo=Seo(title=_("Error: %s") % title if said.error else title, noindex=True)
        ),
        "cart": figures(lines, priced, market, problems=problems, said=said),
        "estimate": estimated(cart, priced, market, stock=stock) if cart and lines else None,
        "wrong": estimate,
        "added": _added(lines, changed, market),
        "removed": removed,
        "recommendations": "" if part else _recommended(_products(priced), market, now),
    }
    response = render(request, f"orders/cart.html{part}", context, status=status)
    if cart is not None:
        cookies.remember(response, cart, sum(line.quantity for line in lines))
    return response


def _recommended(products: frozenset[int], market: Market, now: dt.datetime) -> SafeString:
    """A row of what goes with all of this. Kept like the pages for one piece: most hold one."""
    if len(products) > 1:
        return _row(products, market, now)
    # What is new today is new all day.
    name = f"beside-basket:{market.pk}:{sorted(products)}:{now.date()}"
    return kept(name, lambda: _row(products, market, now))


def _row(products: frozenset[int], market: Market, now: dt.datetime) -> SafeString:
    title = _("Goes well with your basket") if products else _("Best sellers")
    cards = for_basket(products, market, now=now)
    return render_to_string("components/card_row.html", {"title": title, "cards": cards})


def _products(priced: Priced | None) -> frozenset[int]:
    return frozenset(one.variant.product_id for one in (priced.all_lines if priced else ()))


def _added(lines: list[Line], changed: Changed | None, market: Market) -> LineWords | None:
    if changed is None or changed.line is None:
        return None
    found = next(line for line in lines if changed.line and line.id == changed.line.pk)
    return found.in_words(market.currency)


def with_cookies(response: HttpResponse, cart: Cart) -> HttpResponse:
    count = sum(CartLine.objects.filter(cart=cart).values_list("quantity", flat=True))
    cookies.remember(response, cart, count)
    return response
