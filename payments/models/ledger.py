from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext_lazy as _

from orders.models import Order


class LedgerAccount(models.Model):
    """A place of the books. Those with a role are posted to by the shop itself."""

    class Kind(models.TextChoices):
        ASSET = "asset", _("Asset")
        LIABILITY = "liability", _("Liability")
        EQUITY = "equity", _("Equity")
        INCOME = "income", _("Income")
        EXPENSE = "expense", _("Expense")

    code = models.CharField(_("number"), max_length=10, unique=True)
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    # What the shop books here, as payments.services.books names it.
    role = models.CharField(_("role"), max_length=30, unique=True, null=True, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class JournalEntry(models.Model):
    """One money event, as lines that sum to zero. Never changed or deleted: a wrong one is reversed."""

    class Kind(models.TextChoices):
        SALE = "sale", _("Sale")
        CREDIT = "credit", _("Credit to a buyer")
        PAYMENT = "payment", _("Payment")
        REFUND = "refund", _("Refund")
        VALUE = "value", _("Gift cards and credit")
        GOODS = "goods", _("Goods")
        DISPUTE = "dispute", _("Dispute")
        FEE = "fee", _("Fee")
        PAYOUT = "payout", _("Payout")
        EXPENSE = "expense", _("Expense")
        MANUAL = "manual", _("By hand")
        REVERSAL = "reversal", _("Reversal")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    # What happened, once: "order-10482-sale", "payment-event-31", "value-entry-7".
    source = models.CharField(_("source"), max_length=80, unique=True)
    on = models.DateField(_("date"), db_index=True, help_text=_("The shop's own day."))
    at = models.DateTimeField(_("booked"))
    currency = models.CharField(_("currency"), max_length=3)
    # Units of the books' currency for one of this entry's.
    rate = models.DecimalField(_("exchange rate"), max_digits=18, decimal_places=8)
    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, null=True, blank=True, related_name="journal"
    )
    memo = models.CharField(_("what for"), max_length=200, blank=True)
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal")
        constraints = [
            models.CheckConstraint(condition=Q(rate__gt=0), name="journal_rate_positive"),
            models.CheckConstraint(
                condition=Q(reverses=None) | Q(kind="reversal"), name="journal_reversal_is_one"
            ),
        ]
        permissions = [
            ("view_books", _("Can read the books")),
            ("close_month", _("Can close months")),
        ]

    def __str__(self) -> str:
        return self.source


class JournalLine(models.Model):
    """An amount on an account: above zero is a debit, below zero a credit."""

    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="lines")
    account = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="lines")
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=3)
    # In the currency of the books.
    base = models.DecimalField(_("in the books' currency"), max_digits=14, decimal_places=3)
    # Of sales and tax: whose tax, at which rate in per cent.
    country = models.CharField(_("country"), max_length=2, blank=True)
    region = models.CharField(_("territory"), max_length=20, blank=True)
    tax_rate = models.DecimalField(
        _("tax rate"), max_digits=6, decimal_places=3, null=True, blank=True
    )

    class Meta:
        verbose_name = _("journal line")
        verbose_name_plural = _("journal lines")
        constraints = [
            models.CheckConstraint(
                condition=~Q(amount=0) | ~Q(base=0), name="journal_line_of_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.amount}"


class MonthClose(models.Model):
    """A month whose books are closed, with its figures; opened again by a person with a reason."""

    month = models.DateField(_("month"), help_text=_("Its first day."))
    figures = models.JSONField(_("figures"), default=dict)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(_("closed"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    opened_at = models.DateTimeField(_("opened again"), null=True, blank=True)
    reason = models.CharField(_("opened because"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("closed month")
        verbose_name_plural = _("closed months")
        constraints = [
            models.UniqueConstraint(
                fields=["month"], condition=Q(opened_at=None), name="month_closed_once"
            ),
            models.CheckConstraint(
                condition=Q(month=TruncMonth("month")), name="month_is_its_first_day"
            ),
            models.CheckConstraint(
                condition=Q(opened_at=None) | ~Q(reason=""), name="month_opened_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
