from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Variant
from inventory.models.item import StockItem


class Valuation(models.Model):
    """What the shop's units of a variant are worth, over all locations and on the way between.

    A moving average kept as a sum, so that nothing is lost to rounding: value is the sum of the
    value of its movements, and what the stock account of the books holds of it. Of good units
    only: damaged ones are written off. In the books' currency.
    """

    variant = models.OneToOneField(Variant, on_delete=models.CASCADE, related_name="valuation")
    units = models.IntegerField(_("units"), default=0)
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=3, default=Decimal(0))

    class Meta:
        verbose_name = _("valuation")
        verbose_name_plural = _("valuations")
        constraints = [
            models.CheckConstraint(condition=Q(units__gte=0), name="valuation_units_not_negative"),
            models.CheckConstraint(condition=Q(value__gte=0), name="valuation_value_not_negative"),
            models.CheckConstraint(
                condition=Q(units__gt=0) | Q(value=0), name="valuation_of_nothing_is_nothing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id}: {self.units} = {self.value}"

    @property
    def average(self) -> Decimal:
        """Cost of a unit; zero without units."""
        return self.value / self.units if self.units else Decimal(0)


class StockSnapshot(models.Model):
    """What a stock item was at the end of a month (UTC), so that any later day is near one."""

    stock_item = models.ForeignKey(StockItem, on_delete=models.CASCADE, related_name="snapshots")
    on = models.DateField(_("last day"))
    on_hand = models.IntegerField(_("on hand"))
    damaged = models.IntegerField(_("damaged"), default=0)
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=3)

    class Meta:
        verbose_name = _("stock snapshot")
        verbose_name_plural = _("stock snapshots")
        constraints = [
            models.UniqueConstraint(fields=["on", "stock_item"], name="snapshot_once"),
        ]

    def __str__(self) -> str:
        return f"{self.stock_item_id} on {self.on}: {self.on_hand}"
