from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inventory.models.item import Batch
from inventory.models.location import Location
from shop.lib.events import Transition


class Transfer(models.Model):
    """Goods on their way from one location to another."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_TRANSIT = "in_transit", _("On the way")
        RECEIVED = "received", _("Received")
        CANCELED = "canceled", _("Cancelled")

    MOVES: ClassVar[dict[str, set[str]]] = {
        Status.DRAFT: {Status.IN_TRANSIT, Status.CANCELED},
        Status.IN_TRANSIT: {Status.RECEIVED},
        Status.RECEIVED: set(),
        Status.CANCELED: set(),
    }

    number = models.CharField(_("number"), max_length=20, unique=True)
    source = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="transfers_out", verbose_name=_("from")
    )
    target = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="transfers_in", verbose_name=_("to")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    note = models.CharField(_("note"), max_length=200, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    received_at = models.DateTimeField(_("received"), null=True, blank=True)

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        constraints = [
            models.CheckConstraint(
                condition=~Q(source=F("target")), name="transfer_goes_somewhere"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class TransferLine(models.Model):
    transfer = models.ForeignKey(Transfer, on_delete=models.CASCADE, related_name="lines")
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey(
        Batch, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    quantity = models.PositiveIntegerField(_("sent"))
    received = models.PositiveIntegerField(_("received"), null=True, blank=True)

    class Meta:
        verbose_name = _("transfer line")
        verbose_name_plural = _("transfer lines")
        constraints = [
            models.UniqueConstraint(
                fields=["transfer", "variant", "batch"],
                name="transfer_line_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="transfer_line_not_empty"),
            models.CheckConstraint(
                condition=Q(received=None) | Q(received__lte=F("quantity")),
                name="transfer_line_receives_no_more_than_sent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.variant_id}"


class TransferEvent(Transition):
    transfer = models.ForeignKey(Transfer, on_delete=models.CASCADE, related_name="events")

    class Meta(Transition.Meta):
        verbose_name = _("transfer event")
        verbose_name_plural = _("transfer events")
