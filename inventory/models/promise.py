from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Variant
from inventory.models.item import StockItem


class Reservation(models.Model):
    """Units kept for a shopper (the holder of a cart) while he pays. Never in his own way."""

    holder = models.UUIDField(_("holder"))
    stock_item = models.ForeignKey(StockItem, on_delete=models.PROTECT, related_name="reservations")
    quantity = models.PositiveIntegerField(_("quantity"))
    created_at = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"), db_index=True)

    class Meta:
        verbose_name = _("reservation")
        verbose_name_plural = _("reservations")
        constraints = [
            models.UniqueConstraint(fields=["holder", "stock_item"], name="reservation_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="reservation_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} for {self.holder}"


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


class Backorder(models.Model):
    """Units promised to a holder (an order line) that are not there yet. Filled oldest first."""

    class Kind(models.TextChoices):
        BACKORDER = "backorder", _("Backorder")
        PREORDER = "preorder", _("Pre-order")
        # Was promised from the shelf, and is gone: the buyer chose to wait.
        SHORT = "short", _("Waits for a replacement")

    holder = models.UUIDField(_("holder"), unique=True)
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="backorders")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.BACKORDER)
    quantity = models.PositiveIntegerField(_("still to come"))
    promised_on = models.DateField(_("promised for"), null=True, blank=True)
    created_at = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("backorder")
        verbose_name_plural = _("backorders")
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="backorder_not_empty"),
        ]
        indexes = [models.Index(fields=["variant", "created_at", "id"], name="backorder_queue")]

    def __str__(self) -> str:
        return f"{self.quantity} to come for {self.holder}"


class Shortage(models.Model):
    """Units that were promised to a holder and turned out not to be there."""

    class Outcome(models.TextChoices):
        WAIT = "wait", _("Waits for new stock")
        SUBSTITUTE = "substitute", _("Another piece instead")
        CANCEL = "cancel", _("Cancelled")
        FOUND = "found", _("Found after all")

    holder = models.UUIDField(_("holder"), db_index=True)
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="shortages")
    quantity = models.PositiveIntegerField(_("missing"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    noticed_at = models.DateTimeField(_("noticed"))
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, blank=True)

    class Meta:
        verbose_name = _("shortage")
        verbose_name_plural = _("shortages")
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="shortage_not_empty"),
            models.CheckConstraint(
                condition=Q(settled_at=None, outcome="")
                | (Q(settled_at__isnull=False) & ~Q(outcome="")),
                name="shortage_settled_somehow",
            ),
            models.UniqueConstraint(
                fields=["holder"], condition=Q(settled_at=None), name="shortage_open_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["-noticed_at"], condition=Q(settled_at=None), name="shortage_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} missing for {self.holder}"
