"""An account: what is known, what it has, what it ordered; and its own prices."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db.models import Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.forms import CardForm
from accounts.models import Customer
from accounts.services import customers
from accounts.views.frame import members_only, page, private
from accounts.views.orders import DOCUMENTS, orders_of
from accounts.views.visits import mark
from catalog.models import Market
from catalog.queries import on_sale, price_lists
from catalog.queries.ladders import Ladder, ladder_for_groups
from catalog.queries.shown import side_of
from catalog.views.market import market_of
from marketing.models import Coupon
from marketing.queries.coupons import cards_of
from marketing.services import coupons
from payments.models import ValueAccount
from shop.lib import limits
from shop.lib.errors import Refused
from shop.lib.limits import TooOften
from shop.lib.text import clean
from shop.lib.workdays import shop_day

NEWEST = 5


@members_only
@require_safe
def overview(request: HttpRequest, customer: Customer) -> HttpResponse:
    return mark(_show(request, customer, CardForm()), customer)


@members_only
@require_POST
def card_link(request: HttpRequest, customer: Customer) -> HttpResponse:
    """Tie a discount card to the account, by its number."""
    form = CardForm(request.POST)
    try:
        limits.check(request, limits.DISCOUNT_CARD)
    except TooOften as refusal:
        form.add_error("number", refusal.message)
        return _show(request, customer, form, status=429)
    if not form.is_valid():
        return _show(request, customer, form, status=422)
    try:
        card = coupons.link_card(
            code=form.cleaned_data["number"], customer=customer, now=timezone.now()
        )
    except Refused as refusal:
        form.add_error("number", refusal.message)
        return _show(request, customer, form, status=422)
    return _show(request, customer, CardForm(), linked=card)


def _show(
    request: HttpRequest,
    customer: Customer,
    form: CardForm,
    *,
    linked: Coupon | None = None,
    status: int = 200,
) -> HttpResponse:
    market, now = market_of(request), timezone.now()
    groups = customers.customer_groups(customer)
    return page(
        request,
        "overview",
        title=_("Your account"),
        status=status,
        customer=customer,
        groups=customer.groups.order_by("name", "pk"),
        lists=_own_lists(market, groups, now),
        credit=_credit(customer, now),
        cards=cards_of(customer),
        orders=orders_of(customer).prefetch_related(DOCUMENTS)[:NEWEST],
        form=form,
        linked=linked,
    )


def _own_lists(market: Market, groups: Collection[int], now: dt.datetime) -> list[str]:
    found = price_lists.in_force(market=market, groups=groups, now=now).exclude(group=None)
    return [one.name for one in found]


def _credit(customer: Customer, now: dt.datetime) -> list[dict[str, Any]]:
    """What the shop owes the customer, by currency."""
    today = shop_day(now)
    rows = (
        ValueAccount.objects.filter(
            Q(expires_on=None) | Q(expires_on__gte=today),
            customer=customer,
            kind=ValueAccount.Kind.STORE_CREDIT,
            is_active=True,
        )
        .values("currency")
        .annotate(amount=Sum("balance"))
        .order_by("currency")
    )
    return [dict(row) for row in rows if row["amount"]]


@private
@require_safe
def prices(request: HttpRequest) -> HttpResponse:
    """What a piece costs whoever is signed in; 204 when that is what everybody pays."""
    customer = customers.of_user(request.user)
    found = _ladder(request, customer) if customer else None
    if not found or not found.steps:
        return HttpResponse(status=204)
    return render(request, "accounts/_prices.html", {"ladder": found})


def _ladder(request: HttpRequest, customer: Customer) -> Ladder | None:
    market, now = market_of(request), timezone.now()
    groups = customers.customer_groups(customer)
    price = on_sale.price_of(clean(request.GET.get("v", ""))[:64], market, now=now)
    if price is None or not groups:
        return None
    variant = price.variant
    found = ladder_for_groups(variant, price.current, market, groups=groups, now=now)
    if found == ladder_for_groups(variant, price.current, market, groups=(), now=now):
        return None
    return found.shown(side_of(market, variant.product.type.tax_class_id, now=now))
