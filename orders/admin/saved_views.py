"""What staff ask of the list of orders again and again."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from orders.admin import waiting
from orders.models import Order
from shop.lib.workdays import is_working_day, shop_day

Orders = QuerySet[Order]
# Working days within which a confirmed order should have left.
PATIENCE = 2


@dataclass(frozen=True, slots=True)
class SavedView:
    """A question to the orders, asked at a moment."""

    title: Promise
    narrow: Callable[[Orders, dt.datetime], Orders]
    is_tab: bool = False


def _unpaid(orders: Orders, _now: dt.datetime) -> Orders:
    open_states = [Order.Status.PENDING, Order.Status.CONFIRMED]
    return orders.filter(status__in=open_states, payment_status=Order.Payment.PENDING)


def _transfers(orders: Orders, now: dt.datetime) -> Orders:
    return _unpaid(orders, now).filter(payment_method="bank_transfer")


def _late(orders: Orders, now: dt.datetime) -> Orders:
    """To ship, and the first promised day has come or two working days have gone by."""
    today = shop_day(now)
    should_have_left = Q(placed_at__lt=_working_days_ago(PATIENCE, now))
    return waiting.to_ship(orders, now).filter(Q(arrives_from__lte=today) | should_have_left)


def _shipped(orders: Orders, _now: dt.datetime) -> Orders:
    gone = [Order.Fulfillment.FULFILLED, Order.Fulfillment.DELIVERED]
    return orders.filter(fulfillment_status__in=gone)


def _working_days_ago(count: int, now: dt.datetime) -> dt.datetime:
    moment = now
    while count > 0:
        moment -= dt.timedelta(days=1)
        count -= is_working_day(shop_day(moment), settings.SHOP["country"])
    return moment


SAVED_VIEWS = {
    "open": SavedView(_("Open"), lambda orders, _now: orders.filter(status__in=waiting.OPEN)),
    "to-verify": SavedView(_("To verify"), waiting.to_verify),
    "to-ship": SavedView(_("To ship"), waiting.to_ship, is_tab=True),
    "to-pick": SavedView(_("To pick"), waiting.to_pick),
    "to-pack": SavedView(_("To pack"), waiting.to_pack),
    "to-send": SavedView(_("Packed"), waiting.to_send),
    "late": SavedView(_("Late"), _late),
    "to-call": SavedView(_("To call"), waiting.to_call),
    "unpaid": SavedView(_("Unpaid"), _unpaid, is_tab=True),
    "transfers": SavedView(_("Unpaid transfers"), _transfers),
    "quotes-waiting": SavedView(_("Quotes sent"), waiting.quotes_waiting),
    "changed-unpaid": SavedView(_("Changed and not paid"), waiting.edits_waiting),
    "on-hold": SavedView(_("On hold"), waiting.on_hold),
    "returns-to-approve": SavedView(_("Returns to approve"), waiting.returns_to_approve),
    "returns-to-check": SavedView(_("Returns to check"), waiting.returns_to_check),
    "claims-to-answer": SavedView(_("Claims to answer"), waiting.claims_to_answer),
    "shipped": SavedView(_("Shipped"), _shipped, is_tab=True),
}


class SavedViewFilter(admin.SimpleListFilter):
    title = _("view")
    parameter_name = "view"

    def lookups(self, request: HttpRequest, model_admin: object) -> Any:  # noqa: ARG002
        return [(slug, view.title) for slug, view in SAVED_VIEWS.items()]

    def queryset(self, request: HttpRequest, queryset: Orders) -> Orders:  # noqa: ARG002
        view = SAVED_VIEWS.get(self.value() or "")
        return view.narrow(queryset, timezone.now()) if view else queryset
