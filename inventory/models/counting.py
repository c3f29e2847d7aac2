from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.models.item import Batch, StockItem
from inventory.models.location import Bin, Location
from shop.lib.events import Transition


class StockCount(models.Model):
    """A stock take of a location, or of some of its bins."""

    class Status(models.TextChoices):
        OPEN = "open", _("Being counted")
        COUNTED = "counted", _("To be approved")
        APPROVED = "approved", _("Booked")
        CANCELED = "canceled", _("Cancelled")

    MOVES: ClassVar[dict[str, set[str]]] = {
        Status.OPEN: {Status.COUNTED, Status.CANCELED},
        # Counted again where a difference is hard to believe.
        Status.COUNTED: {Status.OPEN, Status.APPROVED, Status.CANCELED},
        Status.APPROVED: set(),
        Status.CANCELED: set(),
    }

    number = models.CharField(_("number"), max_length=20, unique=True)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="counts")
    name = models.CharField(_("what"), max_length=120, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN)
    is_blind = models.BooleanField(
        _("blind"), default=True, help_text=_("Whoever counts does not see what should be there.")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("begun"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("booked"), null=True, blank=True)

    class Meta:
        verbose_name = _("stock count")
        verbose_name_plural = _("stock counts")
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_at=None) ^ Q(status="approved"),
                name="count_booked_when_approved",
            ),
        ]
        permissions = [("approve_stockcount", _("Can approve stock counts"))]

    def __str__(self) -> str:
        return self.number


class CountLine(models.Model):
    """One stock item in one bin on a count sheet.

    expected is what the system had of the whole stock item when this line was counted; the
    difference of an item is the sum of its counted lines less that, so sales may go on meanwhile.
    """

    count = models.ForeignKey(StockCount, on_delete=models.CASCADE, related_name="lines")
    stock_item = models.ForeignKey(StockItem, on_delete=models.PROTECT, related_name="+")
    bin = models.ForeignKey(Bin, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    batch = models.ForeignKey(
        Batch, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    position = models.PositiveIntegerField(_("position"), default=0)
    expected = models.IntegerField(_("expected"), null=True, blank=True)
    counted = models.PositiveIntegerField(_("counted"), null=True, blank=True)
    counted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    counted_at = models.DateTimeField(_("counted at"), null=True, blank=True)
    # What was booked, once it was.
    difference = models.IntegerField(_("difference"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("count line")
        verbose_name_plural = _("count lines")
        constraints = [
            models.UniqueConstraint(
                fields=["count", "stock_item", "bin", "batch"],
                name="count_line_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(counted=None, counted_at=None, expected=None)
                | Q(counted__isnull=False, counted_at__isnull=False, expected__isnull=False),
                name="count_line_counted_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stock_item_id}: {self.counted}"


class CountEvent(Transition):
    count = models.ForeignKey(StockCount, on_delete=models.CASCADE, related_name="events")

    class Meta(Transition.Meta):
        verbose_name = _("count event")
        verbose_name_plural = _("count events")
