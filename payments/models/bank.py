from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from payments.models.payment import Payment
from payments.models.payout import Payout
from payments.models.refund import Refund


class BankStatement(models.Model):
    """An imported statement of the shop's bank account. The same file is imported once."""

    class Format(models.TextChoices):
        CAMT053 = "camt053", "CAMT.053"
        CSV = "csv", "CSV"

    format = models.CharField(_("format"), max_length=10, choices=Format)
    name = models.CharField(_("file"), max_length=120)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    account = models.CharField(_("account"), max_length=40, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)
    opening = models.DecimalField(
        _("opening balance"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    closing = models.DecimalField(
        _("closing balance"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    imported_at = models.DateTimeField(_("imported"))

    class Meta:
        verbose_name = _("bank statement")
        verbose_name_plural = _("bank statements")

    def __str__(self) -> str:
        return self.name


class BankLine(models.Model):
    """Money that came into (above zero) or left the bank account, and what it was for."""

    class Status(models.TextChoices):
        OPEN = "open", _("To be matched")
        MATCHED = "matched", _("Matched")
        # Booked by other means, or nobody's business here.
        SET_ASIDE = "set_aside", _("Set aside")

    statement = models.ForeignKey(BankStatement, on_delete=models.PROTECT, related_name="lines")
    # The bank's own reference, or a digest of the line with its place among its likes.
    bank_ref = models.CharField(_("bank's reference"), max_length=120, unique=True)
    booked_on = models.DateField(_("booked"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=3)
    currency = models.CharField(_("currency"), max_length=3)
    party = models.CharField(_("from or to"), max_length=140, blank=True)
    party_account = models.CharField(_("their account"), max_length=40, blank=True)
    text = models.CharField(_("purpose"), max_length=500, blank=True)

    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN)
    payment = models.ForeignKey(
        Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="bank_lines"
    )
    refund = models.OneToOneField(
        Refund, on_delete=models.PROTECT, null=True, blank=True, related_name="bank_line"
    )
    payout = models.OneToOneField(
        Payout, on_delete=models.PROTECT, null=True, blank=True, related_name="bank_line"
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    matched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    matched_at = models.DateTimeField(_("matched"), null=True, blank=True)

    class Meta:
        verbose_name = _("bank line")
        verbose_name_plural = _("bank lines")
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="bank_line_of_something"),
            models.CheckConstraint(
                condition=Q(status="open", matched_at=None)
                | (~Q(status="open") & Q(matched_at__isnull=False)),
                name="bank_line_matched_when_said",
            ),
        ]
        indexes = [
            models.Index(fields=["booked_on"], name="bank_line_open", condition=Q(status="open")),
        ]

    def __str__(self) -> str:
        return f"{self.booked_on} {self.amount} {self.currency}"
