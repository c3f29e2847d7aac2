from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models import Return
from shipping.models.fulfilment import Fulfilment


def weekdays() -> list[int]:
    """Monday to Friday."""
    return [0, 1, 2, 3, 4]


class Carrier(models.Model):
    """Somebody who carries parcels, and the adapter that talks to him.

    Keys are settings of the environment (CARRIER_<CODE>_…), never rows.
    """

    class Adapter(models.TextChoices):
        OWN = "own", _("Own labels at table rates")
        USPS = "usps", "USPS"
        FEDEX = "fedex", "FedEx"
        UPS = "ups", "UPS"
        DHL_EXPRESS = "dhl_express", "DHL Express"

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=60)
    adapter = models.CharField(_("talks to"), max_length=20, choices=Adapter, default=Adapter.OWN)
    tracking_url = models.CharField(
        _("tracking address"),
        max_length=200,
        blank=True,
        help_text=_("With {number} where the tracking number goes."),
    )
    # Monday is 0.
    collects_on = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name=_("collects on"), default=weekdays
    )
    delivers_on = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name=_("delivers on"), default=weekdays
    )
    # What a parcel costs us where the carrier does not say.
    parcel_cost = models.DecimalField(
        _("cost per parcel"), max_digits=14, decimal_places=3, default=Decimal(0)
    )
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("carrier")
        verbose_name_plural = _("carriers")

    def __str__(self) -> str:
        return self.name


class Label(models.Model):
    """A label bought for a parcel, or for the way back. Asked for before the carrier is called."""

    class Status(models.TextChoices):
        REQUESTED = "requested", _("Being bought")
        BOUGHT = "bought", _("Bought")
        FAILED = "failed", _("Refused")
        VOIDING = "voiding", _("Being voided")
        VOIDED = "voided", _("Voided")

    MOVES: ClassVar[dict[str, set[str]]] = {
        Status.REQUESTED: {Status.BOUGHT, Status.FAILED},
        Status.BOUGHT: {Status.VOIDING},
        Status.VOIDING: {Status.VOIDED, Status.BOUGHT},
        Status.FAILED: set(),
        Status.VOIDED: set(),
    }

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="labels")
    fulfilment = models.ForeignKey(
        Fulfilment, on_delete=models.PROTECT, null=True, blank=True, related_name="labels"
    )
    rma = models.ForeignKey(
        Return, on_delete=models.PROTECT, null=True, blank=True, related_name="labels"
    )
    service = models.CharField(_("service"), max_length=60, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.REQUESTED)
    tracking_number = models.CharField(
        _("tracking number"), max_length=60, blank=True, db_index=True
    )
    tracking_url = models.URLField(_("tracking page"), max_length=300, blank=True)
    # What the carrier calls it, to void it by.
    provider_ref = models.CharField(_("carrier's reference"), max_length=120, blank=True)
    cost = models.DecimalField(_("cost"), max_digits=14, decimal_places=3, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    grams = models.PositiveIntegerField(_("weight in grams"), default=0)
    file = models.FileField(
        _("file"), upload_to="private/labels/%Y/%m/", max_length=255, blank=True
    )
    problem = models.CharField(_("problem"), max_length=300, blank=True)
    # The carrier did not answer in time: made by our own table instead.
    is_fallback = models.BooleanField(_("fell back to own label"), default=False)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    requested_at = models.DateTimeField(_("asked"))
    bought_at = models.DateTimeField(_("bought"), null=True, blank=True)
    voided_at = models.DateTimeField(_("voided"), null=True, blank=True)
    # Goes with the request, so that a repeated one buys nothing twice.
    key = models.CharField(max_length=80, unique=True)

    class Meta:
        verbose_name = _("label")
        verbose_name_plural = _("labels")
        constraints = [
            models.CheckConstraint(
                condition=Q(fulfilment=None, rma__isnull=False)
                | Q(fulfilment__isnull=False, rma=None),
                name="label_of_one_parcel",
            ),
            models.UniqueConstraint(
                fields=["fulfilment"],
                condition=Q(status__in=["requested", "bought", "voiding"]),
                name="label_one_a_parcel",
            ),
            models.UniqueConstraint(
                fields=["rma"],
                condition=Q(status__in=["requested", "bought", "voiding"]),
                name="label_one_a_return",
            ),
            models.CheckConstraint(
                condition=~Q(status="bought") | ~Q(tracking_number=""),
                name="label_bought_has_a_number",
            ),
        ]
        indexes = [models.Index(fields=["carrier", "-requested_at"], name="label_of_carrier")]

    def __str__(self) -> str:
        return self.tracking_number or f"label {self.pk}"


class TrackingEvent(models.Model):
    """What a carrier said about a parcel, in our words. Append-only; told twice, kept once."""

    fulfilment = models.ForeignKey(
        Fulfilment, on_delete=models.CASCADE, null=True, blank=True, related_name="tracking"
    )
    rma = models.ForeignKey(
        Return, on_delete=models.CASCADE, null=True, blank=True, related_name="tracking"
    )
    status = models.CharField(_("status"), max_length=20, choices=Fulfilment.Tracking)
    words = models.CharField(_("message"), max_length=200, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True)
    # When it happened, by the carrier's clock; and when we heard.
    at = models.DateTimeField(_("at"))
    heard_at = models.DateTimeField(_("heard"))

    class Meta:
        verbose_name = _("tracking event")
        verbose_name_plural = _("tracking events")
        constraints = [
            models.UniqueConstraint(
                fields=["fulfilment", "rma", "status", "at", "words"],
                name="tracking_event_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(fulfilment=None, rma__isnull=False)
                | Q(fulfilment__isnull=False, rma=None),
                name="tracking_event_of_one_parcel",
            ),
        ]
        indexes = [models.Index(fields=["at"], name="tracking_event_when")]

    def __str__(self) -> str:
        return self.get_status_display()
