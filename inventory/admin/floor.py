"""Ways from the staff site into the stock room."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from inventory.models import StockItem
from shop.admin.base import button
from shop.admin.kit import UnfoldAdmin

COUNTED_AT_ONCE = 400


def screen(name: str, number: str) -> SafeString:
    """A link to a screen of the stock room."""
    return format_html('<a href="{}">{}</a>', reverse(f"inventory:{name}", args=[number]), number)


class ToTheFloor(UnfoldAdmin):
    """For the list of stock: chosen items are counted, one is looked up or damaged."""

    @admin.action(description=lazy("Count …"), permissions=["count"])
    def count_chosen(
        self, request: HttpRequest, chosen: QuerySet[StockItem]
    ) -> HttpResponse | None:
        ids = list(chosen.order_by("pk").values_list("pk", flat=True)[: COUNTED_AT_ONCE + 1])
        if len(ids) > COUNTED_AT_ONCE:
            words = _("Choose at most %(count)s rows, or begin a count of a whole category.")
            self.message_user(request, words % {"count": COUNTED_AT_ONCE}, messages.ERROR)
            return None
        page = reverse("inventory:count_new")
        return HttpResponseRedirect(f"{page}?{urlencode([('item', pk) for pk in ids])}")

    def has_count_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("inventory.add_stockcount"))

    @button(lazy("Damage"), "broken_image")
    def damage_one(self, request: HttpRequest, object_id: str) -> HttpResponse:  # noqa: ARG002
        variants: Any = StockItem.objects.values_list("variant", flat=True)
        page = reverse("inventory:item", args=[variants.get(pk=object_id)])
        return HttpResponseRedirect(f"{page}?at={object_id}")
