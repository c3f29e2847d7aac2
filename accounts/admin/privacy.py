"""Consents, requests for one's own data, and how long things are kept."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.models import (
    Consent,
    ConsentText,
    PolicyAcceptance,
    PrivacyRequest,
    RetentionRule,
    RetentionRun,
)
from accounts.services import consent_texts
from shop.admin.base import ReadOnlyAdmin, ShopAdmin, badge
from shop.processes.privacy import retention
from shop.processes.privacy.periods import PERIODS

STATES = {
    "asked": "default",
    "proved": "info",
    "working": "info",
    "done": "success",
    "refused": "warning",
    "expired": "default",
}


@admin.register(ConsentText)
class ConsentTextAdmin(ShopAdmin):
    """The words people agree to. They are never edited: add the next version."""

    list_display = ("purpose", "language", "version", "published_at")
    list_filter = ("purpose", "language")
    ordering = ("purpose", "language", "-version")
    fields = ("purpose", "language", "words")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def save_model(self, request: HttpRequest, obj: ConsentText, form: Any, change: bool) -> None:  # noqa: ARG002, FBT001
        """The version and its day are counted here, not typed."""
        made = consent_texts.publish(
            purpose=form.cleaned_data["purpose"],
            language=obj.language,
            words=obj.words,
            now=timezone.now(),
        )
        obj.pk, obj.version, obj.published_at = made.pk, made.version, made.published_at


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    """Who agreed to what, in which words, where and when."""

    list_display = ("who", "purpose", "is_given", "source", "at")
    list_filter = ("purpose", "is_given", "source")
    search_fields = ("email", "customer__email")
    search_help_text = lazy("E-mail")
    ordering = ("-at", "-id")
    list_select_related = ("customer",)
    fields = ("customer", "email", "purpose", "is_given", "text", "source", "at")

    @admin.display(description=lazy("who"))
    def who(self, row: Consent) -> str:
        return str(row.customer) if row.customer else row.email


@admin.register(PolicyAcceptance)
class PolicyAcceptanceAdmin(ReadOnlyAdmin):
    list_display = ("customer", "policy", "at")
    list_filter = ("policy__slug",)
    search_fields = ("customer__email",)
    search_help_text = lazy("E-mail")
    ordering = ("-at", "-id")
    list_select_related = ("customer", "policy")
    fields = ("customer", "policy", "at")


@admin.register(PrivacyRequest)
class PrivacyRequestAdmin(ReadOnlyAdmin):
    """Requests are asked and answered without staff; here they are seen. Files are the owner's."""

    list_display = ("number", "kind", "shown_state", "asked_at", "done_at")
    list_filter = ("kind", "state")
    search_fields = ("number", "email", "customer__email")
    search_help_text = lazy("Number or e-mail")
    ordering = ("-asked_at", "-id")
    fields = (
        *("number", "kind", "state", "customer", "email", "language", "reason", "report"),
        *("asked_at", "proved_at", "done_at", "expires_at"),
    )

    @badge(lazy("state"), STATES, ordering="state")
    def shown_state(self, row: PrivacyRequest) -> tuple[str, object]:
        return row.state, row.get_state_display()


@admin.register(RetentionRule)
class RetentionRuleAdmin(ShopAdmin):
    """How long each kind is kept. The kinds are the shop's; the days are for you to say."""

    list_display = ("what", "days", "is_on", "last_run")
    ordering = ("kind",)
    fields = ("kind", "days", "is_on")
    readonly_fields = ("kind",)
    actions = ("forget_now",)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[RetentionRule]":
        rows: QuerySet[RetentionRule] = super().get_queryset(request)
        return rows.prefetch_related("runs")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Every kind is listed, also in a shop that has never run the job."""
        retention.rules()
        return super().changelist_view(request, extra_context)

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    @admin.display(description=lazy("what"), ordering="kind")
    def what(self, rule: RetentionRule) -> str:
        period = PERIODS.get(rule.kind)
        return str(period.words) if period else rule.kind

    @admin.display(description=lazy("last run"))
    def last_run(self, rule: RetentionRule) -> str:
        runs = sorted(rule.runs.all(), key=lambda run: (run.at, run.pk))
        if not runs:
            return "–"
        last = runs[-1]
        when = timezone.localtime(last.at).strftime("%d %b %H:%M")
        return f"{when}: {last.error or last.count}"

    @admin.action(description=lazy("Forget what is too old now"), permissions=["change"])
    def forget_now(self, request: HttpRequest, rows: "QuerySet[RetentionRule]") -> None:
        done = retention.run(now=timezone.now(), kinds=set(rows.values_list("kind", flat=True)))
        words = _("Forgotten: %(count)s rows.") % {"count": sum(done.values())}
        messages.success(request, words)


@admin.register(RetentionRun)
class RetentionRunAdmin(ReadOnlyAdmin):
    list_display = ("rule", "at", "count", "error")
    list_filter = ("rule",)
    ordering = ("-at", "-id")
    list_select_related = ("rule",)
    fields = ("rule", "at", "count", "error")
