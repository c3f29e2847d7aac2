"""The orders that promotions counted for."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from marketing.models import PromotionUse
from shop.admin.base import ReadOnlyAdmin, badge
from shop.templatetags.shop_text import money

LINK, ORDER = "order_link", "order"


class ReleasedFilter(admin.SimpleListFilter):
    title = lazy("counts")
    parameter_name = "counts"

    def lookups(self, request: HttpRequest, model_admin: object) -> Any:  # noqa: ARG002
        return [("yes", lazy("Counts")), ("no", lazy("Released, the order was called off"))]

    def queryset(
        self,
        request: HttpRequest,  # noqa: ARG002
        queryset: QuerySet[PromotionUse],
    ) -> QuerySet[PromotionUse]:
        if self.value() not in ("yes", "no"):
            return queryset
        return queryset.filter(released_at__isnull=self.value() == "yes")


@admin.register(PromotionUse)
class PromotionUseAdmin(ReadOnlyAdmin):
    """Which order used which promotion, and what it took off."""

    list_display = ("at", "promotion", "coupon", "order_link", "taken", "state")
    list_select_related = ("promotion", "coupon", "order")
    list_filter = (ReleasedFilter, "promotion")
    search_fields = ("=order__number", "promotion__name", "coupon__code")
    search_help_text = lazy("Order, promotion or code")
    ordering = ("-at", "-id")
    # A digest says nothing to people.
    exclude = ("who",)

    def get_list_display(self, request: HttpRequest) -> Any:
        """A link for those only whom it leads somewhere."""
        shown = super().get_list_display(request)
        may_open = request.user.has_perm("orders.view_order")
        return shown if may_open else tuple(ORDER if one == LINK else one for one in shown)

    @admin.display(description=lazy("order"), ordering="order__number")
    def order_link(self, use: PromotionUse) -> SafeString:
        link = '<a class="text-primary-600" href="{}">{}</a>'
        page = reverse("admin:orders_order_change", args=[use.order_id])
        return format_html(link, page, use.order.number)

    @admin.display(description=lazy("taken off"), ordering="amount")
    def taken(self, use: PromotionUse) -> str:
        return money(use.amount, use.order.currency)

    @badge(lazy("state"), {True: "success"}, ordering="released_at")
    def state(self, use: PromotionUse) -> tuple[bool, str]:
        counts = use.released_at is None
        return counts, _("Counts") if counts else _("Released")
