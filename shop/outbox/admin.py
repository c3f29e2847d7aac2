import datetime as dt
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from shop.admin.base import ReadOnlyAdmin, badge, is_list
from shop.admin.mail_texts import MailTextAdmin
from shop.outbox import delivery
from shop.outbox.models import Mail, MailText, Message, Sms

admin.site.register(MailText, MailTextAdmin)


@admin.register(Mail)
class MailAdmin(ReadOnlyAdmin):
    """Mails as they left, so that staff see what a customer was told."""

    list_display = ("subject", "to", "kind", "reference", "sent_at")
    list_filter = ("kind",)
    search_fields = ("to", "subject", "reference")
    search_help_text = lazy("Address, subject or order number")
    ordering = ("-sent_at", "-id")
    fieldsets = (
        (None, {"fields": ("subject", "to", "kind", "reference", "sent_at", "key")}),
        (lazy("As it looks"), {"fields": ("preview",)}),
        (lazy("As text"), {"fields": ("plain",)}),
    )
    readonly_fields = ("preview", "plain")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Mail]:
        rows = super().get_queryset(request)
        return rows.defer("html", "text") if is_list(request) else rows

    @admin.display(description=lazy("HTML"))
    def preview(self, mail: Mail) -> SafeString:
        # An empty sandbox: no script, no form, no way out of the frame.
        return format_html(
            '<iframe class="panel__frame" sandbox="" title="{}" srcdoc="{}"></iframe>',
            _("The mail as it looks"),
            mail.html,
        )

    @admin.display(description=lazy("text"))
    def plain(self, mail: Mail) -> SafeString:
        return format_html('<div class="panel__text">{}</div>', mail.text)


@admin.register(Sms)
class SmsAdmin(ReadOnlyAdmin):
    """Text messages as they were handed over."""

    list_display = ("text", "to", "kind", "reference", "handed_over", "sent_at")
    list_filter = ("kind",)
    search_fields = ("to", "reference")
    search_help_text = lazy("Number or order number")
    ordering = ("-sent_at", "-id")
    fields = ("text", "to", "kind", "reference", "provider_ref", "sent_at", "key")

    @badge(lazy("handed over"), {"yes": "success", "refused": "danger", "no": "default"})
    def handed_over(self, sms: Sms) -> tuple[str, object]:
        if not sms.provider_ref:
            return "no", _("kept only")
        if sms.provider_ref.startswith("refused"):
            return "refused", _("refused")
        return "yes", _("yes")


STATES = {"waiting": lazy("Waiting"), "failed": lazy("Given up"), "done": lazy("Done")}


class StateFilter(admin.SimpleListFilter):
    title = lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: object) -> Any:  # noqa: ARG002
        return list(STATES.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:  # noqa: ARG002
        match self.value():
            case "waiting":
                return queryset.filter(done_at=None, failed_at=None)
            case "failed":
                return queryset.filter(done_at=None, failed_at__isnull=False)
            case "done":
                return queryset.filter(done_at__isnull=False)
        return queryset


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    """What the shop owes the world: waiting, done, or given up on."""

    list_display = ("key", "topic", "state", "tries", "due_at", "last_error")
    list_filter = (StateFilter, "topic")
    search_fields = ("key", "topic")
    ordering = ("-created_at", "-id")
    actions = ("send_again",)

    @badge(lazy("state"), {"waiting": "warning", "failed": "danger", "done": "success"})
    def state(self, message: Message) -> tuple[str, object]:
        if message.done_at:
            return "done", STATES["done"]
        state = "failed" if message.failed_at else "waiting"
        return state, STATES[state]

    def has_send_again_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("outbox.change_message")

    @admin.action(description=lazy("Send again"), permissions=["send_again"])
    def send_again(self, request: HttpRequest, chosen: QuerySet[Message]) -> None:
        """Make messages due now. What is done stays done: nobody gets a mail twice."""
        count = _make_due(chosen.filter(done_at=None), now=timezone.now())
        delivery.ring()
        told = ngettext(
            "%(count)s message is on its way.", "%(count)s messages are on their way.", count
        )
        level = messages.SUCCESS if count else messages.WARNING
        self.message_user(request, told % {"count": count}, level)


def _make_due(rows: QuerySet[Message], *, now: dt.datetime) -> int:
    return rows.update(due_at=now, failed_at=None, tries=0)
