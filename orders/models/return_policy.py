from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Category, Collection


class ReturnReason(models.Model):
    """Why something comes back, and who pays its way."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    label = models.CharField(_("words"), max_length=80)
    # Wrong, broken, late: the shop pays the way back, no fee is taken and delivery goes back too.
    is_our_fault = models.BooleanField(_("our fault"), default=False)
    wants_photo = models.BooleanField(_("asks for a picture"), default=False)
    is_active = models.BooleanField(_("offered"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("reason for a return")
        verbose_name_plural = _("reasons for returns")

    def __str__(self) -> str:
        return self.label


class ReturnRule(models.Model):
    """What may come back, how long, at whose cost. The first that fits a line holds (position).

    The rule without categories, collections and countries is the shop's own; there is always one.
    It never takes away what the law gives: in the legal period a line can be withdrawn, unless the
    rule says why the law lets it out (`exempt`).
    """

    class Pays(models.TextChoices):
        SHOP = "shop", _("The shop")
        CUSTOMER = "customer", _("The customer")

    class Exempt(models.TextChoices):
        """Article 16 of Directive 2011/83/EU, as far as a shop meets it."""

        CUSTOM_MADE = "custom_made", _("Made to the customer's wishes")
        PERISHABLE = "perishable", _("Goes off quickly")
        SEALED = "sealed", _("Sealed for hygiene and opened")
        DIGITAL = "digital", _("Digital, begun with consent")
        DATED = "dated", _("For a certain day")

    name = models.CharField(_("name"), max_length=80, unique=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    categories = models.ManyToManyField(
        Category, blank=True, related_name="+", verbose_name=_("in categories")
    )
    collections = models.ManyToManyField(
        Collection, blank=True, related_name="+", verbose_name=_("in collections")
    )
    countries = ArrayField(
        models.CharField(max_length=2), verbose_name=_("sent to"), default=list, blank=True
    )
    # Days from delivery (or, unknown, from the promised arrival) within which it may come back.
    window_days = models.PositiveSmallIntegerField(_("days"), default=30)
    is_final_sale = models.BooleanField(_("final sale: no returns"), default=False)
    exempt = models.CharField(
        _("no legal withdrawal because"), max_length=12, choices=Exempt, blank=True
    )
    allows_exchange = models.BooleanField(_("may be exchanged"), default=True)
    pays_return = models.CharField(
        _("pays the way back"), max_length=10, choices=Pays, default=Pays.CUSTOMER
    )
    # Taken off the refund unless it is our fault; of what the goods cost.
    fee_percent = models.DecimalField(
        _("fee in per cent"), max_digits=5, decimal_places=2, default=Decimal(0)
    )
    # In the order's currency; None: never by itself.
    approve_below = models.DecimalField(
        _("approve by itself below"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    keep_below = models.DecimalField(
        _("may be kept below"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("return rule")
        verbose_name_plural = _("return rules")
        constraints = [
            models.CheckConstraint(
                condition=Q(fee_percent__gte=0, fee_percent__lte=100),
                name="return_rule_fee_is_a_share",
            ),
        ]

    def __str__(self) -> str:
        return self.name
