import datetime as dt

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class TaxClass(models.Model):
    """What kind of goods the law sees: standard, reduced, zero."""

    code = models.SlugField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=60)

    class Meta:
        verbose_name = _("tax class")
        verbose_name_plural = _("tax classes")

    def __str__(self) -> str:
        return self.name


class TaxRateQuerySet(models.QuerySet["TaxRate"]):
    def on(self, day: dt.date) -> "TaxRateQuerySet":
        return self.filter(valid__contains=day)


class TaxRate(models.Model):
    """The rate of a class in a country while it is in force. Per cent, not a fraction."""

    country = models.CharField(_("country"), max_length=2)
    region = models.CharField(
        _("territory or state"),
        max_length=20,
        blank=True,
        help_text=_("Code of a territory; empty for the country at large."),
    )
    tax_class = models.ForeignKey(
        TaxClass, on_delete=models.PROTECT, related_name="rates", verbose_name=_("class")
    )
    name = models.CharField(_("name"), max_length=30, default="VAT")
    rate = models.DecimalField(_("rate"), max_digits=6, decimal_places=3, help_text=_("Per cent."))
    valid = DateRangeField(_("in force"), help_text=_("From (included) to (not included)."))

    objects = TaxRateQuerySet.as_manager()

    class Meta:
        verbose_name = _("tax rate")
        verbose_name_plural = _("tax rates")
        constraints = [
            models.CheckConstraint(condition=Q(rate__gte=0), name="tax_rate_not_negative"),
            ExclusionConstraint(
                name="tax_rate_one_at_a_time",
                expressions=[
                    ("country", RangeOperators.EQUAL),
                    ("region", RangeOperators.EQUAL),
                    ("tax_class", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.tax_class_id} {self.rate}%"


class TaxTerritory(models.Model):
    """A part of a country with rates of its own, known by its postcodes: a state, an island."""

    country = models.CharField(_("country"), max_length=2)
    region = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=60)
    postcodes = models.CharField(
        _("postcodes"),
        max_length=500,
        help_text=_("A regular expression that the whole postcode has to match."),
    )

    class Meta:
        verbose_name = _("tax territory")
        verbose_name_plural = _("tax territories")
        constraints = [
            models.UniqueConstraint(fields=["country", "region"], name="tax_territory_once"),
            models.CheckConstraint(condition=~Q(region=""), name="tax_territory_has_a_code"),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.name}"


class TaxRegistration(models.Model):
    """A country where the shop pays tax, and how. Without any, every rate on file is charged."""

    class Scheme(models.TextChoices):
        DOMESTIC = "domestic", _("Registered there")
        OSS = "oss", _("One-stop shop for the whole Union")

    country = models.CharField(_("country"), max_length=2)
    scheme = models.CharField(_("scheme"), max_length=10, choices=Scheme, default=Scheme.DOMESTIC)
    number = models.CharField(_("number"), max_length=30)
    valid = DateRangeField(_("in force"), help_text=_("From (included) to (not included)."))

    class Meta:
        verbose_name = _("tax registration")
        verbose_name_plural = _("tax registrations")
        constraints = [
            ExclusionConstraint(
                name="tax_registration_one_at_a_time",
                expressions=[
                    ("country", RangeOperators.EQUAL),
                    ("scheme", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.number}"
