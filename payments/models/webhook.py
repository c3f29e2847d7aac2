from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class WebhookEvent(models.Model):
    """What a provider told us, stored once by the provider's own id, worked on afterwards."""

    provider = models.CharField(_("provider"), max_length=20)
    provider_id = models.CharField(_("provider's id"), max_length=120)
    kind = models.CharField(_("kind"), max_length=80)
    payload = models.JSONField(_("payload"))
    received_at = models.DateTimeField(_("received"))
    processed_at = models.DateTimeField(_("processed"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("webhook event")
        verbose_name_plural = _("webhook events")
        constraints = [
            models.UniqueConstraint(fields=["provider", "provider_id"], name="webhook_stored_once"),
        ]
        indexes = [
            models.Index(
                fields=["received_at"], name="webhook_waiting", condition=Q(processed_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.provider_id}"
