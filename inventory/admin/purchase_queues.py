"""Purchase orders that wait for somebody."""

import datetime as dt
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as lazy

from inventory.models import PurchaseOrder
from shop.lib.workdays import shop_day

SUGGESTED = Q(status=PurchaseOrder.Status.DRAFT, is_suggested=True)
ON_THE_WAY = Q(status__in=PurchaseOrder.OPEN)


def late(now: dt.datetime) -> Q:
    """Expected before today, and not all of it is there."""
    return ON_THE_WAY & Q(expected_on__lt=shop_day(now))


class QueueFilter(admin.SimpleListFilter):
    title = lazy("queue")
    parameter_name = "queue"

    def lookups(self, request: HttpRequest, model_admin: object) -> Any:  # noqa: ARG002
        return [
            ("suggested", lazy("Suggested, to be approved")),
            ("open", lazy("On the way")),
            ("late", lazy("Late")),
        ]

    def queryset(
        self,
        request: HttpRequest,  # noqa: ARG002
        queryset: QuerySet[PurchaseOrder],
    ) -> QuerySet[PurchaseOrder]:
        queues = {"suggested": SUGGESTED, "open": ON_THE_WAY, "late": late(timezone.now())}
        wanted = queues.get(self.value() or "")
        return queryset.filter(wanted) if wanted else queryset
