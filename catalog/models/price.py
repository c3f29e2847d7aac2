from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models.market import Market
from catalog.models.variant import Variant


class Price(models.Model):
    """What a variant costs in a market, in the market's currency, tax in or out as it shows it."""

    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="prices")
    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="+")
    amount = models.DecimalField(_("price"), max_digits=14, decimal_places=3)
    compare_at = models.DecimalField(
        _("was"), max_digits=14, decimal_places=3, null=True, blank=True
    )

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        constraints = [
            models.UniqueConstraint(fields=["variant", "market"], name="price_one_per_market"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="price_not_negative"),
            models.CheckConstraint(
                condition=Q(compare_at=None) | Q(compare_at__gt=F("amount")),
                name="price_was_is_higher",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} ({self.market_id})"
