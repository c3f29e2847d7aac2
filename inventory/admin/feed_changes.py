"""What suppliers' lists tell of our offers; staff say what is believed, row by row or many."""

from decimal import Decimal
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.models import User
from inventory.models import FeedChange, FeedRun
from inventory.services import feeds
from shop.admin.base import NEVER, ReadOnlyAdmin, badge
from shop.admin.saved import tidy
from shop.templatetags.shop_text import money

LIST = "admin:inventory_feedchange_changelist"
DECIDE = "inventory.change_feedchange"
HUNDRED = 100
TOLD = 50
Kind = FeedChange.Kind
TONES = {Kind.GONE: "danger", Kind.BACK: "success", Kind.COST: "warning"}


class WaitingFilter(admin.SimpleListFilter):
    """What can be decided, unless all is asked for."""

    title = lazy("state")
    parameter_name = "state"

    def lookups(self, *_args: Any) -> Any:
        return [("all", lazy("All, decided and out of date too"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[FeedChange]) -> Any:  # noqa: ARG002
        if self.value() == "all":
            return queryset
        return queryset.filter(pk__in=feeds.waiting())


@admin.register(FeedChange)
class FeedChangeAdmin(ReadOnlyAdmin):
    list_display = (
        *("sku", "supplier", "what", "before", "after", "margin_before", "margin_after", "decided"),
    )
    list_display_links = None
    list_select_related = ("offer__supplier", "offer__variant", "run__feed")
    list_filter = (WaitingFilter, "kind", ("offer__supplier", admin.RelatedOnlyFieldListFilter))
    list_after_template = "admin/inventory/feedchange/_decision.html"
    search_fields = ("offer__variant__sku", "offer__supplier_sku")
    search_help_text = lazy("Our SKU or theirs")
    ordering = ("-run__at", "offer__variant__sku", "id")
    actions = ("approve", "reject")

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        """The changes of one reading are linked to from it."""
        return lookup == "run__id__exact" or super().lookup_allowed(lookup, value, request)

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(DECIDE)

    def get_list_display(self, request: HttpRequest) -> Any:
        """Buttons for those who may press them, and words in the file."""
        match = request.resolver_match
        is_file = match is not None and str(match.url_name).endswith("_csv_changelist")
        if self.has_decide_permission(request) and not is_file:
            return self.list_display
        return ["decision" if name == "decided" else name for name in self.list_display]

    # Columns

    @admin.display(description=lazy("SKU"), ordering="offer__variant__sku")
    def sku(self, change: FeedChange) -> SafeString:
        sku = change.offer.variant.sku
        page = reverse("analytics:stock_variant", args=[sku])
        return format_html('<a href="{}">{}</a>', page, sku)

    @admin.display(description=lazy("supplier"), ordering="offer__supplier__name")
    def supplier(self, change: FeedChange) -> str:
        return f"{change.offer.supplier} ({change.offer.supplier_sku})"

    @badge(lazy("change"), TONES, ordering="kind")
    def what(self, change: FeedChange) -> tuple[str, str]:
        return change.kind, change.get_kind_display()

    @admin.display(description=lazy("was"))
    def before(self, change: FeedChange) -> str:
        return _figure(change, change.was)

    @admin.display(description=lazy("becomes"))
    def after(self, change: FeedChange) -> str:
        return _figure(change, change.becomes)

    @admin.display(description=lazy("margin before"), ordering="margin_was")
    def margin_before(self, change: FeedChange) -> str:
        return _share(change.margin_was)

    @admin.display(description=lazy("margin after"), ordering="margin_becomes")
    def margin_after(self, change: FeedChange) -> str:
        return _share(change.margin_becomes)

    @admin.display(description=lazy("decision"))
    def decided(self, change: FeedChange) -> str | SafeString:
        """Two buttons of the form below the list, for this row alone."""
        if change.decision:
            return str(change.get_decision_display())
        if change.run.status != FeedRun.Status.PENDING:
            return str(change.run.get_status_display())
        sku = change.offer.variant.sku
        button = '<button class="action action--quiet" form="decision" name="{}" value="{}" aria-label="{}">{}</button>'
        yes, no = _("Approve"), _("Reject")
        return format_html(
            button + " " + button,
            *("approve", change.pk, f"{yes}: {sku}, {change.get_kind_display()}", yes),
            *("reject", change.pk, f"{no}: {sku}, {change.get_kind_display()}", no),
        )

    # Deciding

    @admin.action(description=lazy("Approve"), permissions=["decide"])
    def approve(self, request: HttpRequest, chosen: QuerySet[FeedChange]) -> None:
        _decide(request, list(chosen.values_list("pk", flat=True)), is_approved=True)

    @admin.action(description=lazy("Reject"), permissions=["decide"])
    def reject(self, request: HttpRequest, chosen: QuerySet[FeedChange]) -> None:
        _decide(request, list(chosen.values_list("pk", flat=True)), is_approved=False)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        context = {
            "decision": reverse("admin:inventory_feedchange_decision"),
            "back": tidy(request.GET),
            "may_decide": self.has_decide_permission(request),
        }
        return super().changelist_view(request, context | (extra_context or {}))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.decision_view)
        return [
            path("decision/", view, name="inventory_feedchange_decision"),
            *super().get_urls(),
        ]

    def decision_view(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_decide_permission(request):
            raise PermissionDenied
        for name, is_approved in (("approve", True), ("reject", False)):
            if request.POST.get(name, "").isdecimal():
                _decide(request, [int(request.POST[name])], is_approved=is_approved)
        return HttpResponseRedirect(f"{reverse(LIST)}?{request.POST.get('back', '')}")


def _decide(request: HttpRequest, ids: list[int], *, is_approved: bool) -> None:
    """Each row says what came of it; what goes beyond a screen is told as a number."""
    actor = request.user if isinstance(request.user, User) else None
    decided = feeds.decide(change_ids=ids, is_approved=is_approved, actor=actor, now=timezone.now())
    for one in decided[:TOLD]:
        words = f"{one.change.offer.supplier_sku}, {one.change.get_kind_display()}: {one.words}"
        (messages.success if one.is_done else messages.error)(request, words)
    if rest := decided[TOLD:]:
        told = {"done": sum(one.is_done for one in rest), "count": len(rest)}
        messages.info(request, _("Of %(count)s more, %(done)s were done.") % told)


def _figure(change: FeedChange, value: Decimal | None) -> str:
    if value is None:
        return NEVER
    if change.kind == Kind.STOCK:
        return str(int(value))
    return money(value, change.offer.supplier.currency)


def _share(share: Decimal | None) -> str:
    return NEVER if share is None else f"{share * HUNDRED:.1f}%"
