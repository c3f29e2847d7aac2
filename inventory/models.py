from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Variant


class Location(models.Model):
    """A place that holds stock."""

    code = models.SlugField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("location")
        verbose_name_plural = _("locations")

    def __str__(self) -> str:
        return self.name


class StockItem(models.Model):
    """Units of one variant at one location. Changed only together with a StockMovement."""

    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="stock_items")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="stock_items")
    on_hand = models.IntegerField(_("on hand"), default=0)
    allocated = models.IntegerField(_("allocated"), default=0)
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
                condition=Q(allocated__lte=F("on_hand")), name="stock_never_oversold"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id} @ {self.location_id}: {self.available}"

    @property
    def available(self) -> int:
        return max(0, self.on_hand - self.allocated - self.safety)


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

    stock_item = models.ForeignKey(StockItem, on_delete=models.PROTECT, related_name="movements")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    on_hand_change = models.IntegerField(_("on hand"), default=0)
    allocated_change = models.IntegerField(_("allocated"), default=0)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    reference = models.CharField(_("reference"), max_length=60, blank=True, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("stock movement")
        verbose_name_plural = _("stock movements")
        indexes = [models.Index(fields=["stock_item", "-at"], name="movement_history")]

    def __str__(self) -> str:
        return f"{self.kind} {self.on_hand_change:+}/{self.allocated_change:+}"


class LicenceKey(models.Model):
    """One key of a variant's pool. Taken by one holder (an order line), and never twice."""

    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="keys")
    code = models.CharField(_("key"), max_length=255)
    holder = models.UUIDField(_("holder"), null=True, blank=True, db_index=True)
    added_at = models.DateTimeField(_("added"))
    taken_at = models.DateTimeField(_("taken"), null=True, blank=True)

    class Meta:
        verbose_name = _("licence key")
        verbose_name_plural = _("licence keys")
        constraints = [
            models.UniqueConstraint(fields=["variant", "code"], name="licence_key_once"),
            models.CheckConstraint(
                condition=Q(holder=None, taken_at=None)
                | Q(holder__isnull=False, taken_at__isnull=False),
                name="licence_key_taken_has_a_holder",
            ),
        ]
        indexes = [
            models.Index(fields=["variant", "id"], condition=Q(holder=None), name="licence_free")
        ]

    def __str__(self) -> str:
        return f"{self.variant_id} …{self.code[-4:]}"


class Allocation(models.Model):
    """Units promised to a holder (an order line) until they leave or are released."""

    holder = models.UUIDField(_("holder"), db_index=True)
    stock_item = models.ForeignKey(StockItem, on_delete=models.PROTECT, related_name="allocations")
    quantity = models.PositiveIntegerField(_("quantity"))
    created_at = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        constraints = [
            models.UniqueConstraint(fields=["holder", "stock_item"], name="allocation_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="allocation_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} for {self.holder}"
