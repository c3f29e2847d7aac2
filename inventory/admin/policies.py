"""The one-row settings of stock: where orders are sent from, and how the shop orders by itself."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from inventory.models import BuyingPolicy, Routing
from shop.admin.base import ShopAdmin


class OneRow(ShopAdmin):
    """Made with its defaults when somebody first looks."""

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        self.model._default_manager.get_or_create(pk=1)  # noqa: SLF001 — as Django calls it
        return super().get_queryset(request)


@admin.register(Routing)
class RoutingAdmin(OneRow):
    list_display = ("__str__",)
    fields = ("strategy",)


@admin.register(BuyingPolicy)
class BuyingPolicyAdmin(OneRow):
    list_display = ("__str__", "is_on", "review_days", "cover_days")
    fields = (
        *("is_on", "service_level", "review_days", "cover_days", "budget"),
        *("overstock_days", "dead_days"),
    )
