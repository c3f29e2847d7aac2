from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models.line import OrderLine
from orders.models.order import Order


class Adjustment(models.Model):
    """What one promotion took off a line, or off the delivery (without a line).

    Never on the order as a whole: so a refund of a line is exact.
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="adjustments")
    line = models.ForeignKey(
        OrderLine, on_delete=models.CASCADE, null=True, blank=True, related_name="adjustments"
    )
    # The promotion's id; promotions live further up and may be deleted.
    promotion = models.BigIntegerField(_("promotion"), db_index=True)
    label = models.CharField(_("label"), max_length=120)
    code = models.CharField(_("code"), max_length=40, blank=True)
    amount = models.DecimalField(
        _("amount"),
        max_digits=14,
        decimal_places=3,
        help_text=_("Below zero, on the side (net or gross) prices are entered."),
    )

    class Meta:
        verbose_name = _("adjustment")
        verbose_name_plural = _("adjustments")
        constraints = [
            models.CheckConstraint(condition=Q(amount__lt=0), name="adjustment_takes_off"),
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.amount}"
