"""Drafts and quotes: found, put together, offered."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from orders.admin import draft_page
from orders.models import Draft, Order
from shop.admin.base import NEVER, ReadOnlyAdmin, badge
from shop.admin.kit import DropdownFilter
from shop.templatetags.shop_text import money

OPEN, SENT, OVER, DONE = "open", "sent", "over", "done"
WORDS = {
    OPEN: lazy("Being written"),
    SENT: lazy("Offered"),
    OVER: lazy("Offer ended"),
    DONE: lazy("Became an order"),
    Order.Status.CANCELED: lazy("Thrown away"),
}
TONES = {OPEN: "info", SENT: "warning", OVER: "danger", DONE: "success"}


class StateFilter(DropdownFilter):
    title = lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: object) -> Any:  # noqa: ARG002
        return [(slug, WORDS[slug]) for slug in (OPEN, SENT, OVER, DONE)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Draft]) -> QuerySet[Draft]:  # noqa: ARG002
        drafts = queryset.filter(order__status=Order.Status.DRAFT)
        past = drafts.filter(until__lt=timezone.now())
        found = {
            OPEN: drafts.filter(sent_at=None),
            SENT: drafts.exclude(sent_at=None).exclude(pk__in=past.values("pk")),
            OVER: past,
            DONE: queryset.exclude(order__status__in=[Order.Status.DRAFT, Order.Status.CANCELED]),
        }
        return found.get(self.value() or "", queryset)


def waiting_drafts() -> QuerySet[Draft]:
    """Drafts that somebody has to go on with: not offered yet."""
    return Draft.objects.filter(order__status=Order.Status.DRAFT, sent_at=None)


@admin.register(Draft)
class DraftAdmin(ReadOnlyAdmin):
    list_display = ("number", "buyer", "channel", "sum", "state", "until_when", "made_by", "made")
    list_filter = (StateFilter,)
    search_fields = ("order__number", "order__email", "order__name", "order__reference")
    search_help_text = lazy("Number, e-mail, name or their reference")
    ordering = ("-made_at", "-id")
    list_select_related = ("order", "made_by")

    def has_add_permission(self, request: HttpRequest, *_args: Any) -> bool:
        return request.user.has_perm(draft_page.RIGHT)

    @admin.display(description=lazy("number"), ordering="order__number")
    def number(self, draft: Draft) -> str:
        return draft.order.number

    @admin.display(description=lazy("customer"))
    def buyer(self, draft: Draft) -> str:
        return draft.order.name or draft.order.email or NEVER

    @admin.display(description=lazy("came by"))
    def channel(self, draft: Draft) -> str:
        return draft.order.get_channel_display()

    @admin.display(description=lazy("total"), ordering="order__total")
    def sum(self, draft: Draft) -> str:
        return money(draft.order.total, draft.order.currency)

    @badge(lazy("state"), TONES)
    def state(self, draft: Draft) -> tuple[str, str]:
        found = _state(draft)
        return found, str(WORDS[found])

    @admin.display(description=lazy("holds until"), ordering="until")
    def until_when(self, draft: Draft) -> str:
        return date_format(timezone.localtime(draft.until), "j M Y") if draft.until else NEVER

    @admin.display(description=lazy("made"), ordering="made_at")
    def made(self, draft: Draft) -> str:
        return date_format(timezone.localtime(draft.made_at), "j M Y, H:i")

    def get_urls(self) -> list[URLPattern]:
        discard = self.admin_site.admin_view(require_POST(self.discard_view))
        return [
            path("<int:pk>/removal/", discard, name="orders_draft_discard"),
            *super().get_urls(),
        ]

    def discard_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return draft_page.discard(request, get_object_or_404(Draft, pk=pk))

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",  # noqa: ARG002
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002
    ) -> HttpResponse:
        return draft_page.show(request, self, None)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",  # noqa: ARG002
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002
    ) -> HttpResponse:
        draft = self.get_object(request, unquote(object_id))
        if draft is None:
            raise Http404
        return draft_page.show(request, self, draft)


def _state(draft: Draft) -> str:
    status = draft.order.status
    if status == Order.Status.CANCELED:
        return status
    if status != Order.Status.DRAFT:
        return DONE
    if draft.until is not None and draft.until < timezone.now():
        return OVER
    return SENT if draft.sent_at else OPEN
