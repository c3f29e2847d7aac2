from django.db import models
from django.utils.translation import gettext_lazy as _


class Reconciliation(models.Model):
    """One day's answer to the question whether the numbers that should agree do."""

    day = models.DateField(_("day"), unique=True)
    ran_at = models.DateTimeField(_("ran"))
    promises = models.PositiveSmallIntegerField(_("promises"))
    # As `reconcile --json` prints them; none when all is well.
    findings = models.JSONField(_("findings"), default=list)

    class Meta:
        verbose_name = _("reconciliation")
        verbose_name_plural = _("reconciliations")

    def __str__(self) -> str:
        return str(self.day)
