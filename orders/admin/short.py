"""The queue of lines that went short: what is missing, whose, since when, and what to do."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import BigIntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from inventory.models import Shortage
from orders.admin import short_pages
from orders.admin.short_steps import DECISIONS
from orders.models import Order, OrderLine, OrderLinePart
from shop.admin.base import NEVER, ReadOnlyAdmin, badge, is_list
from shop.admin.kit import DropdownFilter

TONES = {"": "danger", "wait": "warning", "substitute": "info", "found": "success"}
OPEN, DONE = "open", "done"


class StateFilter(DropdownFilter):
    title = lazy("settled")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: object) -> Any:  # noqa: ARG002
        return [(OPEN, _("Waits for a decision")), (DONE, _("Settled"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Shortage]) -> QuerySet[Shortage]:  # noqa: ARG002
        if not self.value():
            return queryset
        return queryset.filter(settled_at__isnull=self.value() == OPEN)


class OrderStateFilter(DropdownFilter):
    title = lazy("order")
    parameter_name = "order"

    def lookups(self, request: HttpRequest, model_admin: object) -> Any:  # noqa: ARG002
        return Order.Status.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002
        if not self.value():
            return queryset
        return queryset.filter(line__in=OrderLine.objects.filter(order__status=self.value()))


def open_shortages() -> QuerySet[Shortage]:
    return Shortage.objects.filter(settled_at=None)


@admin.register(Shortage)
class ShortageAdmin(ReadOnlyAdmin):
    list_display = ("order", "piece", "missing", "since", "state", "why", "buyer")
    list_display_links = None
    list_filter = (StateFilter, OrderStateFilter)
    search_fields = ("variant__sku",)
    search_help_text = lazy("SKU, order number, e-mail or name")
    ordering = ("noticed_at", "id")
    list_before_template = "admin/orders/hold/_list_head.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Shortage]:
        own = OrderLine.objects.filter(holder=OuterRef("holder")).values("pk")
        of_part = OrderLinePart.objects.filter(holder=OuterRef("holder")).values("line")
        line = Coalesce(Subquery(own), Subquery(of_part), output_field=BigIntegerField())
        rows = Shortage.objects.annotate(line=line)
        if not is_list(request):
            return rows
        facts = JSONObject(
            number="order__number",
            order="order_id",
            title="title",
            label="variant_label",
            quantity="quantity",
            name="order__name",
            email="order__email",
        )
        told = OrderLine.objects.filter(pk=OuterRef("line")).values_list(facts)
        return rows.annotate(told=Subquery(told)).select_related("variant")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Shortage], search_term: str
    ) -> tuple[QuerySet[Shortage], bool]:
        found, is_double = super().get_search_results(request, queryset, search_term)
        if term := search_term.strip():
            number = OrderLine.objects.filter(order__number=term.removeprefix("#"))
            buyer = OrderLine.objects.filter(order__email__icontains=term)
            name = OrderLine.objects.filter(order__name__icontains=term)
            annotated: QuerySet[Any] = queryset
            found |= annotated.filter(line__in=(number | buyer | name).values("pk"))
        return found, is_double

    @admin.display(description=lazy("order"))
    def order(self, row: Any) -> SafeString | str:
        if not row.told:
            return NEVER
        page = reverse("admin:orders_order_change", args=[row.told["order"]])
        return format_html('<a href="{}">{}</a>', page, row.told["number"])

    @admin.display(description=lazy("piece"), ordering="variant__sku")
    def piece(self, row: Any) -> SafeString:
        name = ", ".join(filter(None, (row.told["title"], row.told["label"]))) if row.told else ""
        return format_html('{} <span class="piece__note quiet">{}</span>', row.variant.sku, name)

    @admin.display(description=lazy("missing"), ordering="quantity")
    def missing(self, row: Any) -> str:
        return str(row.quantity)

    @admin.display(description=lazy("since"), ordering="noticed_at")
    def since(self, row: Any) -> str:
        return timesince(row.noticed_at, timezone.now(), depth=1)

    @badge(lazy("state"), TONES, ordering="outcome")
    def state(self, row: Any) -> tuple[str, str]:
        words = row.get_outcome_display() if row.outcome else _("Waits for a decision")
        return row.outcome, words

    @admin.display(description=lazy("reason"))
    def why(self, row: Any) -> str:
        return row.reason or NEVER

    @admin.display(description=lazy("customer"))
    def buyer(self, row: Any) -> SafeString | str:
        if not row.told:
            return NEVER
        words = '<span class="who">{}<br><span class="quiet">{}</span></span>'
        return format_html(words, row.told["name"], row.told["email"])

    # Deciding

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {
            slug: (partial(_start, slug), slug, f"{step.verb} …")
            for slug, step in DECISIONS.items()
            if all(request.user.has_perm(right) for right in step.rights)
        }

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        page = wrap(self.decision_view)
        mine = path("decisions/<slug:slug>/", page, name="inventory_shortage_decision")
        return [mine, *super().get_urls()]

    def decision_view(self, request: HttpRequest, slug: str) -> HttpResponse:
        return short_pages.show(request, self, slug)

    def change_view(self, request: HttpRequest, object_id: str, *_args: Any, **_kwargs: Any) -> Any:
        """A shortage is read and decided on the page of its order."""
        row: Any = self.get_object(request, object_id)
        if not self.has_view_permission(request):
            raise PermissionDenied
        if row is None or row.line is None:
            return HttpResponseRedirect(reverse("admin:inventory_shortage_changelist"))
        order_id = OrderLine.objects.values_list("order_id", flat=True).get(pk=row.line)
        return HttpResponseRedirect(reverse("admin:orders_order_change", args=[order_id]))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        words = "" if open_shortages().exists() else _("Nothing is short.")
        context = {"title": _("Short"), "nothing_waits": words}
        return super().changelist_view(request, context | (extra_context or {}))


def _start(
    slug: str, _page: ShortageAdmin, request: HttpRequest, chosen: QuerySet[Shortage]
) -> HttpResponse:
    return short_pages.start(request, chosen, DECISIONS[slug])
