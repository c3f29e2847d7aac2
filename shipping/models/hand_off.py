import secrets

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.models import Location
from orders.models import Order
from shipping.models.fulfilment import Fulfilment


def new_token() -> str:
    """192 bits."""
    return secrets.token_urlsafe(24)


class HandOff(models.Model):
    """The part of an order that a partner sends for us: told once, answered with tracking."""

    class Status(models.TextChoices):
        PENDING = "pending", _("To be told")
        TOLD = "told", _("Told")
        SHIPPED = "shipped", _("Sent by the partner")
        REFUSED = "refused", _("Refused by the partner")
        CANCELED = "canceled", _("Cancelled")

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="hand_offs")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="hand_offs")
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PENDING)
    # The partner's name for it in everything that goes back and forth.
    reference = models.CharField(max_length=40, unique=True, default=new_token)
    # {order line id: units}
    contents = models.JSONField(_("contents"), default=dict)
    fulfilment = models.OneToOneField(
        Fulfilment, on_delete=models.PROTECT, null=True, blank=True, related_name="hand_off"
    )
    problem = models.CharField(_("problem"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("created"))
    told_at = models.DateTimeField(_("told at"), null=True, blank=True)

    class Meta:
        verbose_name = _("hand-off to a partner")
        verbose_name_plural = _("hand-offs to partners")
        constraints = [
            models.UniqueConstraint(
                fields=["order", "location"],
                condition=Q(status__in=["pending", "told"]),
                name="hand_off_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} > {self.location_id}"
