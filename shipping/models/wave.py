from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Variant
from inventory.models import Bin, Location
from shipping.models.fulfilment import FulfilmentLine


class PickWave(models.Model):
    """Parcels that one person picks in one walk through a location."""

    class Status(models.TextChoices):
        OPEN = "open", _("To be picked")
        PICKING = "picking", _("Being picked")
        PICKED = "picked", _("Picked")
        CANCELED = "canceled", _("Given up")

    MOVES: ClassVar[dict[str, set[str]]] = {
        Status.OPEN: {Status.PICKING, Status.CANCELED},
        Status.PICKING: {Status.PICKED, Status.CANCELED},
        Status.PICKED: set(),
        Status.CANCELED: set(),
    }

    # WV-10001; from a sequence.
    number = models.CharField(_("number"), max_length=20, unique=True)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN)
    picker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picked by"),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"))
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("pick wave")
        verbose_name_plural = _("pick waves")
        indexes = [models.Index(fields=["status", "created_at"], name="pick_wave_queue")]

    def __str__(self) -> str:
        return self.number


class PickTask(models.Model):
    """Units of a variant to fetch from a bin for one parcel. A wave walks them by position."""

    wave = models.ForeignKey(PickWave, on_delete=models.CASCADE, related_name="tasks")
    line = models.ForeignKey(FulfilmentLine, on_delete=models.CASCADE, related_name="tasks")
    # Of a bundle, the part.
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+")
    bin = models.ForeignKey(Bin, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    position = models.PositiveIntegerField(_("place in the walk"))
    quantity = models.PositiveIntegerField(_("to pick"))
    picked = models.PositiveIntegerField(_("picked"), default=0)
    # Looked for and not found.
    short = models.PositiveIntegerField(_("short"), default=0)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("pick")
        verbose_name_plural = _("picks")
        constraints = [
            models.UniqueConstraint(fields=["line", "variant"], name="pick_task_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="pick_task_not_empty"),
            models.CheckConstraint(
                condition=Q(quantity__gte=F("picked") + F("short")), name="pick_task_within_asked"
            ),
        ]
        indexes = [models.Index(fields=["wave", "position"], name="pick_task_walk")]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.variant_id}"
