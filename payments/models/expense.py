from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from payments.models.ledger import JournalEntry, LedgerAccount


class Expense(models.Model):
    """Money spent on running the shop. Booked when it is written; undone by a reversal."""

    account = models.ForeignKey(
        LedgerAccount, on_delete=models.PROTECT, related_name="expenses", verbose_name=_("category")
    )
    paid_from = models.ForeignKey(
        LedgerAccount, on_delete=models.PROTECT, related_name="+", verbose_name=_("paid from")
    )
    on = models.DateField(_("date"))
    supplier = models.CharField(_("supplier"), max_length=120)
    reference = models.CharField(_("their number"), max_length=60, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    net = models.DecimalField(_("net"), max_digits=14, decimal_places=3)
    tax = models.DecimalField(_("tax"), max_digits=14, decimal_places=3, default=Decimal(0))
    gross = models.DecimalField(_("gross"), max_digits=14, decimal_places=3)
    # So that a file imported twice adds nothing: a digest of supplier, number, date and sum.
    digest = models.CharField(max_length=64, unique=True, editable=False)
    entry = models.OneToOneField(
        JournalEntry, on_delete=models.PROTECT, related_name="expense", editable=False
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("entered"))

    class Meta:
        verbose_name = _("expense")
        verbose_name_plural = _("expenses")
        constraints = [
            models.CheckConstraint(
                condition=Q(gross=F("net") + F("tax")), name="expense_net_plus_tax_is_gross"
            ),
            models.CheckConstraint(
                condition=Q(net__gte=0, tax__gte=0, gross__gt=0), name="expense_of_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supplier} {self.gross} {self.currency}"
