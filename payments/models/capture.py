from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from payments.models.payment import Payment


class Capture(models.Model):
    """Money to take out of what is held: written before the provider is asked."""

    class Status(models.TextChoices):
        PENDING = "pending", _("Pending")
        SUCCEEDED = "succeeded", _("Taken")
        FAILED = "failed", _("Failed")

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="captures")
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=3)
    is_final = models.BooleanField(
        _("the last one"), default=False, help_text=_("What is left of the hold is let go.")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PENDING)
    message = models.CharField(_("message"), max_length=200, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    requested_at = models.DateTimeField(_("asked"))
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    class Meta:
        verbose_name = _("capture")
        verbose_name_plural = _("captures")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="capture_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} ({self.status})"

    @property
    def idempotency_key(self) -> str:
        return f"capture-{self.pk}"
