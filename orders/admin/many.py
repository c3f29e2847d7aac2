"""What can be done to ticked orders and has a page of its own: a line for each."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from orders.admin import paper_runs
from orders.models import Order
from shipping.admin.run_asking import of_orders

Words = str | Promise
if TYPE_CHECKING:
    OrderPage = admin.ModelAdmin[Order]


@dataclass(frozen=True, slots=True)
class Many:
    """An action of the list. right: "app.permission"; start: from the ticked rows onwards."""

    slug: str
    words: Words
    right: str
    start: Callable[[HttpRequest, QuerySet[Order]], HttpResponse]


PRINTS = "shipping.view_fulfilment"
MANY: list[Many] = [
    Many("pick", _("Pick without a walk …"), "orders.pick_order", of_orders("pick")),
    Many("pack", _("Pick and pack …"), "orders.pick_order", of_orders("pack")),
    Many("label", _("Buy labels …"), "shipping.buy_label", of_orders("label")),
    Many("send", _("Send …"), "orders.ship_order", of_orders("ship")),
    Many("packing_slips", _("Packing slips"), PRINTS, paper_runs.slips),
    Many("priced_slips", _("Packing slips with prices"), PRINTS, paper_runs.slips_with_prices),
    Many("pick_lists", _("Pick list"), PRINTS, paper_runs.pick_lists),
    Many("label_sheets", _("Labels to print"), PRINTS, paper_runs.labels),
    Many("labels_on_a4", _("Labels, four on A4"), PRINTS, paper_runs.labels_on_a4),
]


def actions(request: HttpRequest) -> dict[str, Any]:
    """As the admin's list wants them."""
    return {
        one.slug: (partial(_start, one), one.slug, one.words)
        for one in MANY
        if request.user.has_perm(one.right)
    }


def _start(
    one: Many, _list: "OrderPage", request: HttpRequest, chosen: QuerySet[Order]
) -> HttpResponse:
    return one.start(request, chosen)
