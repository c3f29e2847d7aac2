from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.models.supplier import Supplier, SupplierOffer


class SupplierFeed(models.Model):
    """A list of stock and costs that a supplier publishes, and how to read it."""

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        JSON = "json", "JSON"

    supplier = models.OneToOneField(Supplier, on_delete=models.CASCADE, related_name="feed")
    url = models.URLField(_("address"), max_length=500)
    format = models.CharField(_("format"), max_length=4, choices=Format, default=Format.CSV)
    # Names of columns or keys.
    sku_field = models.CharField(_("their SKU is in"), max_length=60, default="sku")
    stock_field = models.CharField(_("stock is in"), max_length=60, default="stock", blank=True)
    cost_field = models.CharField(_("cost is in"), max_length=60, default="cost", blank=True)
    # JSON only: where the rows are, "data.items"; empty: the file is the list.
    rows_path = models.CharField(_("rows are in"), max_length=60, blank=True)
    every_hours = models.PositiveSmallIntegerField(_("read every (hours)"), default=24)
    is_active = models.BooleanField(_("read"), default=True)
    read_at = models.DateTimeField(_("last read"), null=True, blank=True)

    class Meta:
        verbose_name = _("supplier feed")
        verbose_name_plural = _("supplier feeds")
        constraints = [
            models.CheckConstraint(
                condition=Q(every_hours__gte=1, every_hours__lte=720), name="feed_read_now_and_then"
            ),
        ]

    def __str__(self) -> str:
        return str(self.supplier)


class FeedRun(models.Model):
    """One reading of a feed, and what a person made of what was new."""

    class Status(models.TextChoices):
        FAILED = "failed", _("Could not be read")
        NOTHING = "nothing", _("Nothing new")
        PENDING = "pending", _("To be looked at")
        DECIDED = "decided", _("Decided")
        # A newer reading says all this again.
        OUTDATED = "outdated", _("Out of date")

    feed = models.ForeignKey(SupplierFeed, on_delete=models.CASCADE, related_name="runs")
    status = models.CharField(_("status"), max_length=10, choices=Status)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    unknown = models.PositiveIntegerField(_("SKUs we don't carry"), default=0)
    # {"row": 12, "words": "…"}: the first few that could not be read.
    problems = models.JSONField(_("problems"), default=list, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(_("read"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    class Meta:
        verbose_name = _("feed run")
        verbose_name_plural = _("feed runs")
        indexes = [models.Index(fields=["feed", "-at"], name="feed_run_newest")]

    def __str__(self) -> str:
        return f"{self.feed_id} {self.at:%Y-%m-%d}"


class FeedChange(models.Model):
    """Something a feed says of an offer that we did not know."""

    class Kind(models.TextChoices):
        COST = "cost", _("Cost")
        STOCK = "stock", _("Stock")
        GONE = "gone", _("Not offered any more")
        BACK = "back", _("Offered again")

    class Decision(models.TextChoices):
        OPEN = "", _("Open")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")

    run = models.ForeignKey(FeedRun, on_delete=models.CASCADE, related_name="changes")
    offer = models.ForeignKey(SupplierOffer, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(_("kind"), max_length=5, choices=Kind)
    was = models.DecimalField(_("was"), max_digits=14, decimal_places=3, null=True, blank=True)
    becomes = models.DecimalField(
        _("becomes"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    # Shares of the net price in the main market: 0.62. None: nothing to compare with.
    margin_was = models.DecimalField(
        _("margin before"), max_digits=6, decimal_places=4, null=True, blank=True
    )
    margin_becomes = models.DecimalField(
        _("margin after"), max_digits=6, decimal_places=4, null=True, blank=True
    )
    decision = models.CharField(_("decision"), max_length=10, choices=Decision, blank=True)

    class Meta:
        verbose_name = _("change told by a feed")
        verbose_name_plural = _("changes told by feeds")
        constraints = [
            models.UniqueConstraint(fields=["run", "offer", "kind"], name="feed_change_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.was or Decimal(0)} > {self.becomes or Decimal(0)}"
