"""What was told to webhooks and what they answered, to be sent again."""

import json
from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from channels.models import WebhookDelivery, WebhookEvent
from channels.services import webhooks
from shop.admin.base import NEVER, ReadOnlyAdmin, badge
from shop.lib.errors import Refused

State = WebhookDelivery.State
TONES = {State.DELIVERED: "success", State.WAITING: "info", State.FAILED: "danger"}
PERSONAL = "accounts.view_personal_data"
REPLAY = "channels.change_webhookendpoint"
DELIVERY = (
    *("endpoint", "event_page", "outcome", "is_replay", "tries", "due_at", "tried_at"),
    *("status", "took_ms", "done_at"),
)
EVENT = ("uid", "topic", "subject", "at", "key", "deliveries_page")


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnlyAdmin):
    list_display = ("told", "about", "endpoint", "outcome", "tries", "status", "took_ms", "when")
    list_select_related = ("endpoint", "event")
    list_filter = ("state", "endpoint", "event__topic", "is_replay")
    search_fields = ("event__subject", "event__uid")
    search_help_text = lazy(
        "Order, SKU, product or customer (“order-10482”), or the id that was sent"
    )
    ordering = ("-id",)
    actions = ("send_again",)
    readonly_fields = (*DELIVERY, "answer")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002
        """What a receiver answers may repeat what it was told."""
        return (*DELIVERY, "answer") if request.user.has_perm(PERSONAL) else DELIVERY

    @admin.display(description=lazy("told"), ordering="event__topic")
    def told(self, row: WebhookDelivery) -> str:
        return row.event.topic

    @admin.display(description=lazy("about"), ordering="event__subject")
    def about(self, row: WebhookDelivery) -> str:
        return row.event.subject

    @admin.display(description=lazy("happened"), ordering="event__at")
    def when(self, row: WebhookDelivery) -> Any:
        return row.event.at

    @badge(lazy("state"), TONES, ordering="state")
    def outcome(self, row: WebhookDelivery) -> tuple[str, str]:
        return row.state, row.get_state_display()

    @admin.display(description=lazy("event"))
    def event_page(self, row: WebhookDelivery) -> SafeString:
        page = reverse("admin:channels_webhookevent_change", args=[row.event_id])
        return format_html('<a href="{}">{}</a>', page, row.event)

    def has_replay_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(REPLAY)

    @admin.action(description=lazy("Send again"), permissions=["replay"])
    def send_again(self, request: HttpRequest, chosen: QuerySet[WebhookDelivery]) -> None:
        rows = list(chosen.select_related("endpoint", "event").order_by("pk"))
        try:
            webhooks.replay(deliveries=rows, now=timezone.now())
        except Refused as refusal:
            self.message_user(request, refusal.message, messages.WARNING)
            return
        words = ngettext(
            "%(count)s is sent again in a few seconds.",
            "%(count)s are sent again in a few seconds.",
            len(rows),
        )
        self.message_user(request, words % {"count": len(rows)}, messages.SUCCESS)


@admin.register(WebhookEvent)
class WebhookEventAdmin(ReadOnlyAdmin):
    list_display = ("topic", "subject", "at", "endpoints", "taken")
    list_filter = ("topic",)
    search_fields = ("subject", "uid")
    search_help_text = lazy(
        "Order, SKU, product or customer (“order-10482”), or the id that was sent"
    )
    ordering = ("-at", "-id")
    readonly_fields = (*EVENT, "words")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002
        """The words have names and addresses in them."""
        return (*EVENT, "words") if request.user.has_perm(PERSONAL) else EVENT

    def get_queryset(self, request: HttpRequest) -> QuerySet[WebhookEvent]:
        rows: QuerySet[WebhookEvent] = super().get_queryset(request)
        taken = Q(deliveries__state=State.DELIVERED)
        return rows.annotate(
            delivery_count=Count("deliveries"), taken_count=Count("deliveries", filter=taken)
        )

    @admin.display(description=lazy("deliveries"), ordering="delivery_count")
    def endpoints(self, event: Any) -> int:
        return int(event.delivery_count)

    @admin.display(description=lazy("taken"), ordering="taken_count")
    def taken(self, event: Any) -> int:
        return int(event.taken_count)

    @admin.display(description=lazy("deliveries"))
    def deliveries_page(self, event: WebhookEvent) -> SafeString | str:
        if not event.pk:
            return NEVER
        page = reverse("admin:channels_webhookdelivery_changelist")
        return format_html('<a href="{}?event__id__exact={}">{}</a>', page, event.pk, _("Show"))

    @admin.display(description=lazy("told"))
    def words(self, event: WebhookEvent) -> SafeString:
        text = json.dumps(event.payload, indent=2, ensure_ascii=False)
        return format_html('<pre class="panel__text">{}</pre>', text)
