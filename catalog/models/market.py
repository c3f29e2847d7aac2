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
    prices_include_tax = models.BooleanField(_("prices include tax"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = MarketQuerySet.as_manager()

    class Meta:
        verbose_name = _("market")
        verbose_name_plural = _("markets")
        constraints = [
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="market_currency_is_iso"
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
