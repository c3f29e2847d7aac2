from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Market


class SoldInMonth(models.Model):
    """What a month that is over sold in a market: one row for each day, product and category.

    A row that is there is right: whatever changes the orders of such a month takes all its rows
    away, in the change's own transaction (`analytics.services.rollups`). A month without rows is
    added up from its orders.
    """

    class Part(models.TextChoices):
        DAY = "day", _("Day")
        PRODUCT = "product", _("Product")
        CATEGORY = "category", _("Category")

    market = models.ForeignKey(Market, models.CASCADE, db_index=False, related_name="+")
    month = models.DateField()
    part = models.CharField(max_length=8, choices=Part.choices)
    day = models.DateField(null=True, blank=True)
    # Of goods that are still in the catalogue.
    product_id = models.BigIntegerField(null=True, blank=True)
    # The first part of the category's address.
    root = models.CharField(max_length=255, blank=True)
    orders = models.PositiveIntegerField()
    units = models.PositiveIntegerField()
    gross = models.DecimalField(max_digits=14, decimal_places=3)
    net = models.DecimalField(max_digits=14, decimal_places=3)

    class Meta:
        verbose_name = _("sales of a month")
        verbose_name_plural = _("sales of months")
        constraints = [
            models.UniqueConstraint(
                fields=["market", "month", "part", "day", "product_id", "root"],
                nulls_distinct=False,
                name="sold_in_month_once",
            ),
            models.CheckConstraint(
                condition=(
                    Q(part="day", day__isnull=False, product_id__isnull=True, root="")
                    | Q(part="product", day__isnull=True, product_id__isnull=False, root="")
                    | Q(part="category", day__isnull=True, product_id__isnull=True)
                ),
                name="sold_in_month_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.market_id} {self.month:%Y-%m} {self.part}"
