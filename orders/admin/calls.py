"""Calls to buyers: the list of those to make, the longest wait first."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as lazy

from orders.admin import call_pages
from orders.models import CallTask
from shop.admin.base import ReadOnlyAdmin, badge
from shop.admin.kit import DropdownFilter
from shop.templatetags.shop_text import money

OUTCOMES = {
    CallTask.Outcome.CONFIRMED: "success",
    CallTask.Outcome.CANCELED: "danger",
    CallTask.Outcome.GIVEN_UP: "default",
    "": "warning",
}


class StateFilter(DropdownFilter):
    title = lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: object) -> Any:  # noqa: ARG002
        return [("due", lazy("to make now")), ("open", lazy("open")), ("over", lazy("over"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[CallTask]) -> QuerySet[CallTask]:  # noqa: ARG002
        if self.value() == "due":
            return queryset.filter(closed_at=None, due_at__lte=timezone.now())
        if self.value() in ("open", "over"):
            return queryset.filter(closed_at__isnull=self.value() == "open")
        return queryset


@admin.register(CallTask)
class CallTaskAdmin(ReadOnlyAdmin):
    list_display = ("number", "due", "phone", "buyer", "sum", "reason", "tries", "state")
    list_filter = (StateFilter,)
    search_fields = ("order__number", "order__email", "phone")
    search_help_text = lazy("Number, e-mail or phone")
    ordering = ("due_at", "id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[CallTask]:
        rows: QuerySet[CallTask] = super().get_queryset(request).select_related("order")
        return rows.annotate(tried=Count("attempts"))

    @admin.display(description=lazy("order"), ordering="order__number")
    def number(self, task: CallTask) -> str:
        return task.order.number

    @admin.display(description=lazy("call from"), ordering="due_at")
    def due(self, task: CallTask) -> str:
        return date_format(timezone.localtime(task.due_at), "j M, H:i")

    @admin.display(description=lazy("customer"))
    def buyer(self, task: CallTask) -> str:
        return task.order.name

    @admin.display(description=lazy("total"))
    def sum(self, task: CallTask) -> str:
        return money(task.order.total, task.order.currency)

    @admin.display(description=lazy("tries"))
    def tries(self, task: CallTask) -> int:
        return int(getattr(task, "tried", 0))

    @badge(lazy("outcome"), OUTCOMES)
    def state(self, task: CallTask) -> tuple[str, str]:
        words = task.get_outcome_display() if task.closed_at else lazy("open")
        return task.outcome, str(words)

    def change_view(self, request: HttpRequest, object_id: str, *_args: Any, **_kwargs: Any) -> Any:
        if not self.has_view_permission(request):
            raise PermissionDenied
        task = self.get_object(request, object_id)
        if task is None:
            return HttpResponseRedirect(reverse("admin:orders_calltask_changelist"))
        answer: HttpResponse = call_pages.show(request, self, task)
        return answer
