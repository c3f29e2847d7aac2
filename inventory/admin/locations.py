"""Locations, and who works there alone."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.models import User
from inventory.models import Location
from shop.admin.base import ShopAdmin
from shop.admin.kit import CheckboxSelectMultiple


@admin.register(Location)
class LocationAdmin(ShopAdmin):
    list_display = ("name", "code", "position")
    ordering = ("position", "id")
    prepopulated_fields = {"code": ("name",)}

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Staff as boxes to tick: a list to hold Ctrl over is a trap."""
        if db_field.name == "staff":
            kwargs["widget"] = CheckboxSelectMultiple()
            people = User.objects.filter(is_staff=True, is_active=True)
            kwargs["queryset"] = people.order_by("name", "email")
        return super().formfield_for_manytomany(db_field, request, **kwargs)
