"""What the list of stock is narrowed by, beside its level."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as lazy

from inventory.models import StockItem, StockPolicy, Supplier, SupplierOffer
from shop.admin.kit import DropdownFilter

YES, NO = "yes", "no"
ANSWERS = [(YES, lazy("Yes")), (NO, lazy("No"))]


class SupplierFilter(DropdownFilter):
    title = lazy("supplier")
    parameter_name = "supplier"

    def lookups(self, request: HttpRequest, model_admin: object) -> Any:  # noqa: ARG002
        return list(Supplier.objects.order_by("name").values_list("code", "name"))

    def queryset(self, request: HttpRequest, queryset: QuerySet[StockItem]) -> QuerySet[StockItem]:  # noqa: ARG002
        if not self.value():
            return queryset
        offers = SupplierOffer.objects.filter(supplier__code=self.value(), is_active=True)
        return queryset.filter(variant__in=offers.values("variant"))


class AheadFilter(admin.SimpleListFilter):
    title = lazy("sold before it is there")
    parameter_name = "ahead"

    def lookups(self, request: HttpRequest, model_admin: object) -> Any:  # noqa: ARG002
        return ANSWERS

    def queryset(self, request: HttpRequest, queryset: QuerySet[StockItem]) -> QuerySet[StockItem]:  # noqa: ARG002
        ahead = StockPolicy.objects.exclude(selling=StockPolicy.Selling.SHELF).values("variant")
        return _told(queryset, self.value(), ahead)


class BatchesFilter(admin.SimpleListFilter):
    title = lazy("has batches")
    parameter_name = "batches"

    def lookups(self, request: HttpRequest, model_admin: object) -> Any:  # noqa: ARG002
        return ANSWERS

    def queryset(self, request: HttpRequest, queryset: QuerySet[StockItem]) -> QuerySet[StockItem]:  # noqa: ARG002
        tracked = StockPolicy.objects.filter(tracks_batches=True).values("variant")
        return _told(queryset, self.value(), tracked)


def _told(
    queryset: QuerySet[StockItem], answer: str | None, variants: QuerySet[StockPolicy, Any]
) -> QuerySet[StockItem]:
    if answer == YES:
        return queryset.filter(variant__in=variants)
    return queryset.exclude(variant__in=variants) if answer == NO else queryset
