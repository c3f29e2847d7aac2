from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from payments.models.grant import GrantedRefund
from payments.models.payment import Payment


class Refund(models.Model):
    """Money to give back: written before the provider is asked, settled by its answer."""

    class Status(models.TextChoices):
        PENDING = "pending", _("Pending")
        SUCCEEDED = "succeeded", _("Refunded")
        FAILED = "failed", _("Failed")

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    # The decision it pays out; money for an order that was gone already goes back without one.
    grant = models.ForeignKey(
        GrantedRefund, on_delete=models.PROTECT, null=True, blank=True, related_name="refunds"
    )
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=3)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PENDING)
    provider_ref = models.CharField(_("provider's reference"), max_length=120, blank=True)
    message = models.CharField(_("message"), max_length=200, blank=True, db_default="")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    requested_at = models.DateTimeField(_("asked"))
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} ({self.status})"

    @property
    def idempotency_key(self) -> str:
        return f"refund-{self.pk}"
