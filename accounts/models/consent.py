from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.customer import Customer


class Purpose(models.TextChoices):
    """What personal data may be used for beyond the contract: only with consent."""

    NEWS = "news", _("News and offers by e-mail")
    REMINDERS = "reminders", _("Reminders of a basket left behind")
    REVIEWS = "reviews", _("Questions how an order was")
    SMS = "sms", _("Text messages about an order")
    VISITS = "visits", _("Pages you look at, kept with your account")


class ConsentText(models.Model):
    """The words somebody agrees to, as they stood. Never edited: the next version is a new row."""

    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose)
    language = models.CharField(_("language"), max_length=10, default="en-gb")
    version = models.PositiveSmallIntegerField(_("version"))
    words = models.TextField(_("words"))
    published_at = models.DateTimeField(_("used from"))

    class Meta:
        verbose_name = _("consent text")
        verbose_name_plural = _("consent texts")
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "language", "version"], name="consent_text_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.version}"


class Consent(models.Model):
    """One yes or no to one purpose; the newest of a customer or an e-mail address counts.

    Rows are never changed: they prove who agreed to which words, when and where.
    """

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, null=True, blank=True, related_name="consents"
    )
    # Of somebody without a customer record; lower case.
    email = models.EmailField(_("e-mail"), blank=True)
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose)
    is_given = models.BooleanField(_("given"))
    text = models.ForeignKey(
        ConsentText, on_delete=models.PROTECT, related_name="+", verbose_name=_("words")
    )
    # "account", "checkout", "mail link", "staff".
    source = models.CharField(_("where"), max_length=40)
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.CheckConstraint(
                condition=Q(customer__isnull=False) | ~Q(email=""), name="consent_is_somebodys"
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "purpose", "-at"], name="consent_of_customer"),
            models.Index(
                fields=["email", "purpose", "-at"], name="consent_of_email", condition=~Q(email="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}: {self.is_given}"
