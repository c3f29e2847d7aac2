"""The rules that make an order wait: chosen by kind, weighed in points, tried on past orders."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from payments.admin import risk_replay
from payments.admin.risk_forms import FORMS, NAMES, TOLD, form_for
from payments.models import RiskPolicy, RiskRule
from payments.services import risk
from shop.admin.base import ShopAdmin, badge, button

LIST = "admin:payments_riskrule_changelist"


@admin.register(RiskRule)
class RiskRuleAdmin(ShopAdmin):
    list_display = ("name", "sign", "points", "state")
    list_filter = ("is_active",)
    search_fields = ("name",)
    ordering = ("-is_active", "-score", "name")
    actions = ("switch_on", "switch_off")
    actions_detail = ("try_it",)

    @admin.display(description=lazy("sign"), ordering="kind")
    def sign(self, rule: RiskRule) -> str:
        return str(NAMES.get(rule.kind, rule.kind))

    @admin.display(description=lazy("points"), ordering="score")
    def points(self, rule: RiskRule) -> str:
        return f"{rule.score:+}"

    @badge(lazy("counts"), {True: "success", False: "default"}, ordering="is_active")
    def state(self, rule: RiskRule) -> tuple[bool, str]:
        return rule.is_active, _("On") if rule.is_active else _("Off")

    def get_queryset(self, request: HttpRequest) -> QuerySet[RiskRule]:
        risk.rules()
        return super().get_queryset(request)

    def list_tools(self, request: HttpRequest) -> Any:
        tools = [{"words": _("Try on past orders"), "link": reverse("admin:payments_risk_replay")}]
        if request.user.has_perm("payments.change_riskpolicy"):
            threshold = reverse("admin:payments_riskpolicy_change", args=[1])
            tools.append({"words": _("When an order waits"), "link": threshold})
        return [*tools, *super().list_tools(request)]

    # One rule

    def get_form(
        self,
        request: HttpRequest,
        obj: Any = None,
        change: bool = False,  # noqa: ARG002, FBT001, FBT002 — as Django calls it
        **kwargs: Any,  # noqa: ARG002
    ) -> Any:
        return form_for(_kind(request, obj))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        kind = _kind(request, obj)
        settings = form_for(kind).settings
        return [
            (None, {"fields": ("name", "score", "is_active")}),
            (str(NAMES[kind]), {"fields": settings, "description": TOLD[kind]}),
        ]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """First which kind, then its form."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.GET.get("kind") in FORMS:
            return super().add_view(request, form_url, extra_context)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Which sign?"),
            "opts": self.opts,
            "kinds": [(kind, NAMES[kind], told) for kind, told in TOLD.items()],
            "back": reverse(LIST),
        }
        return TemplateResponse(request, "admin/payments/riskrule/kinds.html", context)

    @button(lazy("Try on past orders"), "history")
    def try_it(self, request: HttpRequest, object_id: str) -> HttpResponse:  # noqa: ARG002
        page = reverse("admin:payments_risk_replay")
        return HttpResponseRedirect(f"{page}?rule={object_id}")

    # Many

    @admin.action(description=lazy("Switch on"), permissions=["change"])
    def switch_on(self, request: HttpRequest, chosen: QuerySet[RiskRule]) -> None:
        self._switch(request, chosen, is_on=True)

    @admin.action(description=lazy("Switch off"), permissions=["change"])
    def switch_off(self, request: HttpRequest, chosen: QuerySet[RiskRule]) -> None:
        self._switch(request, chosen, is_on=False)

    def _switch(self, request: HttpRequest, chosen: QuerySet[RiskRule], *, is_on: bool) -> None:
        words = _("Switched on.") if is_on else _("Switched off.")
        for rule in chosen.exclude(is_active=is_on):
            rule.is_active = is_on
            rule.save(update_fields=["is_active"])
            self.log_change(request, rule, words)
        count = chosen.count()
        told = ngettext("%(count)s rule.", "%(count)s rules.", count) % {"count": count}
        messages.success(request, f"{words} {told}")

    # Trying

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.replay_view)
        return [path("replay/", view, name="payments_risk_replay"), *super().get_urls()]

    def replay_view(self, request: HttpRequest) -> HttpResponse:
        return risk_replay.show(self, request)


def _kind(request: HttpRequest, rule: RiskRule | None) -> str:
    return rule.kind if rule else request.GET.get("kind", "")


@admin.register(RiskPolicy)
class RiskPolicyAdmin(ShopAdmin):
    """One row: from how many points on an order waits."""

    list_display = ("__str__", "verify_everything")
    fields = ("hold_from", "verify_everything")

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[RiskPolicy]:
        risk.policy()
        return super().get_queryset(request)
