from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models.market import Market, Rounding
from catalog.models.variant import Variant


class Sale(models.Model):
    """Other prices for a while, for everybody: worked out beforehand, so that lists only read.

    A sale announces what the price was; a change of price says nothing. A change without an end
    becomes the price itself.
    """

    class Kind(models.TextChoices):
        SALE = "sale", _("Sale")
        CHANGE = "change", _("Price change")

    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.SALE)
    market = models.ForeignKey(
        Market,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("market"),
        help_text=_("Empty for all of them."),
    )
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    is_active = models.BooleanField(_("on"), default=True)
    # Off the price of everything it covers; pieces with a price of their own are entries.
    percent = models.DecimalField(
        _("per cent off"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    rounding = models.CharField(_("rounding"), max_length=10, choices=Rounding, blank=True)
    covers_all = models.BooleanField(_("everything"), default=False)
    product_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    category_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    collection_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    # What a change without an end has become: done, and never done again.
    applied_at = models.DateTimeField(_("became the price"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("sale")
        verbose_name_plural = _("sales")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")), name="sale_ends_later"
            ),
            models.CheckConstraint(
                condition=Q(percent=None) | Q(percent__gt=0, percent__lte=100),
                name="sale_percent_sane",
            ),
            models.CheckConstraint(condition=~Q(kind="sale", ends_at=None), name="sale_has_an_end"),
        ]
        indexes = [models.Index(fields=["starts_at", "ends_at"], name="sale_schedule")]

    def __str__(self) -> str:
        return self.name


class SaleEntry(models.Model):
    """The price of one variant while its sale lasts."""

    sale = models.ForeignKey(Sale, on_delete=models.CASCADE, related_name="entries")
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="+")
    market = models.ForeignKey(Market, on_delete=models.CASCADE, related_name="+")
    amount = models.DecimalField(_("price"), max_digits=14, decimal_places=3)

    class Meta:
        verbose_name = _("price in a sale")
        verbose_name_plural = _("prices in a sale")
        constraints = [
            models.UniqueConstraint(fields=["sale", "variant", "market"], name="sale_entry_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="sale_entry_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} ({self.market_id})"
