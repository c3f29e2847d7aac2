from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orders.models import Order


class BulkRun(models.Model):
    """One action on many orders or parcels, worked off by a worker: how far it is, and its report."""

    class Kind(models.TextChoices):
        CONFIRM = "confirm", _("Confirm orders")
        PICK = "pick", _("Pick without a walk")
        PACK = "pack", _("Pack")
        LABEL = "label", _("Buy labels")
        SHIP = "ship", _("Send")
        PACKING_SLIPS = "packing_slips", _("Packing slips")
        PICK_LISTS = "pick_lists", _("Pick lists")
        LABEL_SHEETS = "label_sheets", _("Labels to print")

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        STOPPED = "stopped", _("Stopped")

    kind = models.CharField(_("what"), max_length=14, choices=Kind)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.WAITING)
    # What the form asked: {"carrier": "royal-mail", "prices": false}
    options = models.JSONField(_("options"), default=dict, blank=True)
    total = models.PositiveIntegerField(_("rows"))
    done = models.PositiveIntegerField(_("done"), default=0)
    refused = models.PositiveIntegerField(_("refused"), default=0)
    file = models.FileField(_("file"), upload_to="private/runs/%Y/%m/", max_length=255, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked"), db_index=True)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("run on many")
        verbose_name_plural = _("runs on many")
        constraints = [
            models.CheckConstraint(
                condition=Q(total__gte=F("done") + F("refused")), name="bulk_run_within_total"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.total})"


class BulkRow(models.Model):
    """One order of a run: to do, done or refused, and why."""

    class Outcome(models.TextChoices):
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")

    run = models.ForeignKey(BulkRun, on_delete=models.CASCADE, related_name="rows")
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="+")
    # The fulfilment, where the action is on one.
    parcel = models.BigIntegerField(null=True, blank=True)
    position = models.PositiveIntegerField()
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True)
    words = models.CharField(_("report"), max_length=300, blank=True)
    at = models.DateTimeField(_("at"), null=True, blank=True)

    class Meta:
        verbose_name = _("row of a run")
        verbose_name_plural = _("rows of a run")
        constraints = [
            models.UniqueConstraint(
                fields=["run", "order", "parcel"], name="bulk_row_once", nulls_distinct=False
            ),
        ]
        indexes = [models.Index(fields=["run", "position"], name="bulk_row_walk")]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.outcome}"
