"""Rules for orders: written without code, tried on past orders, each meeting on record."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from orders.admin.rule_form import fieldsets, rule_form
from orders.models import OrderRule, OrderRuleRun
from orders.services.rules import ACTS, BadRule, in_words, read_conditions
from shop.admin.base import ReadOnlyAdmin, ShopAdmin, badge, button
from shop.processes import ruling

if TYPE_CHECKING:
    from orders.admin.rule_form import OrderRuleForm

DAYS = (7, 30, 90, 365)


@admin.register(OrderRule)
class OrderRuleAdmin(ShopAdmin):
    list_display = ("name", "when", "conditions_told", "actions_told", "met", "state")
    list_filter = ("when", "is_active")
    search_fields = ("name",)
    ordering = ("-is_active", "when", "position", "name")
    actions_detail = ("try_it",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[OrderRule]:
        rules: QuerySet[OrderRule] = super().get_queryset(request)
        return rules.annotate(times=Count("runs"))

    @admin.display(description=lazy("if"))
    def conditions_told(self, rule: OrderRule) -> str:
        return "; ".join(words_of(rule)) or _("always")

    @admin.display(description=lazy("then"))
    def actions_told(self, rule: OrderRule) -> str:
        acts = [(ACTS[one["do"]].name, one["value"]) for one in rule.actions if one["do"] in ACTS]
        return "; ".join(f"{name}: {value}" for name, value in acts)

    @admin.display(description=lazy("met"))
    def met(self, rule: OrderRule) -> SafeString:
        page = reverse("admin:orders_orderrulerun_changelist")
        times = getattr(rule, "times", 0)
        return format_html('<a href="{}?rule__id__exact={}">{}</a>', page, rule.pk, times)

    @badge(lazy("in use"), {True: "success", False: "default"}, ordering="is_active")
    def state(self, rule: OrderRule) -> tuple[bool, str]:
        return rule.is_active, _("On") if rule.is_active else _("Off")

    def get_form(self, *_args: Any, **_kwargs: Any) -> "type[OrderRuleForm]":
        return rule_form()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002
        return fieldsets()

    @button(lazy("Try on past orders"), "history")
    def try_it(self, request: HttpRequest, object_id: str) -> HttpResponse:  # noqa: ARG002
        return HttpResponseRedirect(reverse("admin:orders_orderrule_trial", args=[object_id]))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.trial_view)
        trial = path("<int:pk>/trial/", view, name="orders_orderrule_trial")
        return [trial, *super().get_urls()]

    def trial_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What the rule would have met lately. Changes nothing."""
        rule = get_object_or_404(OrderRule, pk=pk)
        may_see = self.has_view_permission(request) and request.user.has_perm("orders.view_order")
        if not may_see:
            raise PermissionDenied
        days = next((day for day in DAYS if str(day) == request.GET.get("days")), 30)
        now = timezone.now()
        back = reverse("admin:orders_orderrule_change", args=[pk])
        try:
            found = ruling.try_out(rule=rule, since=now - dt.timedelta(days=days), now=now)
        except BadRule as bad:
            messages.error(request, bad.message)
            return HttpResponseRedirect(back)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Try “%(name)s” on past orders") % {"name": rule.name},
            "opts": self.opts,
            "rule": rule,
            "words": words_of(rule),
            "found": found,
            "limit": ruling.LIMIT,
            "days": days,
            "choices": DAYS,
            "back": back,
        }
        return TemplateResponse(request, "admin/orders/orderrule/trial.html", context)


def words_of(rule: OrderRule) -> list[str]:
    try:
        return [in_words(one) for one in read_conditions(rule.conditions)]
    except BadRule as bad:
        return [bad.message]


@admin.register(OrderRuleRun)
class OrderRuleRunAdmin(ReadOnlyAdmin):
    list_display = ("at", "rule", "number", "told")
    list_filter = ("rule",)
    list_select_related = ("rule", "order")
    search_fields = ("order__number",)
    search_help_text = lazy("Order number")
    ordering = ("-at", "-id")
    list_display_links = None
    fields = ("at", "rule", "number", "told", "occasion")
    readonly_fields = fields

    @admin.display(description=lazy("order"))
    def number(self, run: OrderRuleRun) -> SafeString:
        page = reverse("admin:orders_order_change", args=[run.order_id])
        return format_html('<a href="{}">{}</a>', page, run.order.number)

    @admin.display(description=lazy("what it did"))
    def told(self, run: OrderRuleRun) -> SafeString:
        lines = ((one["words"], "" if one["done"] else _("(not done)")) for one in run.done)
        return format_html_join("", '<span class="piece__note">{} {}</span>', lines)
