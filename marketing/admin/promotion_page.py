"""A promotion on one page: what shoppers read, when, for whom, what they get, and its limits."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Script
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from catalog.models import Variant
from marketing.admin import code_pages, promotion_state, trial_page
from marketing.admin.promotion_acts import copy, page_of
from marketing.admin.promotion_form import PromotionForm
from marketing.admin.promotion_list import PromotionList
from marketing.admin.rules import BenefitInline, ConditionInline
from marketing.models import Promotion
from marketing.queries.promotion_words import describe
from marketing.services import promotions
from shop.lib.errors import Refused

SKUS = 300
LANES = lazy(
    "Lanes run one after the other. In one lane the best promotion of each line wins; the next "
    "lane takes its share of what is left. So “3 for 2 on mugs” in the first lane and “10% for "
    "members” in the second combine: the members’ tenth comes off the two mugs that are paid. "
    "Two promotions in the same lane never share a line: the one that takes more off wins. "
    "What combines with nothing stands alone, if that is worth more than all the others together."
)


class PromotionPage(PromotionList):
    form = PromotionForm
    inlines = (ConditionInline, BenefitInline)
    change_form_outer_before_template = "admin/marketing/promotion/_head.html"
    fieldsets = (
        (lazy("What it is called"), {"fields": ("name", "label", "is_active")}),
        (
            lazy("When it runs"),
            {
                "fields": ("starts_at", "ends_at"),
                "description": lazy(
                    "Empty: from now on, and until it is switched off. Days of the week and "
                    "hours are a condition below."
                ),
            },
        ),
        (lazy("With a code"), {"fields": ("is_automatic", "code")}),
        (
            lazy("How often, and beside what"),
            {
                "fields": (("usage_limit", "per_customer_limit"), ("lane", "is_exclusive")),
                "description": LANES,
            },
        ),
    )

    class Media:
        css = {"all": ("css/admin_promotions.css",)}
        js = (Script("js/rule_rows.js", type="module"),)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        promotion = kwargs.get("obj")
        context["skus"] = self.skus()
        if promotion is not None and promotion.pk:
            context["deal"] = self._deal(request, promotion)
        return super().render_change_form(request, context, *args, **kwargs)

    def _deal(self, request: HttpRequest, promotion: Promotion) -> dict[str, Any]:
        """What the head of the page shows."""
        now = timezone.now()
        kept = promotion_state.with_figures(Promotion.objects.filter(pk=promotion.pk)).get()
        state = promotion_state.state_of(kept, now)
        return {
            "pk": kept.pk,
            "state": promotion_state.WORDS[state],
            "tone": promotion_state.TONES.get(state, "default"),
            "told": promotion_state.told(kept, now),
            "words": describe(kept),
            "problems": promotions.problems([kept]).get(kept.pk, []),
            "uses": promotion_state.uses_words(kept),
            "given": promotion_state.given_words(kept),
            "codes": promotion_state.code_words(kept),
            "can_change": self.has_change_permission(request, promotion),
            "can_add": self.has_add_permission(request),
        }

    @staticmethod
    def skus() -> "QuerySet[Variant, tuple[str, str]]":
        """What most people buy, to choose from while typing a SKU."""
        rows = Variant.objects.filter(is_active=True).order_by("-product__popularity", "sku")
        return rows.values_list("sku", "product__title")[:SKUS]

    # Saving

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        super().save_related(request, form, formsets, change)
        try:
            form.save_code()
        except Refused as refusal:
            messages.error(request, refusal.message)
        promotion = form.instance
        promotions.limits_changed(promotion_id=promotion.pk)
        for words in promotions.problems([promotion]).get(promotion.pk, []):
            messages.warning(request, words)

    # Further pages

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("try/", view(self.try_view), name="marketing_promotion_try"),
            path("<int:pk>/codes/", view(self.codes_view), name="marketing_promotion_codes"),
            path(
                "<int:pk>/codes/list.csv",
                view(self.codes_file_view),
                name="marketing_promotion_codes_file",
            ),
            path(
                "<int:pk>/duplicate/",
                view(self.duplicate_view),
                name="marketing_promotion_duplicate",
            ),
            *super().get_urls(),
        ]

    def try_view(self, request: HttpRequest) -> HttpResponse:
        return trial_page.show(self, request)

    def codes_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return code_pages.show(self, request, pk)

    def codes_file_view(self, request: HttpRequest, pk: int) -> Any:
        return code_pages.as_file(self, request, pk)

    def duplicate_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make one like this, off, and go there."""
        promotion = get_object_or_404(Promotion, pk=pk)
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseRedirect(page_of(pk))
        twin = copy(promotion)
        self.log_addition(request, twin, _("Duplicated from %(name)s.") % {"name": promotion})
        messages.success(request, _("This is the copy: off, without codes and uses."))
        return HttpResponseRedirect(page_of(twin.pk))


@admin.register(Promotion)
class PromotionAdmin(PromotionPage):
    """What the shop takes off, for whom and when."""
