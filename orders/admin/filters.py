from typing import TYPE_CHECKING

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from orders.models import Order
from payments.gateways import GATEWAYS
from shipping.models import Method
from shop.admin.kit import DropdownFilter

if TYPE_CHECKING:
    from django.contrib.admin import SimpleListFilter as TextFilter
else:
    from unfold.contrib.filters.admin import TextFilter

Choices = list[tuple[str, str]]
Page = admin.ModelAdmin


class PaymentMethodFilter(DropdownFilter):
    title = _("paid by")
    parameter_name = "paid_by"

    def lookups(self, request: HttpRequest, model_admin: "Page[Order]") -> Choices:  # noqa: ARG002
        return [(code, gateway.name) for code, gateway in GATEWAYS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Order]) -> QuerySet[Order]:  # noqa: ARG002
        return queryset.filter(payment_method=self.value()) if self.value() else queryset


class DeliveryMethodFilter(DropdownFilter):
    title = _("sent by")
    parameter_name = "sent_by"

    def lookups(self, request: HttpRequest, model_admin: "Page[Order]") -> Choices:  # noqa: ARG002
        return list(Method.objects.order_by("position", "pk").values_list("code", "name"))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Order]) -> QuerySet[Order]:  # noqa: ARG002
        return queryset.filter(shipping_method=self.value()) if self.value() else queryset


class AssignedFilter(DropdownFilter):
    title = _("looked after by")
    parameter_name = "assigned"

    def lookups(self, request: HttpRequest, model_admin: "Page[Order]") -> Choices:  # noqa: ARG002
        people = User.objects.filter(is_staff=True, is_active=True).order_by("name", "email")
        named = [(str(person.pk), str(person)) for person in people]
        return [("me", str(_("me"))), ("nobody", str(_("nobody"))), *named]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Order]) -> QuerySet[Order]:
        value = self.value() or ""
        if value == "nobody":
            return queryset.filter(assigned_to=None)
        if value == "me":
            return queryset.filter(assigned_to=request.user.pk)
        is_id = value.isascii() and value.isdecimal()
        return queryset.filter(assigned_to=int(value[:18])) if is_id else queryset


class TagFilter(TextFilter):
    """Typed, not chosen: nobody knows all tags of a million orders by heart."""

    title = _("tag")
    parameter_name = "tag"

    def lookups(self, request: HttpRequest, model_admin: "Page[Order]") -> Choices:  # noqa: ARG002
        return []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Order]) -> QuerySet[Order]:  # noqa: ARG002
        words = " ".join((self.value() or "").split()).lower()
        return queryset.filter(tags__contains=[words]) if words else queryset
