from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from payments.models.dispute import Dispute
from payments.models.payment import Payment
from payments.models.refund import Refund


class Payout(models.Model):
    """Money a provider sent to the shop's bank."""

    class Status(models.TextChoices):
        PENDING = "pending", _("On its way")
        PAID = "paid", _("Paid")
        FAILED = "failed", _("Failed")
        CANCELED = "canceled", _("Cancelled")

    provider = models.CharField(_("provider"), max_length=20)
    provider_ref = models.CharField(_("provider's reference"), max_length=120)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=3)
    currency = models.CharField(_("currency"), max_length=3)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PENDING)
    created_at = models.DateTimeField(_("created"))
    arrives_on = models.DateField(_("arrives"))

    class Meta:
        verbose_name = _("payout")
        verbose_name_plural = _("payouts")
        constraints = [
            models.UniqueConstraint(fields=["provider", "provider_ref"], name="payout_once"),
        ]

    def __str__(self) -> str:
        return f"{self.provider_ref} {self.amount} {self.currency}"


class PayoutLine(models.Model):
    """One movement on the shop's balance at a provider: a charge, a refund, a fee, a dispute.

    It belongs to a payout once it is paid out, and to the payment it is about once that is found.
    """

    class Kind(models.TextChoices):
        CHARGE = "charge", _("Charge")
        REFUND = "refund", _("Refund")
        DISPUTE = "dispute", _("Dispute")
        FEE = "fee", _("Fee")
        OTHER = "other", _("Other")

    provider = models.CharField(_("provider"), max_length=20)
    provider_ref = models.CharField(_("provider's reference"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    payout = models.ForeignKey(
        Payout, on_delete=models.PROTECT, null=True, blank=True, related_name="lines"
    )
    # What the provider says it is about: a charge, a refund, a dispute of theirs.
    about = models.CharField(_("about"), max_length=120, blank=True, db_index=True)
    gross = models.DecimalField(_("amount"), max_digits=14, decimal_places=3)
    fee = models.DecimalField(_("fee"), max_digits=14, decimal_places=3, default=Decimal(0))
    net = models.DecimalField(_("after fees"), max_digits=14, decimal_places=3)
    currency = models.CharField(_("currency"), max_length=3)
    happened_at = models.DateTimeField(_("at"))
    words = models.CharField(_("description"), max_length=200, blank=True)

    payment = models.ForeignKey(
        Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="payout_lines"
    )
    refund = models.ForeignKey(
        Refund, on_delete=models.PROTECT, null=True, blank=True, related_name="payout_lines"
    )
    dispute = models.ForeignKey(
        Dispute, on_delete=models.PROTECT, null=True, blank=True, related_name="payout_lines"
    )
    matched_at = models.DateTimeField(_("matched"), null=True, blank=True)

    class Meta:
        verbose_name = _("line of a payout")
        verbose_name_plural = _("lines of payouts")
        constraints = [
            models.UniqueConstraint(fields=["provider", "provider_ref"], name="payout_line_once"),
            models.CheckConstraint(
                condition=Q(gross=F("net") + F("fee")), name="payout_line_gross_is_net_plus_fee"
            ),
        ]
        indexes = [
            models.Index(
                fields=["happened_at"], name="payout_unmatched", condition=Q(matched_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.net}"
