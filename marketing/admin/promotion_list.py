"""The list of promotions: what each does in words, whether it runs, what it gave away."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as lazy

from marketing.admin import promotion_state as states
from marketing.admin.promotion_acts import ACTS
from marketing.models import Benefit, Coupon, Promotion
from marketing.queries.coupons import normalised
from marketing.queries.promotion_words import descriptions
from shop.admin.base import NEVER, ShopAdmin, badge, is_list
from shop.admin.saved import tidy


class StateFilter(admin.SimpleListFilter):
    title = lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: object) -> Any:  # noqa: ARG002
        return [(state.value, words) for state, words in states.WORDS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Promotion]) -> QuerySet[Promotion]:  # noqa: ARG002
        return queryset.filter(states.in_state(self.value() or "", timezone.now()))


class CodeFilter(admin.SimpleListFilter):
    title = lazy("code")
    parameter_name = "with_code"

    def lookups(self, request: HttpRequest, model_admin: object) -> Any:  # noqa: ARG002
        return [("yes", lazy("With a code")), ("no", lazy("Without a code"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Promotion]) -> QuerySet[Promotion]:  # noqa: ARG002
        if self.value() not in ("yes", "no"):
            return queryset
        return queryset.filter(is_automatic=self.value() == "no")


class KindFilter(admin.SimpleListFilter):
    title = lazy("what they get")
    parameter_name = "gives"

    def lookups(self, request: HttpRequest, model_admin: object) -> Any:  # noqa: ARG002
        return list(Benefit.Kind.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Promotion]) -> QuerySet[Promotion]:  # noqa: ARG002
        if self.value() not in Benefit.Kind.values:
            return queryset
        given = Benefit.objects.filter(promotion=OuterRef("pk"), kind=self.value())
        return queryset.filter(Exists(given))


class PromotionList(ShopAdmin):
    """Mixed into the admin of promotions, which has the page."""

    list_display = ("called", "kind_of", "state", "code", "used", "given", "until")
    list_display_links = ("called",)
    list_filter = (StateFilter, CodeFilter, KindFilter, "lane")
    search_fields = ("name", "label")
    search_help_text = lazy("Name or code")
    ordering = ("-created_at", "-id")
    actions = tuple(ACTS)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Promotion]:
        rows: QuerySet[Promotion] = super().get_queryset(request)
        if not is_list(request):
            return rows
        return states.with_figures(rows).prefetch_related("conditions", "benefits")

    def get_search_results(
        self,
        request: HttpRequest,  # noqa: ARG002
        queryset: QuerySet[Promotion],
        search_term: str,
    ) -> tuple[QuerySet[Promotion], bool]:
        for word in search_term.split():
            coded = Coupon.objects.filter(code__startswith=normalised(word) or word.upper())
            named = Q(name__icontains=word) | Q(label__icontains=word)
            queryset = queryset.filter(named | Q(pk__in=coded.values("promotion")))
        return queryset, False

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """What the rows of this page do, in words, in a fixed number of queries."""
        page = super().get_changelist_instance(request)
        rows = list(page.result_list)
        words = descriptions(rows)
        for row in rows:
            row.in_words = words.get(row.pk, "")
        page.result_list = rows
        return page

    def list_tools(self, request: HttpRequest) -> Sequence[dict[str, str]]:
        tools = [{"words": str(lazy("Try it")), "link": reverse("admin:marketing_promotion_try")}]
        return [*tools, *super().list_tools(request)]

    # Columns

    @admin.display(description=lazy("promotion"), ordering="name")
    def called(self, promotion: Promotion) -> SafeString:
        words = getattr(promotion, "in_words", "")
        return format_html('{} <span class="deal-words quiet">{}</span>', promotion.name, words)

    @admin.display(description=lazy("class"))
    def kind_of(self, promotion: Promotion) -> str:
        found = states.classes(promotion.benefits.all())
        return ", ".join(str(states.CLASSES[name]) for name in found) or NEVER

    @badge(lazy("state"), states.TONES)
    def state(self, promotion: Promotion) -> tuple[states.State, str]:
        state = states.state_of(promotion, timezone.now())
        return state, str(states.WORDS[state])

    @admin.display(description=lazy("code"))
    def code(self, promotion: Promotion) -> SafeString | str:
        words = states.code_words(promotion)
        if not words:
            return NEVER
        page = reverse("admin:marketing_coupon_changelist")
        return _link(f"{page}?promotion__id__exact={promotion.pk}", words)

    @admin.display(description=lazy("uses"), ordering="held")
    def used(self, promotion: Promotion) -> SafeString:
        page = reverse("admin:marketing_promotionuse_changelist")
        return _link(f"{page}?promotion__id__exact={promotion.pk}", states.uses_words(promotion))

    @admin.display(description=lazy("given so far"))
    def given(self, promotion: Promotion) -> str:
        return states.given_words(promotion) or NEVER

    @admin.display(description=lazy("until"), ordering="ends_at")
    def until(self, promotion: Promotion) -> Any:
        return promotion.ends_at

    # Several at once

    def _act(self, request: HttpRequest, chosen: QuerySet[Promotion], name: str) -> HttpResponse:
        words, act = ACTS[name]
        now = timezone.now()
        rows = []
        for promotion in Promotion.objects.filter(pk__in=chosen.values("pk")).order_by("name"):
            rows.append(row := act(promotion, now))
            if row.is_done:
                self.log_change(request, promotion, str(words))
        context = {
            **self.admin_site.each_context(request),
            "title": words,
            "opts": self.opts,
            "rows": rows,
            "done": sum(row.is_done for row in rows),
            "back": f"{reverse('admin:marketing_promotion_changelist')}?{tidy(request.GET)}",
        }
        return TemplateResponse(request, "admin/marketing/report.html", context)

    @admin.action(description=lazy("Switch on"), permissions=["change"])
    def switch_on(self, request: HttpRequest, chosen: QuerySet[Promotion]) -> HttpResponse:
        return self._act(request, chosen, "switch_on")

    @admin.action(description=lazy("Switch off"), permissions=["change"])
    def switch_off(self, request: HttpRequest, chosen: QuerySet[Promotion]) -> HttpResponse:
        return self._act(request, chosen, "switch_off")

    @admin.action(description=lazy("End now"), permissions=["change"])
    def end_now(self, request: HttpRequest, chosen: QuerySet[Promotion]) -> HttpResponse:
        return self._act(request, chosen, "end_now")

    @admin.action(description=lazy("Duplicate"), permissions=["add"])
    def duplicate(self, request: HttpRequest, chosen: QuerySet[Promotion]) -> HttpResponse:
        return self._act(request, chosen, "duplicate")


def _link(address: str, words: object) -> SafeString:
    return format_html('<a class="text-primary-600" href="{}">{}</a>', address, words)
