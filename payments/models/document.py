from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models import Order, OrderEdit
from payments.models.grant import GrantedRefund


class Series(models.Model):
    """A run of document numbers without a gap. The row is locked while a number is given out."""

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("Invoice")
        CREDIT_NOTE = "credit_note", _("Credit note")

    class When(models.TextChoices):
        CONFIRMED = "confirmed", _("When the order is confirmed")
        PAID = "paid", _("When it is paid")
        SHIPPED = "shipped", _("When it is sent")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind, unique=True)
    prefix = models.CharField(
        _("prefix"),
        max_length=12,
        unique=True,
        validators=[RegexValidator(r"^[A-Z0-9-]{1,12}$")],
    )
    next_number = models.PositiveIntegerField(_("next number"), default=1)
    # Of invoices alone; a credit note is issued with its refund.
    issue = models.CharField(_("issued"), max_length=10, choices=When, default=When.CONFIRMED)

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        constraints = [
            models.CheckConstraint(condition=Q(next_number__gte=1), name="series_starts_at_one"),
        ]

    def __str__(self) -> str:
        return self.prefix


class Document(models.Model):
    """An invoice, or the credit note of a granted refund, as it was issued.

    What it says is `content`; the PDF is made from it once. The database lets neither change.
    An invoice that is paid when it is issued says so, and is the buyer's receipt.
    """

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(_("kind"), max_length=12, choices=Series.Kind)
    number = models.PositiveIntegerField(_("running number"))
    label = models.CharField(_("number"), max_length=30, unique=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="documents")
    grant = models.OneToOneField(
        GrantedRefund, on_delete=models.PROTECT, null=True, blank=True, related_name="document"
    )
    # An invoice for what a later change of the order added.
    edit = models.OneToOneField(
        OrderEdit, on_delete=models.PROTECT, null=True, blank=True, related_name="document"
    )
    issued_on = models.DateField(_("date"))
    issued_at = models.DateTimeField(_("issued"))
    currency = models.CharField(_("currency"), max_length=3)
    net = models.DecimalField(_("net"), max_digits=14, decimal_places=3)
    tax = models.DecimalField(_("tax"), max_digits=14, decimal_places=3)
    total = models.DecimalField(_("total"), max_digits=14, decimal_places=3)
    # Seller, buyer, lines, taxes, words: all that is printed.
    content = models.JSONField(_("content"))

    # Filled once, by a worker.
    pdf = models.FileField(
        _("PDF"), upload_to="private/documents/%Y/%m/", max_length=255, blank=True
    )
    digest = models.CharField(_("SHA-256 of the PDF"), max_length=64, blank=True)
    made_at = models.DateTimeField(_("made"), null=True, blank=True)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("invoices and credit notes")
        constraints = [
            models.UniqueConstraint(fields=["series", "number"], name="document_number_once"),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(kind="invoice", edit=None),
                name="document_one_invoice_an_order",
            ),
            models.CheckConstraint(
                condition=Q(kind="invoice", grant=None)
                | Q(kind="credit_note", grant__isnull=False),
                name="document_credit_note_has_a_refund",
            ),
        ]
        indexes = [models.Index(fields=["-issued_at"], name="document_newest")]

    def __str__(self) -> str:
        return self.label
