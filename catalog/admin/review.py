from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from catalog.models import Review
from shop.admin.base import ShopAdmin, badge
from shop.processes import browsing

TONES = {
    Review.Status.WAITING: "warning",
    Review.Status.PUBLISHED: "success",
    Review.Status.REFUSED: "danger",
}


@admin.register(Review)
class ReviewAdmin(ShopAdmin):
    """Buyers' words are shown or not, and answered; never rewritten."""

    list_display = ("product", "stars", "author", "excerpt", "is_verified", "state", "written_at")
    list_select_related = ("product",)
    list_filter = ("status", "stars", "is_verified")
    search_fields = ("product__title", "author", "text")
    search_help_text = _("Product, author or words")
    ordering = ("-written_at", "-id")
    fields = ("product", "author", "stars", "text", "is_verified", "written_at", "status", "reply")
    readonly_fields = ("product", "author", "stars", "text", "is_verified", "written_at")
    actions = ("publish", "refuse")

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    @admin.display(description=_("text"))
    def excerpt(self, review: Review) -> str:
        return review.text if len(review.text) <= 80 else f"{review.text[:79]}…"

    @badge(_("status"), TONES, ordering="status")
    def state(self, review: Review) -> tuple[str, str]:
        return review.status, review.get_status_display()

    def save_model(self, request: HttpRequest, obj: Review, form: Any, change: bool) -> None:  # noqa: FBT001
        super().save_model(request, obj, form, change)
        browsing.cards_are_stale(product_ids=[obj.product_id], now=timezone.now())

    @admin.action(description=_("Publish"), permissions=["change"])
    def publish(self, request: HttpRequest, chosen: QuerySet[Review]) -> None:
        self._decide(request, chosen, Review.Status.PUBLISHED)

    @admin.action(description=_("Refuse"), permissions=["change"])
    def refuse(self, request: HttpRequest, chosen: QuerySet[Review]) -> None:
        self._decide(request, chosen, Review.Status.REFUSED)

    def _decide(
        self, request: HttpRequest, chosen: QuerySet[Review], status: Review.Status
    ) -> None:
        products = list(chosen.values_list("product_id", flat=True))
        with transaction.atomic():
            count = chosen.update(status=status)
            browsing.cards_are_stale(product_ids=products, now=timezone.now())
        told = ngettext("%(count)s review: %(state)s.", "%(count)s reviews: %(state)s.", count)
        self.message_user(request, told % {"count": count, "state": status.label})
