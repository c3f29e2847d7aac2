from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.models import Location
from orders.models import Order, OrderLine
from shipping.models.box import Box
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

    class Tracking(models.TextChoices):
        PRE_TRANSIT = "pre_transit", _("Label made")
        IN_TRANSIT = "in_transit", _("On its way")
        OUT_FOR_DELIVERY = "out_for_delivery", _("Arrives today")
        DELIVERED = "delivered", _("Delivered")
        EXCEPTION = "exception", _("Something is wrong")
        RETURNED = "returned", _("Comes back")

    MOVES: ClassVar[dict[str, set[str]]] = {
        Status.PENDING: {Status.PICKING, Status.PACKED, Status.SHIPPED, Status.CANCELED},
        # Back to pending when its wave is given up.
        Status.PICKING: {Status.PENDING, Status.PACKED, Status.SHIPPED, Status.CANCELED},
        Status.PACKED: {Status.SHIPPED, Status.CANCELED},
        Status.SHIPPED: {Status.DELIVERED, Status.FAILED_DELIVERY},
        Status.FAILED_DELIVERY: {Status.SHIPPED, Status.DELIVERED},
        Status.DELIVERED: set(),
        Status.CANCELED: set(),
    }

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="fulfilments")
    position = models.PositiveSmallIntegerField(_("parcel"), default=1)
    # Where it leaves from, when it leaves from one place.
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, null=True, blank=True, related_name="fulfilments"
    )
    # What its goods had cost, in the books' currency; None when nobody moved stock for it.
    goods_cost = models.DecimalField(
        _("cost of goods"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.PENDING)
    carrier = models.CharField(_("carrier"), max_length=40, blank=True)
    tracking_number = models.CharField(
        _("tracking number"), max_length=60, blank=True, db_index=True
    )
    tracking_url = models.URLField(_("tracking page"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("created"))
    shipped_at = models.DateTimeField(_("shipped"), null=True, blank=True)
    packed_at = models.DateTimeField(_("packed"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("delivered"), null=True, blank=True)
    # Has to leave by then to arrive as promised.
    ship_by = models.DateField(_("leaves by"), null=True, blank=True)
    wave = models.ForeignKey(
        "shipping.PickWave",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="fulfilments",
        verbose_name=_("pick wave"),
    )
    box = models.ForeignKey(
        Box,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("box"),
    )
    grams = models.PositiveIntegerField(_("weight in grams"), default=0, db_default=0)
    # What the carrier says last; its own history are the tracking events.
    tracking_status = models.CharField(
        _("tracking"), max_length=20, choices=Tracking, blank=True, db_default=""
    )
    tracked_at = models.DateTimeField(_("last asked"), null=True, blank=True)
    # Click and collect: ready for the buyer since, and the code he shows.
    ready_at = models.DateTimeField(_("ready to be fetched"), null=True, blank=True)
    collect_code = models.CharField(_("code"), max_length=12, blank=True, db_default="")

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
        indexes = [
            models.Index(
                fields=["status", "ship_by"],
                name="fulfilment_queue",
                condition=Q(status__in=["pending", "picking", "packed"]),
            ),
            models.Index(
                fields=["tracked_at"], name="fulfilment_on_its_way", condition=Q(status="shipped")
            ),
            models.Index(
                fields=["tracking_status"],
                name="fulfilment_in_trouble",
                condition=Q(
                    status__in=["shipped", "failed_delivery"],
                    tracking_status__in=["exception", "returned"],
                ),
            ),
        ]
        permissions = [
            ("pack_fulfilment", _("Can pick and pack")),
            ("buy_label", _("Can buy and void labels")),
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
