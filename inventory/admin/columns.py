"""What the list of stock says of each row: its buckets, its policy, how long it lasts."""

from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.db.models import F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from inventory.admin.levels import LEVELS, level_of
from inventory.models import Forecast, StockItem, StockPolicy
from shop.admin.base import NEVER, badge

FREE = Greatest(F("on_hand") - F("allocated") - F("reserved") - F("safety"), Value(0))
WEEK = 7
# More days than this are no news.
MOST_DAYS = 999
SOLD = {
    StockPolicy.Selling.SHELF: lazy("Shelf"),
    StockPolicy.Selling.BACKORDER: lazy("Backorder"),
    StockPolicy.Selling.PREORDER: lazy("Pre-order"),
}


def told(rows: QuerySet[StockItem]) -> QuerySet[StockItem]:
    """With .free, and of its variant .weekly (expected sales) and .all_free (in all locations)."""
    forecasts = Forecast.objects.filter(variant=OuterRef("variant"), is_current=True)
    places = StockItem.objects.filter(variant=OuterRef("variant")).order_by().values("variant")
    policies = StockPolicy.objects.filter(variant=OuterRef("variant"))
    return rows.annotate(
        free=FREE,
        weekly=Subquery(forecasts.values("weekly")[:1]),
        all_free=Subquery(places.annotate(sum=Sum(FREE)).values("sum")),
        selling=Coalesce(
            Subquery(policies.values("selling")[:1]), Value(str(StockPolicy.Selling.SHELF))
        ),
        tracks=Subquery(policies.values("tracks_batches")[:1]),
    )


def days_of_cover(free: int | None, weekly: Decimal | None) -> int | None:
    """How many days `free` units last at `weekly` units a week; None: nobody knows, or for ever."""
    return None if not weekly else int((free or 0) * WEEK / weekly)


class StockColumns:
    @admin.display(description=lazy("SKU"), ordering="variant__sku")
    def sku(self, item: StockItem) -> SafeString:
        page = reverse("analytics:stock_variant", args=[item.variant.sku])
        return format_html('<a href="{}">{}</a>', page, item.variant.sku)

    @admin.display(description=lazy("piece"), ordering="variant__product__title")
    def piece(self, item: StockItem) -> str:
        variant = item.variant
        return ", ".join(filter(None, (variant.product.title, variant.label)))

    @admin.display(description=lazy("on hand"), ordering="on_hand")
    def counted(self, item: StockItem) -> SafeString:
        """A field of the form below the list, with what it said when the list was made."""
        label = _("On hand: %(sku)s, %(place)s") % {
            "sku": item.variant.sku,
            "place": item.location.name,
        }
        return format_html(
            '<input class="input input--short" type="number" min="0" max="1000000" inputmode="numeric"'
            ' form="corrections" name="on_hand_{pk}" value="{units}" aria-label="{label}"'
            ' autocomplete="off">'
            '<input type="hidden" form="corrections" name="was_{pk}" value="{units}">',
            pk=item.pk,
            units=item.on_hand,
            label=label,
        )

    @admin.display(description=lazy("promised"), ordering="allocated")
    def promised(self, item: StockItem) -> int:
        return item.allocated

    @admin.display(description=lazy("kept back"), ordering="safety")
    def kept_back(self, item: StockItem) -> int:
        return item.safety

    @admin.display(description=lazy("available"), ordering="free")
    def available(self, item: StockItem) -> int:
        return item.available

    @admin.display(description=lazy("sold"), ordering="selling")
    def policy(self, item: Any) -> str:
        words = str(SOLD[item.selling])
        return _("%(sold)s, batches") % {"sold": words} if item.tracks else words

    @admin.display(description=lazy("days of cover"))
    def cover(self, item: Any) -> str:
        days = days_of_cover(item.all_free, item.weekly)
        if days is None:
            return NEVER
        return f"{MOST_DAYS}+" if days > MOST_DAYS else str(days)

    @badge(lazy("level"), {"out": "danger", "low": "warning", "fine": "success"})
    def level(self, item: StockItem) -> tuple[str, Any]:
        state = level_of(item)
        return state, LEVELS[state]
