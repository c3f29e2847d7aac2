"""The queue of orders that wait for a person: one row each, why, for how much, since when."""

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from orders.admin import step_pages
from orders.admin.decisions import open_holds
from orders.admin.steps import DECISIONS, STEPS
from orders.models import Hold, Order
from payments.models import Payment, RiskAssessment, RiskRule
from shop.admin.base import NEVER, ReadOnlyAdmin, badge, is_list
from shop.admin.kit import DropdownFilter
from shop.processes import verifying
from shop.templatetags.shop_text import money

TONES = {
    Hold.Kind.HIGH_RISK: "danger",
    Hold.Kind.DISPUTE: "danger",
    Hold.Kind.PAYMENT_MISMATCH: "warning",
}


class KindFilter(DropdownFilter):
    title = lazy("why")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: object) -> Any:  # noqa: ARG002
        return Hold.Kind.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[Hold]) -> QuerySet[Hold]:  # noqa: ARG002
        if not self.value():
            return queryset
        same = Hold.objects.filter(order=OuterRef("order"), released_at=None, kind=self.value())
        return queryset.filter(Exists(same))


class RuleFilter(DropdownFilter):
    title = lazy("which rule")
    parameter_name = "rule"

    def lookups(self, request: HttpRequest, model_admin: object) -> Any:  # noqa: ARG002
        return [(str(pk), name) for pk, name in RiskRule.objects.values_list("pk", "name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Hold]) -> QuerySet[Hold]:  # noqa: ARG002
        value = self.value() or ""
        if not (value.isascii() and value.isdecimal()):
            return queryset
        return queryset.filter(order__risk__reasons__contains=[{"rule": int(value[:18])}])


def waiting_orders() -> QuerySet[Hold]:
    """The first open hold of each order that waits."""
    first = Hold.objects.filter(order=OuterRef("order"), released_at=None, pk__lt=OuterRef("pk"))
    rows = Hold.objects.filter(released_at=None, order__status__in=verifying.OPEN)
    return rows.exclude(Exists(first))


@admin.register(Hold)
class HoldAdmin(ReadOnlyAdmin):
    list_display = ("number", "since", "kinds", "points", "why", "sum", "card", "buyer", "paid")
    list_display_links = None
    list_filter = (KindFilter, RuleFilter)
    search_fields = ("order__number", "order__email", "order__name")
    search_help_text = lazy("Number, e-mail or name")
    ordering = ("placed_at", "id")
    list_before_template = "admin/orders/hold/_list_head.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Hold]:
        rows = waiting_orders()
        if not is_list(request):
            return rows
        cards = Payment.objects.exclude(card={}).only("order", "card").order_by("pk")
        return rows.select_related("order", "order__risk").prefetch_related(
            Prefetch("order__holds", Hold.objects.filter(released_at=None).order_by("pk")),
            Prefetch("order__payments", cards),
        )

    @admin.display(description=lazy("order"), ordering="order__placed_at")
    def number(self, hold: Hold) -> SafeString:
        page = reverse("admin:orders_order_change", args=[hold.order_id])
        return format_html('<a href="{}">{}</a>', page, hold.order.number)

    @admin.display(description=lazy("waits"), ordering="placed_at")
    def since(self, hold: Hold) -> str:
        return timesince(hold.placed_at, timezone.now(), depth=1)

    @badge(lazy("why"), TONES)
    def kinds(self, hold: Hold) -> tuple[str, str]:
        found = open_holds(hold.order)
        return found[0].kind, ", ".join(str(one.get_kind_display()) for one in found)

    @admin.display(description=lazy("points"), ordering="order__risk__score")
    def points(self, hold: Hold) -> str:
        found = _weighed(hold.order)
        return f"{found.score} / {found.hold_from}" if found else NEVER

    @admin.display(description=lazy("reasons"))
    def why(self, hold: Hold) -> SafeString:
        found = _weighed(hold.order)
        lines = [(f"{one['words']} ({one['score']:+})",) for one in found.reasons] if found else []
        other = [(one.reason,) for one in open_holds(hold.order) if not _is_told(one, lines)]
        return format_html_join("", '<span class="piece__note">{}</span>', [*lines, *other])

    @admin.display(description=lazy("total"), ordering="order__total")
    def sum(self, hold: Hold) -> str:
        return money(hold.order.total, hold.order.currency)

    @admin.display(description=lazy("card"))
    def card(self, hold: Hold) -> str:
        countries = {str(one.card.get("country") or "") for one in hold.order.payments.all()}
        return ", ".join(sorted(countries - {""})) or NEVER

    @admin.display(description=lazy("customer"), ordering="order__email")
    def buyer(self, hold: Hold) -> SafeString:
        return format_html(
            '<span class="who">{}<br><span class="quiet">{} · {}</span></span>',
            hold.order.name,
            hold.order.email,
            hold.order.country,
        )

    @admin.display(description=lazy("payment"), ordering="order__payment_status")
    def paid(self, hold: Hold) -> str:
        return str(hold.order.get_payment_status_display())

    # Deciding

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {
            slug: (partial(_start, slug), slug, f"{STEPS[slug].verb} …")
            for slug in DECISIONS
            if request.user.has_perm(STEPS[slug].right)
        }

    def change_view(self, request: HttpRequest, object_id: str, *_args: Any, **_kwargs: Any) -> Any:
        """A hold is read and decided on the page of its order."""
        hold = self.get_object(request, object_id)
        if not self.has_view_permission(request):
            raise PermissionDenied
        if hold is None:
            return HttpResponseRedirect(reverse("admin:orders_hold_changelist"))
        return HttpResponseRedirect(reverse("admin:orders_order_change", args=[hold.order_id]))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        is_empty = not waiting_orders().exists()
        words = _("Nothing waits for a decision.") if is_empty else ""
        context = {"title": _("Waiting for a person"), "nothing_waits": words}
        return super().changelist_view(request, context | (extra_context or {}))


def _weighed(order: Order) -> RiskAssessment | None:
    return getattr(order, "risk", None)


def _is_told(hold: Hold, lines: list[tuple[str]]) -> bool:
    """The rules' own hold only repeats their reasons."""
    return hold.kind == Hold.Kind.HIGH_RISK and bool(lines)


def _start(
    slug: str, _page: HoldAdmin, request: HttpRequest, chosen: QuerySet[Hold]
) -> HttpResponse:
    """From the ticked rows to the question; the answer tells of each row how it went."""
    ids = list(chosen.order_by("order").values_list("order", flat=True)[: step_pages.AT_ONCE + 1])
    if len(ids) > step_pages.AT_ONCE:
        text = _("Choose at most %(count)s orders at a time.") % {"count": step_pages.AT_ONCE}
        messages.error(request, text)
        return HttpResponseRedirect(request.get_full_path())
    back = step_pages.Back("waiting", request.GET.urlencode())
    return HttpResponseRedirect(step_pages.address(STEPS[slug], ids, back=back))
