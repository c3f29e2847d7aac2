from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.models.item import StockItem


class StockAlert(models.Model):
    """A stock item that ran low or out. One is open at a time; new stock closes it."""

    class Level(models.TextChoices):
        LOW = "low", _("Low")
        OUT = "out", _("Sold out")

    stock_item = models.ForeignKey(StockItem, on_delete=models.CASCADE, related_name="alerts")
    level = models.CharField(_("level"), max_length=4, choices=Level)
    opened_at = models.DateTimeField(_("since"))
    closed_at = models.DateTimeField(_("until"), null=True, blank=True)
    told_at = models.DateTimeField(_("told"), null=True, blank=True)

    class Meta:
        verbose_name = _("stock alert")
        verbose_name_plural = _("stock alerts")
        constraints = [
            models.UniqueConstraint(
                fields=["stock_item"], condition=Q(closed_at=None), name="stock_alert_open_once"
            ),
        ]
        indexes = [models.Index(fields=["-opened_at"], name="stock_alert_newest")]

    def __str__(self) -> str:
        return f"{self.stock_item_id}: {self.level}"
