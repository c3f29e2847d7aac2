"""What may come back and why: rows that product pages, checkout and return page are written from."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as lazy

from orders.models import ReturnReason, ReturnRule
from orders.services import return_policy
from shop.admin.base import OnPages, ShopAdmin


@admin.register(ReturnRule)
class ReturnRuleAdmin(OnPages, ShopAdmin):
    list_display = (
        *("name", "position", "window_days", "is_final_sale", "exempt", "allows_exchange"),
        *("pays_return", "fee_percent", "approve_below", "keep_below", "is_active"),
    )
    list_filter = ("is_active", "is_final_sale")
    search_fields = ("name",)
    search_help_text = lazy("Name")
    ordering = ("position", "id")
    autocomplete_fields = ("categories", "collections")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return_policy.policy()
        return super().changelist_view(request, extra_context)


@admin.register(ReturnReason)
class ReturnReasonAdmin(OnPages, ShopAdmin):
    list_display = ("label", "code", "is_our_fault", "wants_photo", "is_active", "position")
    list_filter = ("is_active", "is_our_fault")
    search_fields = ("label", "code")
    search_help_text = lazy("Words or code")
    ordering = ("position", "id")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return_policy.reasons()
        return super().changelist_view(request, extra_context)
