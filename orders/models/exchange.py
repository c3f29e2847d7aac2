from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Variant
from orders.models.edit import OrderEdit
from orders.models.order import Order
from orders.models.returns import Return, ReturnLine
from shop.lib.events import Transition


class Exchange(models.Model):
    """Other pieces for those that come back. They become lines of the same order."""

    class Status(models.TextChoices):
        REQUESTED = "requested", _("Requested")
        # Agreed; the new pieces are set aside where there are any.
        WAITING = "waiting", _("Waits for the return")
        RELEASED = "released", _("To be sent")
        CLOSED = "closed", _("Sent")
        CANCELED = "canceled", _("Cancelled")

    class Ships(models.TextChoices):
        AT_ONCE = "at_once", _("At once")
        ON_RECEIPT = "on_receipt", _("When the goods are back")

    MOVES: ClassVar[dict[str, set[str]]] = {
        Status.REQUESTED: {Status.WAITING, Status.RELEASED, Status.CANCELED},
        Status.WAITING: {Status.RELEASED, Status.CANCELED},
        Status.RELEASED: {Status.CLOSED, Status.CANCELED},
        Status.CLOSED: set(),
        Status.CANCELED: set(),
    }

    rma = models.OneToOneField(Return, on_delete=models.PROTECT, related_name="exchange")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="exchanges")
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.REQUESTED)
    ships = models.CharField(_("is sent"), max_length=10, choices=Ships, default=Ships.ON_RECEIPT)
    # New pieces less returned ones, as shown when it was asked for; below zero: money goes back.
    difference = models.DecimalField(
        _("difference"), max_digits=14, decimal_places=3, default=Decimal(0)
    )
    # The change that brought the new lines into the order.
    edit = models.OneToOneField(
        OrderEdit, on_delete=models.PROTECT, null=True, blank=True, related_name="exchange"
    )
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("exchange")
        verbose_name_plural = _("exchanges")
        indexes = [models.Index(fields=["status", "created_at"], name="exchange_queue")]

    def __str__(self) -> str:
        return f"exchange of {self.rma_id}"


class ExchangeLine(models.Model):
    """A piece that is wanted instead of a returned one."""

    exchange = models.ForeignKey(Exchange, on_delete=models.CASCADE, related_name="lines")
    return_line = models.ForeignKey(
        ReturnLine, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField(_("quantity"))
    unit_price = models.DecimalField(_("unit price"), max_digits=14, decimal_places=3)

    class Meta:
        verbose_name = _("line of an exchange")
        verbose_name_plural = _("lines of an exchange")
        constraints = [
            models.UniqueConstraint(
                fields=["exchange", "return_line", "variant"], name="exchange_line_once"
            ),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="exchange_line_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.variant_id}"


class ExchangeEvent(Transition):
    exchange = models.ForeignKey(Exchange, on_delete=models.CASCADE, related_name="events")

    class Meta(Transition.Meta):
        verbose_name = _("exchange event")
        verbose_name_plural = _("exchange events")
