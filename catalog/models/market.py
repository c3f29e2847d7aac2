from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

# Member states: where the Union's law on product safety and announced prices holds.
EU = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT",
    "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
})  # fmt: skip


class Rounding(models.TextChoices):
    """How a computed price ends. Without one it is rounded to the currency's own unit."""

    POINT_99 = "0.99", "x.99"
    POINT_95 = "0.95", "x.95"
    POINT_90 = "0.90", "x.90"
    WHOLE = "1", _("whole units")
    FIVES = "0.05", "0.05"


class MarketQuerySet(models.QuerySet["Market"]):
    def in_order(self) -> "MarketQuerySet":
        return self.order_by("position", "pk")


class Market(models.Model):
    """A group of countries that share currency, language, prices and the way tax is shown."""

    code = models.SlugField(_("code"), max_length=10, unique=True)
    name = models.CharField(_("name"), max_length=60)
    path = models.CharField(
        _("path"),
        max_length=10,
        unique=True,
        blank=True,
        validators=[RegexValidator(r"^[a-z]{0,10}$")],
        help_text=_("First part of its addresses; empty for the main market."),
    )
    currency = models.CharField(_("currency"), max_length=3)
    language = models.CharField(_("language"), max_length=10, default="en-gb")
    locale = models.CharField(
        _("locale"), max_length=10, default="en-GB", help_text=_("hreflang, such as en-GB.")
    )
    countries = ArrayField(models.CharField(max_length=2), verbose_name=_("countries"))
    prices_include_tax = models.BooleanField(
        _("prices include tax"), default=True, help_text=_("As they are entered.")
    )
    shows_tax = models.BooleanField(
        _("shown with tax"),
        default=True,
        help_text=_("How lists, pages and baskets show prices; no total depends on it."),
    )
    # Prices without a figure of their own come from another market, at the rate of the day.
    base = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="followers",
        verbose_name=_("takes prices from"),
    )
    rounding = models.CharField(
        _("rounding of computed prices"), max_length=10, choices=Rounding, blank=True
    )
    fee_percent = models.DecimalField(
        _("payment fee in per cent"), max_digits=5, decimal_places=3, default=Decimal("1.5")
    )
    fee_fixed = models.DecimalField(
        _("payment fee per order"), max_digits=14, decimal_places=3, default=Decimal("0.2")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = MarketQuerySet.as_manager()

    class Meta:
        verbose_name = _("market")
        verbose_name_plural = _("markets")
        constraints = [
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="market_currency_is_iso"
            ),
            models.CheckConstraint(
                condition=Q(base=None) | ~Q(base=models.F("pk")), name="market_base_is_another"
            ),
            models.CheckConstraint(
                condition=Q(fee_percent__gte=0, fee_percent__lt=100, fee_fixed__gte=0),
                name="market_fees_sane",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def prefix(self) -> str:
        """Script prefix of its pages: "/" or "/eu/"."""
        return f"/{self.path}/" if self.path else "/"

    @property
    def is_in_eu(self) -> bool:
        return not EU.isdisjoint(self.countries)

    @property
    def home_country(self) -> str:
        return self.countries[0]
