import secrets

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from catalog.models import Market, Variant


def new_key() -> str:
    return secrets.token_urlsafe(24)


class Alert(models.Model):
    """A wish to hear once: that a piece is back, or that it costs less."""

    class Kind(models.TextChoices):
        BACK_IN_STOCK = "back_in_stock", _("Back in stock")
        PRICE_DROP = "price_drop", _("Price drop")

    class Status(models.TextChoices):
        UNCONFIRMED = "unconfirmed", _("Not confirmed")
        ACTIVE = "active", _("Waiting")
        SENT = "sent", _("Told")
        CANCELED = "canceled", _("Called off")

    OPEN = (Status.UNCONFIRMED, Status.ACTIVE)

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    status = models.CharField(
        _("status"), max_length=20, choices=Status, default=Status.UNCONFIRMED
    )
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="alerts")
    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="+")
    email = models.EmailField(_("e-mail"))
    # Confirms and cancels; goes out by mail alone.
    token = models.CharField(max_length=40, unique=True, default=new_key)
    price_seen = models.DecimalField(
        _("price then"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    created_at = models.DateTimeField(_("asked"))
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    sent_at = models.DateTimeField(_("told"), null=True, blank=True)

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        constraints = [
            models.UniqueConstraint(
                "kind",
                "variant",
                "market",
                Lower("email"),
                condition=Q(status__in=["unconfirmed", "active"]),
                name="alert_open_once",
            ),
            models.CheckConstraint(
                condition=~Q(status="sent") | Q(sent_at__isnull=False),
                name="alert_sent_has_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["variant", "kind", "created_at"],
                condition=Q(status="active"),
                name="alert_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.variant_id}"
