"""How much there is of a stock item, in words and as a filter."""

from typing import Any

from django.contrib import admin
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as lazy

from inventory.models import StockItem

PROMISED = F("allocated") + F("reserved") + F("safety")
SOLD_OUT = Q(on_hand__lte=PROMISED)
LOW = Q(on_hand__gt=PROMISED, on_hand__lte=PROMISED + F("low_at"))
LEVELS = {"out": lazy("Sold out"), "low": lazy("Low"), "fine": lazy("Enough")}


class LevelFilter(admin.SimpleListFilter):
    title = lazy("level")
    parameter_name = "level"

    def lookups(self, request: HttpRequest, model_admin: object) -> Any:  # noqa: ARG002
        return list(LEVELS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[StockItem]) -> QuerySet[StockItem]:  # noqa: ARG002
        match self.value():
            case "out":
                return queryset.filter(SOLD_OUT, variant__is_active=True)
            case "low":
                return queryset.filter(LOW, variant__is_active=True)
            case "fine":
                return queryset.exclude(SOLD_OUT | LOW)
        return queryset


def level_of(item: StockItem) -> str:
    if item.available == 0:
        return "out"
    return "low" if item.available <= item.low_at else "fine"
