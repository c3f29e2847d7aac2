from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Market
from orders.models import Order


class Marketplace(models.Model):
    """Somewhere else our goods are sold; its orders come here as files and join the queue."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=60)
    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="+")
    # Our SKU by theirs, where they differ.
    skus = models.JSONField(_("their SKUs"), default=dict, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("marketplace")
        verbose_name_plural = _("marketplaces")

    def __str__(self) -> str:
        return self.name


class OrderImport(models.Model):
    """A file of a marketplace's orders, and what became of it."""

    marketplace = models.ForeignKey(Marketplace, on_delete=models.PROTECT, related_name="imports")
    file = models.FileField(_("file"), upload_to="private/orders/%Y/%m/", max_length=255)
    name = models.CharField(_("file name"), max_length=120)
    total = models.PositiveIntegerField(_("orders"), default=0)
    created = models.PositiveIntegerField(_("new"), default=0)
    known = models.PositiveIntegerField(_("known before"), default=0)
    refused = models.PositiveIntegerField(_("refused"), default=0)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    problem = models.CharField(_("problem"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("import of orders")
        verbose_name_plural = _("imports of orders")

    def __str__(self) -> str:
        return self.name


class ImportedOrder(models.Model):
    """An order of a marketplace: told twice, taken once; refused, it says why and can be mended."""

    marketplace = models.ForeignKey(Marketplace, on_delete=models.PROTECT, related_name="orders")
    run = models.ForeignKey(OrderImport, on_delete=models.CASCADE, related_name="rows")
    reference = models.CharField(_("their number"), max_length=80)
    order = models.OneToOneField(
        Order, on_delete=models.PROTECT, null=True, blank=True, related_name="imported"
    )
    payload = models.JSONField(_("as it came"), default=dict)
    problem = models.CharField(_("problem"), max_length=300, blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("order of a marketplace")
        verbose_name_plural = _("orders of marketplaces")
        constraints = [
            models.UniqueConstraint(
                fields=["marketplace", "reference"], name="imported_order_once"
            ),
        ]

    def __str__(self) -> str:
        return self.reference
