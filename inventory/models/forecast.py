from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Variant


class DemandWeek(models.Model):
    """Units of a variant that were asked for in a week (Monday to Sunday, the shop's days)."""

    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="demand")
    week_on = models.DateField(_("week of"))
    units = models.PositiveIntegerField(_("units sold"), default=0)
    # Of these, sold at a promotion's price.
    promoted = models.PositiveIntegerField(_("in promotions"), default=0)
    # Days of the week on which none could be bought.
    days_out = models.PositiveSmallIntegerField(_("days sold out"), default=0)

    class Meta:
        verbose_name = _("week of demand")
        verbose_name_plural = _("weeks of demand")
        constraints = [
            models.UniqueConstraint(fields=["variant", "week_on"], name="demand_week_once"),
            models.CheckConstraint(condition=Q(days_out__lte=7), name="demand_week_has_seven_days"),
        ]
        indexes = [models.Index(fields=["week_on"], name="demand_of_week")]

    def __str__(self) -> str:
        return f"{self.variant_id} {self.week_on}: {self.units}"


class Forecast(models.Model):
    """What the shop expects to sell of a variant, how wrong that was on held-out weeks, and what
    follows for its stock. One row a run.
    """

    class Pattern(models.TextChoices):
        """By how often and how evenly it sells (Syntetos, Boylan, Croston 2005)."""

        SMOOTH = "smooth", _("Steady")
        ERRATIC = "erratic", _("Uneven")
        INTERMITTENT = "intermittent", _("Now and then")
        LUMPY = "lumpy", _("Now and then, unevenly")
        NEW = "new", _("New")
        NONE = "none", _("No sales")

    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="forecasts")
    made_on = models.DateField(_("made"))
    # Of the current run; reports read these rows alone.
    is_current = models.BooleanField(default=True)
    method = models.CharField(_("method"), max_length=20)
    pattern = models.CharField(_("sells"), max_length=12, choices=Pattern)
    # Units a week, from the week of made_on on; low and high hold four weeks of five between them.
    first_week_on = models.DateField(_("first week"))
    mean = models.JSONField(_("expected"), default=list)
    low = models.JSONField(_("at least"), default=list)
    high = models.JSONField(_("at most"), default=list)
    weekly = models.DecimalField(_("units a week"), max_digits=12, decimal_places=3)
    # Of one week's error, in units.
    sigma = models.DecimalField(_("spread"), max_digits=12, decimal_places=3)
    # Shares of what was sold in the held-out weeks; None where nothing was.
    wape = models.DecimalField(_("error"), max_digits=8, decimal_places=3, null=True, blank=True)
    bias = models.DecimalField(_("bias"), max_digits=8, decimal_places=3, null=True, blank=True)
    mase = models.DecimalField(
        _("error against naive"), max_digits=8, decimal_places=3, null=True, blank=True
    )

    lead_days = models.PositiveSmallIntegerField(_("days to deliver"))
    service_level = models.DecimalField(_("service level"), max_digits=4, decimal_places=3)
    safety_stock = models.PositiveIntegerField(_("safety stock"))
    reorder_point = models.PositiveIntegerField(_("reorder point"))
    order_up_to = models.PositiveIntegerField(_("order up to"))
    # By share of a year's sales value (A, B, C) and by how even they are (X, Y, Z).
    abc = models.CharField(_("ABC"), max_length=1, blank=True)
    xyz = models.CharField(_("XYZ"), max_length=1, blank=True)

    class Meta:
        verbose_name = _("forecast")
        verbose_name_plural = _("forecasts")
        constraints = [
            models.UniqueConstraint(fields=["variant", "made_on"], name="forecast_once_a_day"),
            models.UniqueConstraint(
                fields=["variant"], condition=Q(is_current=True), name="forecast_one_current"
            ),
            models.CheckConstraint(
                condition=Q(order_up_to__gte=models.F("reorder_point"))
                & Q(reorder_point__gte=models.F("safety_stock")),
                name="forecast_levels_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id} {self.made_on}: {self.weekly} a week"
