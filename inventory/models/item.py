from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Variant
from inventory.models.location import Bin, Location


class StockItem(models.Model):
    """Units of one variant at one location. Changed only together with a StockMovement.

    on_hand are good units; damaged ones stand beside them. reserved and incoming are kept equal
    to the reservations and the open purchase order lines of this item.
    """

    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="stock_items")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="stock_items")
    on_hand = models.IntegerField(_("on hand"), default=0)
    allocated = models.IntegerField(_("allocated"), default=0)
    reserved = models.IntegerField(_("reserved"), default=0, db_default=0)
    incoming = models.IntegerField(_("incoming"), default=0, db_default=0)
    damaged = models.IntegerField(_("damaged"), default=0, db_default=0)
    safety = models.PositiveIntegerField(
        _("kept back"), default=0, help_text=_("Units that are never promised to shoppers.")
    )
    low_at = models.PositiveIntegerField(_("low at"), default=3)

    class Meta:
        verbose_name = _("stock item")
        verbose_name_plural = _("stock")
        constraints = [
            models.UniqueConstraint(
                fields=["variant", "location"], name="stock_one_item_per_location"
            ),
            models.CheckConstraint(condition=Q(on_hand__gte=0), name="stock_on_hand_not_negative"),
            models.CheckConstraint(
                condition=Q(allocated__gte=0), name="stock_allocated_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(reserved__gte=0), name="stock_reserved_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(incoming__gte=0), name="stock_incoming_not_negative"
            ),
            models.CheckConstraint(condition=Q(damaged__gte=0), name="stock_damaged_not_negative"),
            # What is reserved is as little to be had by others as what is allocated.
            models.CheckConstraint(
                condition=Q(on_hand__gte=F("allocated") + F("reserved")),
                name="stock_never_oversold",
            ),
        ]
        permissions = [("view_cost", _("Can see what goods cost and earn"))]

    def __str__(self) -> str:
        return f"{self.variant_id} @ {self.location_id}: {self.available}"

    @property
    def available(self) -> int:
        """Units that can be promised to somebody who has reserved none."""
        return max(0, self.on_hand - self.allocated - self.reserved - self.safety)


class BinItem(models.Model):
    """Where in a location a stock item lies; it may lie in several bins."""

    bin = models.ForeignKey(Bin, on_delete=models.CASCADE, related_name="items")
    stock_item = models.ForeignKey(StockItem, on_delete=models.CASCADE, related_name="bin_items")
    # Pickers go to the first bin; the others are its reserve.
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("place of a stock item")
        verbose_name_plural = _("places of stock items")
        constraints = [
            models.UniqueConstraint(fields=["bin", "stock_item"], name="bin_item_once"),
        ]

    def __str__(self) -> str:
        return str(self.bin)


class Batch(models.Model):
    """Units of a stock item that came together and expire together. Only of tracked variants.

    The batches of a tracked stock item add up to what it has on hand.
    """

    stock_item = models.ForeignKey(StockItem, on_delete=models.PROTECT, related_name="batches")
    # Empty: found without a label.
    code = models.CharField(_("batch"), max_length=40, blank=True)
    expires_on = models.DateField(_("best before"), null=True, blank=True)
    on_hand = models.IntegerField(_("on hand"), default=0)
    received_at = models.DateTimeField(_("received"))

    class Meta:
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        constraints = [
            models.UniqueConstraint(
                fields=["stock_item", "code", "expires_on"],
                name="batch_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(on_hand__gte=0), name="batch_not_negative"),
        ]
        indexes = [
            models.Index(
                fields=["expires_on"], condition=Q(on_hand__gt=0), name="batch_next_to_expire"
            ),
        ]

    def __str__(self) -> str:
        return self.code or str(_("without a label"))


class StockMovement(models.Model):
    """Why a number changed. Append-only: the sum of a stock item's rows is the stock item."""

    class Kind(models.TextChoices):
        ADJUSTMENT = "adjustment", _("Adjustment")
        ALLOCATION = "allocation", _("Allocation")
        RELEASE = "release", _("Release")
        SALE = "sale", _("Sale")
        CANCELLATION = "cancellation", _("Cancellation")
        RETURN = "return", _("Return")
        RECEIPT = "receipt", _("Receipt")
        COUNT = "count", _("Count")
        TRANSFER = "transfer", _("Transfer")
        DAMAGE = "damage", _("Damage")
        REVALUATION = "revaluation", _("Revaluation")

    stock_item = models.ForeignKey(StockItem, on_delete=models.PROTECT, related_name="movements")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    on_hand_change = models.IntegerField(_("on hand"), default=0)
    allocated_change = models.IntegerField(_("allocated"), default=0)
    damaged_change = models.IntegerField(_("damaged"), default=0, db_default=0)
    # What the goods were worth that came (above zero) or went, in the books' currency.
    value_change = models.DecimalField(
        _("value"), max_digits=14, decimal_places=3, default=Decimal(0), db_default=Decimal(0)
    )
    batch = models.ForeignKey(
        Batch, on_delete=models.PROTECT, null=True, blank=True, related_name="movements"
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    reference = models.CharField(_("reference"), max_length=60, blank=True, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("stock movement")
        verbose_name_plural = _("stock movements")
        indexes = [
            models.Index(fields=["stock_item", "-at"], name="movement_history"),
            # What was there and what it was worth on any day is read from the index alone.
            models.Index(
                fields=["at"],
                include=["stock_item", "kind", "on_hand_change", "damaged_change", "value_change"],
                condition=~Q(on_hand_change=0) | ~Q(damaged_change=0) | ~Q(value_change=0),
                name="movement_of_units",
            ),
            # What came last is what is still there, first in, first out.
            models.Index(
                fields=["stock_item", "-at"], condition=Q(kind="receipt"), name="movement_receipts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.on_hand_change:+}/{self.allocated_change:+}"
