from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Variant


class StockPolicy(models.Model):
    """How a variant is stocked: whether it may be sold before it is there, by batch, reordered.

    A variant without a row is sold from the shelf, without batches, and reordered.
    """

    class Selling(models.TextChoices):
        SHELF = "shelf", _("Only what is there")
        BACKORDER = "backorder", _("Also what comes later")
        PREORDER = "preorder", _("Before its first day")

    variant = models.OneToOneField(Variant, on_delete=models.CASCADE, related_name="stock_policy")
    selling = models.CharField(
        _("sold"), max_length=10, choices=Selling, default=Selling.SHELF, db_default=Selling.SHELF
    )
    limit = models.PositiveIntegerField(
        _("at most promised"),
        default=0,
        db_default=0,
        help_text=_("Units that may be promised without being there."),
    )
    # Promised and not there: the sum of its backorders, held under the limit by the database.
    waiting = models.PositiveIntegerField(_("promised"), default=0, db_default=0, editable=False)
    lead_days = models.PositiveSmallIntegerField(
        _("days until it comes"),
        default=21,
        db_default=21,
        help_text=_("Promised for a backorder when nothing is ordered from the supplier yet."),
    )
    available_on = models.DateField(
        _("first day"), null=True, blank=True, help_text=_("A pre-order is sent from this day on.")
    )

    tracks_batches = models.BooleanField(
        _("has batches"), default=False, db_default=False, help_text=_("What expires, goes first.")
    )
    days_fresh = models.PositiveSmallIntegerField(
        _("days it must keep"),
        default=0,
        db_default=0,
        help_text=_("What expires sooner than this is not sold any more."),
    )

    is_reordered = models.BooleanField(_("reordered"), default=True, db_default=True)
    service_level = models.DecimalField(
        _("service level"),
        max_digits=4,
        decimal_places=3,
        null=True,
        blank=True,
        help_text=_("0.95: nineteen times of twenty it does not run out before the delivery."),
    )

    class Meta:
        verbose_name = _("stock policy")
        verbose_name_plural = _("stock policies")
        constraints = [
            models.CheckConstraint(
                condition=Q(waiting__lte=F("limit")), name="policy_waits_within_limit"
            ),
            models.CheckConstraint(
                condition=~Q(selling="preorder") | Q(available_on__isnull=False),
                name="policy_preorder_has_a_first_day",
            ),
            models.CheckConstraint(
                condition=Q(service_level=None)
                | Q(service_level__gte=0.5, service_level__lte=0.999),
                name="policy_service_level_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id}: {self.selling}"
