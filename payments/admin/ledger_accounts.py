"""The chart of accounts."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from payments.models import LedgerAccount
from shop.admin.base import ShopAdmin


@admin.register(LedgerAccount)
class LedgerAccountAdmin(ShopAdmin):
    """What the shop books on by itself keeps its role and kind."""

    list_display = ("code", "name", "kind", "role", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("code", "name")
    ordering = ("code",)
    fields = ("code", "name", "kind", "role", "is_active")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:  # noqa: ARG002
        if obj is None:
            return ("role",)
        return ("role", "kind", "is_active") if obj.role else ("role", "kind")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False
