from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class BuyingPolicy(models.Model):
    """How the shop orders by itself. One row."""

    is_on = models.BooleanField(_("suggests orders"), default=True)
    service_level = models.DecimalField(
        _("service level"), max_digits=4, decimal_places=3, default=Decimal("0.95")
    )
    review_days = models.PositiveSmallIntegerField(_("days between orders"), default=7)
    cover_days = models.PositiveSmallIntegerField(
        _("days a delivery should last"), default=28, help_text=_("Beyond the time until it comes.")
    )
    # In the books' currency; None: no limit.
    budget = models.DecimalField(
        _("budget of a run"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    overstock_days = models.PositiveSmallIntegerField(
        _("overstock from days of cover"), default=180
    )
    dead_days = models.PositiveSmallIntegerField(_("dead after days without a sale"), default=180)

    class Meta:
        verbose_name = _("buying policy")
        verbose_name_plural = _("buying policy")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="buying_policy_one_row"),
            models.CheckConstraint(
                condition=Q(service_level__gte=0.5, service_level__lte=0.999),
                name="buying_policy_service_level_in_range",
            ),
        ]

    def __str__(self) -> str:
        return str(self.service_level)
