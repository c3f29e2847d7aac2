from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import CustomerGroup
from catalog.models.market import Market, Rounding
from catalog.models.variant import Variant


class PriceList(models.Model):
    """Prices for a group of customers, or for everybody who takes many.

    Whoever may use several lists pays the least of them; the deepest rung reached counts.
    """

    name = models.CharField(_("name"), max_length=80)
    market = models.ForeignKey(
        Market, on_delete=models.PROTECT, related_name="+", verbose_name=_("market")
    )
    group = models.ForeignKey(
        CustomerGroup,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="price_lists",
        verbose_name=_("customer group"),
        help_text=_("Empty for everybody."),
    )
    # Off every price of the market; entries say more for single variants.
    percent = models.DecimalField(
        _("per cent off"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    rounding = models.CharField(_("rounding"), max_length=10, choices=Rounding, blank=True)
    starts_at = models.DateTimeField(_("starts"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    is_active = models.BooleanField(_("on"), default=True)

    class Meta:
        verbose_name = _("price list")
        verbose_name_plural = _("price lists")
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at=None) | Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="price_list_ends_later",
            ),
            models.CheckConstraint(
                condition=Q(percent=None) | Q(percent__gt=0, percent__lte=100),
                name="price_list_percent_sane",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PriceListEntry(models.Model):
    """A rung: what a unit costs from this many units on."""

    price_list = models.ForeignKey(PriceList, on_delete=models.CASCADE, related_name="entries")
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="+")
    min_quantity = models.PositiveSmallIntegerField(_("from units"), default=1)
    amount = models.DecimalField(_("price"), max_digits=14, decimal_places=3)

    class Meta:
        verbose_name = _("rung")
        verbose_name_plural = _("rungs")
        constraints = [
            models.UniqueConstraint(
                fields=["price_list", "variant", "min_quantity"], name="price_list_rung_once"
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0, min_quantity__gte=1), name="price_list_rung_sane"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.min_quantity}+: {self.amount}"


class ExchangeRate(models.Model):
    """Units of `quote` for one unit of `base`, from a moment on until the next."""

    base = models.CharField(_("from"), max_length=3)
    quote = models.CharField(_("to"), max_length=3)
    rate = models.DecimalField(_("rate"), max_digits=18, decimal_places=8)
    at = models.DateTimeField(_("in force from"))
    source = models.CharField(_("source"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        constraints = [
            models.UniqueConstraint(fields=["base", "quote", "at"], name="exchange_rate_once"),
            models.CheckConstraint(condition=Q(rate__gt=0), name="exchange_rate_positive"),
            models.CheckConstraint(
                condition=Q(base__regex=r"^[A-Z]{3}$", quote__regex=r"^[A-Z]{3}$"),
                name="exchange_rate_currencies_are_iso",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.base}/{self.quote} {self.rate}"
