from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models.market import Market
from catalog.models.product import Product


class Extra(models.Model):
    """Something a shopper may add to a piece: an engraving, gift wrap, a picture to print."""

    class Kind(models.TextChoices):
        TEXT = "text", _("Text")
        CHOICE = "choice", _("Choice")
        TICK = "tick", _("Tick box")
        FILE = "file", _("Picture")
        EMAIL = "email", _("E-mail address")
        DATE = "date", _("Day")

    class Role(models.TextChoices):
        """What an answer means to a gift card."""

        TO = "to", _("Who the card is for")
        ADDRESS = "address", _("Where the card is sent")
        WORDS = "words", _("What is written in it")
        DAY = "day", _("When it is sent")

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="extras")
    name = models.CharField(_("name"), max_length=60)
    help_text = models.CharField(_("hint"), max_length=160, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    role = models.CharField(_("part of a gift card"), max_length=10, choices=Role, blank=True)
    is_required = models.BooleanField(_("has to be answered"), default=False)
    max_length = models.PositiveSmallIntegerField(_("most letters"), default=40)
    # "Kraft paper", "Linen ribbon": one per line, for the kind "choice".
    choices = models.TextField(_("choices, one per line"), blank=True, max_length=2000)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("extra")
        verbose_name_plural = _("extras")
        constraints = [
            models.UniqueConstraint(fields=["product", "name"], name="extra_once_per_product"),
            models.CheckConstraint(
                condition=Q(max_length__range=(1, 500)), name="extra_length_sane"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def choice_names(self) -> list[str]:
        return [line.strip() for line in self.choices.splitlines() if line.strip()]


class ExtraPrice(models.Model):
    """What an extra costs on top, per unit, in a market. Without a row it is free there."""

    extra = models.ForeignKey(Extra, on_delete=models.CASCADE, related_name="prices")
    market = models.ForeignKey(Market, on_delete=models.CASCADE, related_name="+")
    amount = models.DecimalField(_("surcharge"), max_digits=14, decimal_places=3)

    class Meta:
        verbose_name = _("surcharge")
        verbose_name_plural = _("surcharges")
        constraints = [
            models.UniqueConstraint(fields=["extra", "market"], name="extra_one_price_per_market"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="extra_price_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} ({self.market_id})"
