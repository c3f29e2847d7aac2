from django.db import models
from django.utils.translation import gettext_lazy as _


class VatCheck(models.Model):
    """What the register of VAT numbers (VIES) said of a number, and when.

    Without an answer the number counts as unproved, and tax is charged.
    """

    class State(models.TextChoices):
        UNANSWERED = "unanswered", _("No answer yet")
        VALID = "valid", _("Valid")
        INVALID = "invalid", _("Not valid")

    # Normalised, with its country: "DE123456789".
    number = models.CharField(_("VAT number"), max_length=20, unique=True)
    state = models.CharField(_("answer"), max_length=12, choices=State, default=State.UNANSWERED)
    asked_at = models.DateTimeField(_("asked"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    # The register's receipt for the question, kept as proof.
    consultation = models.CharField(_("consultation number"), max_length=40, blank=True)
    holder = models.CharField(_("registered name"), max_length=200, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    last_error = models.CharField(_("last error"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("VAT number check")
        verbose_name_plural = _("VAT number checks")
        indexes = [
            models.Index(
                fields=["asked_at"],
                name="vat_check_unanswered",
                condition=models.Q(state="unanswered"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.state}"
