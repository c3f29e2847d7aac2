from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order


class OrderEdit(models.Model):
    """A change of an order after it was placed: what was, what is, and what it costs. Append-only.

    What it added are lines of their own; what it took away was granted back or never charged.
    """

    class Cause(models.TextChoices):
        STAFF = "staff", _("Changed by staff")
        CUSTOMER = "customer", _("Changed by the customer")
        EXCHANGE = "exchange", _("Exchange")
        CLAIM = "claim", _("Replacement")

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="edits")
    cause = models.CharField(_("cause"), max_length=10, choices=Cause, default=Cause.STAFF)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    # [{"what": "line"|"address"|"delivery", "name", "was", "is"}]: what the log shows.
    changes = models.JSONField(_("changes"), default=list)
    # What the order costs more (or less) by it, as charged or granted.
    difference = models.DecimalField(_("difference"), max_digits=14, decimal_places=3)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(_("made"))
    # The form it came from, so that a second click finds the first edit.
    key = models.CharField(max_length=80, unique=True)

    class Meta:
        verbose_name = _("change of an order")
        verbose_name_plural = _("changes of orders")
        indexes = [models.Index(fields=["order", "made_at"], name="order_edit_history")]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.difference}"
