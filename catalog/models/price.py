from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from catalog.models.market import Market
from catalog.models.variant import Variant
from shop.lib.history import History


class Price(models.Model):
    """What a variant costs in a market, in the market's currency, tax in or out as it shows it."""

    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="prices")
    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="+")
    amount = models.DecimalField(_("price"), max_digits=14, decimal_places=3)
    compare_at = models.DecimalField(
        _("was"), max_digits=14, decimal_places=3, null=True, blank=True
    )

    is_fixed = models.BooleanField(
        _("fixed"),
        default=True,
        db_default=True,
        help_text=_("Otherwise computed from the market this one takes its prices from."),
    )
    # What the sale or the change in force makes of it; written by catalog.services.sales alone.
    sale = models.ForeignKey(
        "Sale", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    sale_amount = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    # Since when sales have held the price down without a break: what it was before is announced.
    reduced_at = models.DateTimeField(null=True, blank=True, editable=False)
    # What a shopper pays: everybody who shows or charges a price reads this one.
    current = models.GeneratedField(
        expression=Coalesce("sale_amount", "amount"),
        output_field=models.DecimalField(_("current price"), max_digits=14, decimal_places=3),
        db_persist=True,
    )

    history = History(excluded=["current", "sale", "sale_amount", "reduced_at"])

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        constraints = [
            models.UniqueConstraint(fields=["variant", "market"], name="price_one_per_market"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="price_not_negative"),
            models.CheckConstraint(
                condition=Q(sale_amount=None) | Q(sale_amount__gte=0),
                name="price_on_sale_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(compare_at=None) | Q(compare_at__gt=F("amount")),
                name="price_was_is_higher",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} ({self.market_id})"


class PriceHistory(models.Model):
    """What a variant cost, from when on. Append-only, and written by the database itself.

    A trigger on the table of prices adds a row for every change, whoever makes it: a form, an
    import, a statement typed by hand.
    """

    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="price_history")
    market = models.ForeignKey(Market, on_delete=models.CASCADE, related_name="+")
    amount = models.DecimalField(_("price"), max_digits=14, decimal_places=3)
    at = models.DateTimeField(_("from"))

    class Meta:
        verbose_name = _("earlier price")
        verbose_name_plural = _("earlier prices")
        indexes = [models.Index(fields=["variant", "market", "-at"], name="price_history_of")]

    def __str__(self) -> str:
        return f"{self.amount} ({self.market_id}) {self.at:%Y-%m-%d}"
