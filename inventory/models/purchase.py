from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Variant
from inventory.models.item import Batch, StockMovement
from inventory.models.location import Location
from inventory.models.supplier import Supplier
from shop.lib.events import InvalidTransition, Transition


class PurchaseOrder(models.Model):
    """Goods bought from a supplier, for one location. Sums are in the supplier's currency."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ORDERED = "ordered", _("Ordered")
        PARTIALLY_RECEIVED = "partially_received", _("Part received")
        RECEIVED = "received", _("Received")
        CLOSED = "closed", _("Closed")
        CANCELED = "canceled", _("Cancelled")

    MOVES: ClassVar[dict[str, set[str]]] = {
        Status.DRAFT: {Status.ORDERED, Status.CANCELED},
        Status.ORDERED: {Status.PARTIALLY_RECEIVED, Status.RECEIVED, Status.CANCELED},
        # Closed short: the rest does not come any more.
        Status.PARTIALLY_RECEIVED: {Status.RECEIVED, Status.CLOSED},
        Status.RECEIVED: {Status.CLOSED},
        Status.CLOSED: set(),
        Status.CANCELED: set(),
    }
    OPEN: ClassVar[tuple[str, ...]] = (Status.ORDERED, Status.PARTIALLY_RECEIVED)

    class ShareBy(models.TextChoices):
        VALUE = "value", _("Value")
        WEIGHT = "weight", _("Weight")

    number = models.CharField(_("number"), max_length=20, unique=True)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="orders")
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="purchase_orders", verbose_name=_("for")
    )
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.DRAFT)
    currency = models.CharField(_("currency"), max_length=3)
    # Units of the books' currency for one of the supplier's; fixed when it is ordered.
    rate = models.DecimalField(
        _("exchange rate"), max_digits=18, decimal_places=8, default=Decimal(1)
    )
    expected_on = models.DateField(_("expected"), null=True, blank=True)
    freight = models.DecimalField(_("freight"), max_digits=14, decimal_places=3, default=Decimal(0))
    duty = models.DecimalField(_("duty"), max_digits=14, decimal_places=3, default=Decimal(0))
    share_by = models.CharField(
        _("freight and duty shared by"), max_length=6, choices=ShareBy, default=ShareBy.VALUE
    )
    note = models.TextField(_("note to the supplier"), blank=True)
    # Made by the nightly job; a person approves it by ordering.
    is_suggested = models.BooleanField(_("suggested"), default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"))
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    ordered_at = models.DateTimeField(_("ordered"), null=True, blank=True)
    sent_at = models.DateTimeField(_("mailed"), null=True, blank=True)
    received_at = models.DateTimeField(_("all received"), null=True, blank=True)
    pdf = models.FileField(
        _("PDF"), upload_to="private/purchases/%Y/%m/", max_length=255, blank=True
    )

    class Meta:
        verbose_name = _("purchase order")
        verbose_name_plural = _("purchase orders")
        constraints = [
            models.CheckConstraint(
                condition=Q(freight__gte=0, duty__gte=0, rate__gt=0), name="purchase_sums_sane"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "canceled"]) | Q(ordered_at__isnull=False),
                name="purchase_ordered_at_a_time",
            ),
            # The nightly job adds to its own draft instead of making a second one.
            models.UniqueConstraint(
                fields=["supplier", "location"],
                condition=Q(status="draft", is_suggested=True),
                name="purchase_one_suggestion",
            ),
        ]
        indexes = [models.Index(fields=["status", "expected_on"], name="purchase_queue")]
        permissions = [
            ("order_purchaseorder", _("Can send purchase orders")),
            ("receive_purchaseorder", _("Can receive goods")),
        ]

    def __str__(self) -> str:
        return self.number

    def check_move(self, status: str) -> None:
        """Raises InvalidTransition."""
        if status not in self.MOVES[self.status]:
            raise InvalidTransition(self, self.status, status)


class PurchaseOrderLine(models.Model):
    """A variant on a purchase order, as the supplier calls it. Quantities are single units."""

    order = models.ForeignKey(PurchaseOrder, on_delete=models.CASCADE, related_name="lines")
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="purchase_lines")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    supplier_sku = models.CharField(_("their SKU"), max_length=64, blank=True)
    pack_size = models.PositiveIntegerField(_("units in a pack"), default=1)
    quantity = models.PositiveIntegerField(_("ordered"))
    received = models.PositiveIntegerField(_("received"), default=0)
    # Refused at the door or damaged: came, and did not raise the stock.
    rejected = models.PositiveIntegerField(_("rejected"), default=0)
    unit_cost = models.DecimalField(_("unit cost"), max_digits=14, decimal_places=3)
    expected_on = models.DateField(_("expected"), null=True, blank=True)
    # Why the shop suggests it, in figures: {"on_hand": 4, "reorder_point": 12, …}.
    reasons = models.JSONField(_("why"), default=dict, blank=True)

    class Meta:
        verbose_name = _("purchase order line")
        verbose_name_plural = _("purchase order lines")
        constraints = [
            models.UniqueConstraint(fields=["order", "variant"], name="purchase_line_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, unit_cost__gte=0), name="purchase_line_makes_sense"
            ),
        ]
        indexes = [models.Index(fields=["variant", "order"], name="purchase_of_variant")]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.variant_id}"

    @property
    def outstanding(self) -> int:
        """Units that are still to come; never below zero, though more may come than was ordered."""
        return max(0, self.quantity - self.received - self.rejected)


class PurchaseEvent(Transition):
    """One move of a purchase order, or a note on it."""

    order = models.ForeignKey(PurchaseOrder, on_delete=models.CASCADE, related_name="events")

    class Meta(Transition.Meta):
        verbose_name = _("purchase event")
        verbose_name_plural = _("purchase events")


class Receipt(models.Model):
    """One delivery against a purchase order. Written once."""

    order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, related_name="receipts")
    number = models.CharField(_("number"), max_length=20, unique=True)
    delivery_note = models.CharField(_("their delivery note"), max_length=60, blank=True)
    # A form sent twice is one delivery.
    key = models.UUIDField(unique=True)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    received_at = models.DateTimeField(_("received"))

    class Meta:
        verbose_name = _("receipt of goods")
        verbose_name_plural = _("receipts of goods")

    def __str__(self) -> str:
        return self.number


class ReceiptLine(models.Model):
    """What came of an ordered line. landed: what all its good units cost, in the books' currency."""

    receipt = models.ForeignKey(Receipt, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey(PurchaseOrderLine, on_delete=models.PROTECT, related_name="receipts")
    quantity = models.PositiveIntegerField(_("good units"), default=0)
    rejected = models.PositiveIntegerField(_("rejected units"), default=0)
    reason = models.CharField(_("why rejected"), max_length=200, blank=True)
    batch = models.ForeignKey(
        Batch, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    goods = models.DecimalField(_("goods"), max_digits=14, decimal_places=3)
    freight = models.DecimalField(_("freight"), max_digits=14, decimal_places=3, default=Decimal(0))
    duty = models.DecimalField(_("duty"), max_digits=14, decimal_places=3, default=Decimal(0))
    landed = models.DecimalField(_("landed cost"), max_digits=14, decimal_places=3)
    movement = models.OneToOneField(
        StockMovement, on_delete=models.PROTECT, null=True, blank=True, related_name="receipt_line"
    )

    class Meta:
        verbose_name = _("received line")
        verbose_name_plural = _("received lines")
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gte=1) | Q(rejected__gte=1), name="receipt_line_not_empty"
            ),
            models.CheckConstraint(
                condition=Q(landed=F("goods") + F("freight") + F("duty")),
                name="receipt_line_landed_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(quantity=0) | Q(movement__isnull=False),
                name="receipt_line_moves_stock",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.line_id}"
