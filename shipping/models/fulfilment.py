from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models import Order, OrderLine
from shop.lib.events import Transition


class Fulfilment(models.Model):
    """Goods of an order that travel together."""

    class Status(models.TextChoices):
        PENDING = "pending", _("To pick")
        PICKING = "picking", _("Picking")
        PACKED = "packed", _("Packed")
        SHIPPED = "shipped", _("Shipped")
        DELIVERED = "delivered", _("Delivered")
        FAILED_DELIVERY = "failed_delivery", _("Delivery failed")
        CANCELED = "canceled", _("Cancelled")

    MOVES: ClassVar[dict[str, set[str]]] = {
        Status.PENDING: {Status.PICKING, Status.PACKED, Status.SHIPPED, Status.CANCELED},
        Status.PICKING: {Status.PACKED, Status.SHIPPED, Status.CANCELED},
        Status.PACKED: {Status.SHIPPED, Status.CANCELED},
        Status.SHIPPED: {Status.DELIVERED, Status.FAILED_DELIVERY},
        Status.FAILED_DELIVERY: {Status.SHIPPED, Status.DELIVERED},
        Status.DELIVERED: set(),
        Status.CANCELED: set(),
    }

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="fulfilments")
    position = models.PositiveSmallIntegerField(_("parcel"), default=1)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.PENDING)
    carrier = models.CharField(_("carrier"), max_length=40, blank=True)
    tracking_number = models.CharField(
        _("tracking number"), max_length=60, blank=True, db_index=True
    )
    tracking_url = models.URLField(_("tracking page"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("created"))
    shipped_at = models.DateTimeField(_("shipped"), null=True, blank=True)

    class Meta:
        verbose_name = _("fulfilment")
        verbose_name_plural = _("fulfilments")
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="fulfilment_numbered"),
            models.CheckConstraint(
                condition=~Q(status="shipped") | Q(shipped_at__isnull=False),
                name="fulfilment_shipped_has_a_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.position}"


class FulfilmentLine(models.Model):
    fulfilment = models.ForeignKey(Fulfilment, on_delete=models.CASCADE, related_name="lines")
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField(_("quantity"))

    class Meta:
        verbose_name = _("fulfilment line")
        verbose_name_plural = _("fulfilment lines")
        constraints = [
            models.UniqueConstraint(
                fields=["fulfilment", "order_line"], name="fulfilment_line_once"
            ),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="fulfilment_line_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.order_line_id}"


class FulfilmentEvent(Transition):
    fulfilment = models.ForeignKey(Fulfilment, on_delete=models.CASCADE, related_name="events")

    class Meta(Transition.Meta):
        verbose_name = _("fulfilment event")
        verbose_name_plural = _("fulfilment events")
