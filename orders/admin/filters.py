from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from orders.models import Order
from payments.gateways import GATEWAYS
from shipping.models import Method
from shop.admin.kit import DropdownFilter

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
