"""Orders: found, read on one page, moved by the processes. Nothing is edited by hand."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as lazy
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    RangeDateFilter,
    RelatedDropdownFilter,
)

from orders.admin import badges, finding, many, step_pages
from orders.admin.filters import (
    AssignedFilter,
    DeliveryMethodFilter,
    PaymentMethodFilter,
    TagFilter,
)
from orders.admin.order_pages import OrderPages
from orders.admin.saved_views import SavedViewFilter
from orders.admin.steps import STEPS
from orders.models import Order
from shop.admin.base import badge
from shop.admin.paging import BoundedPaginator
from shop.templatetags.shop_text import money


@admin.register(Order)
class OrderAdmin(OrderPages):
    list_display = (
        "number",
        "placed",
        "buyer",
        "sum",
        "payment",
        "delivery",
        "state",
        "country",
        "pinned",
    )
    list_filter = (
        SavedViewFilter,
        ("status", ChoicesDropdownFilter),
        ("payment_status", ChoicesDropdownFilter),
        ("fulfillment_status", ChoicesDropdownFilter),
        ("market", RelatedDropdownFilter),
        ("placed_at", RangeDateFilter),
        PaymentMethodFilter,
        DeliveryMethodFilter,
        ("channel", ChoicesDropdownFilter),
        ("return_status", ChoicesDropdownFilter),
        AssignedFilter,
        TagFilter,
    )
    list_select_related = ("assigned_to",)
    search_fields = ("number",)
    search_help_text = lazy(
        "Number, e-mail, name, phone, SKU, tracking number, invoice, return, claim or reference"
    )
    ordering = ("-placed_at", "-id")
    # What has an index to be read in order, however many orders there are.
    sortable_by = ("number", "placed", "buyer")
    paginator = BoundedPaginator

    @admin.display(description=lazy("placed"), ordering="placed_at")
    def placed(self, order: Order) -> str:
        return date_format(timezone.localtime(order.placed_at), "j M Y, H:i")

    @admin.display(description=lazy("customer"), ordering="email")
    def buyer(self, order: Order) -> SafeString:
        return format_html(
            '<span class="who">{}<br><span class="quiet">{}</span></span>', order.name, order.email
        )

    @admin.display(description=lazy("total"), ordering="total")
    def sum(self, order: Order) -> str:
        return money(order.total, order.currency)

    @badge(lazy("payment"), badges.PAYMENT, ordering="payment_status")
    def payment(self, order: Order) -> tuple[str, str]:
        return order.payment_status, str(Order.Payment(order.payment_status).label)

    @badge(lazy("delivery"), badges.FULFILLMENT, ordering="fulfillment_status")
    def delivery(self, order: Order) -> tuple[str, str]:
        return badges.delivery(order)

    @badge(lazy("status"), badges.STATUS, ordering="status")
    def state(self, order: Order) -> tuple[str, str]:
        return order.status, str(Order.Status(order.status).label)

    @admin.display(description=lazy("tags"))
    def pinned(self, order: Order) -> SafeString:
        who = str(order.assigned_to) if order.assigned_to else ""
        return format_html('{} <span class="quiet">{}</span>', ", ".join(order.tags), who)

    # Finding

    def get_search_results(
        self,
        request: HttpRequest,  # noqa: ARG002
        queryset: QuerySet[Order],
        search_term: str,
    ) -> tuple[QuerySet[Order], bool]:
        return finding.narrow(queryset, search_term), False

    # Moving

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {
            slug: (partial(_start, slug), slug, f"{step.verb} …")
            for slug, step in STEPS.items()
            if request.user.has_perm(step.right)
        } | many.actions(request)


def _start(
    slug: str, _page: OrderAdmin, request: HttpRequest, chosen: QuerySet[Order]
) -> HttpResponse:
    return step_pages.start(request, chosen, STEPS[slug])
