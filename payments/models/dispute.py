from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from payments.models.payment import Payment


class Dispute(models.Model):
    """A buyer's bank wants money back: a case with a deadline, evidence and an outcome."""

    class Status(models.TextChoices):
        NEEDS_RESPONSE = "needs_response", _("Needs an answer")
        UNDER_REVIEW = "under_review", _("With the bank")
        WON = "won", _("Won")
        LOST = "lost", _("Lost")
        # An enquiry that took no money, over without one.
        CLOSED = "closed", _("Closed")

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="disputes")
    provider = models.CharField(_("provider"), max_length=20)
    provider_ref = models.CharField(_("provider's reference"), max_length=120)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=3)
    fee = models.DecimalField(_("fee"), max_digits=14, decimal_places=3, default=Decimal(0))
    reason = models.CharField(_("the bank's reason"), max_length=60, blank=True)
    status = models.CharField(
        _("status"), max_length=20, choices=Status, default=Status.NEEDS_RESPONSE
    )
    due_at = models.DateTimeField(_("answer by"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    # What staff answer with.
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("with"),
    )
    statement = models.TextField(_("our side"), blank=True, max_length=20_000)
    submitted_at = models.DateTimeField(_("answered"), null=True, blank=True)

    class Meta:
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        constraints = [
            models.UniqueConstraint(fields=["provider", "provider_ref"], name="dispute_once"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, fee__gte=0), name="dispute_about_something"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["won", "lost", "closed"], closed_at__isnull=False)
                | Q(status__in=["needs_response", "under_review"], closed_at=None),
                name="dispute_closed_when_decided",
            ),
        ]
        permissions = [("answer_dispute", _("Can answer disputes"))]

    def __str__(self) -> str:
        return f"{self.amount} ({self.status})"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class EvidenceFile(models.Model):
    """Something that supports our side: a delivery slip, a letter, a picture."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="files")
    file = models.FileField(_("file"), upload_to="private/evidence/%Y/%m/", max_length=255)
    name = models.CharField(_("name"), max_length=120)
    content_type = models.CharField(_("type"), max_length=60)
    size = models.PositiveIntegerField(_("bytes"))
    # What the provider calls it, once it has it.
    provider_ref = models.CharField(max_length=120, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    added_at = models.DateTimeField(_("added"))

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")

    def __str__(self) -> str:
        return self.name
