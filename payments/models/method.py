from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PaymentMethod(models.Model):
    """How a way to pay is offered: to whom, up to what sum, and how long an order waits for it.

    The code names the gateway that does the work.
    """

    class Capture(models.TextChoices):
        AUTOMATIC = "automatic", _("When the order is placed")
        MANUAL = "manual", _("When it is sent (hold first)")

    code = models.SlugField(_("code"), max_length=20, unique=True)
    is_active = models.BooleanField(_("offered"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    capture = models.CharField(
        _("take the money"), max_length=10, choices=Capture, default=Capture.AUTOMATIC
    )
    countries = ArrayField(
        models.CharField(max_length=2),
        verbose_name=_("only for deliveries to"),
        default=list,
        blank=True,
        help_text=_("Country codes; empty for every country."),
    )
    # {"GBP": "200.00"}: no more than this; a currency that is missing has no limit.
    most = models.JSONField(_("up to"), default=dict, blank=True)
    # Hours after which an order that was never paid is closed.
    patience_hours = models.PositiveSmallIntegerField(_("waits for money, in hours"), default=1)
    remind_after_hours = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("reminds after hours"),
        default=list,
        blank=True,
    )
    words = models.CharField(_("what shoppers read beside it"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("payment method")
        verbose_name_plural = _("payment methods")
        constraints = [
            models.CheckConstraint(
                condition=Q(patience_hours__gte=1), name="payment_method_waits_an_hour"
            ),
        ]

    def __str__(self) -> str:
        return self.code
