from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models.product import Product
from catalog.models.variant import OptionValue


class Image(models.Model):
    """A picture of a product and the smaller copies a worker has made of it.

    Pages name only files that exist: until `renditions` is filled they show the original.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="images")
    value = models.ForeignKey(
        OptionValue,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="images",
        verbose_name=_("shows"),
        help_text=_("The option value it shows, such as a glaze; empty for all."),
    )
    file = models.ImageField(
        _("file"),
        upload_to="products/%Y/%m/",
        width_field="width",
        height_field="height",
        blank=True,
    )
    width = models.PositiveIntegerField(_("width"), default=0)
    height = models.PositiveIntegerField(_("height"), default=0)
    alt = models.CharField(_("alternative text"), max_length=255, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    source_url = models.URLField(_("fetched from"), max_length=1000, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.WAITING)
    problem = models.CharField(_("problem"), max_length=200, blank=True)
    # {"image/avif": {"400": "products/…-400.avif", …}, "image/webp": {…}}
    renditions = models.JSONField(_("copies"), default=dict, blank=True)

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        constraints = [
            models.UniqueConstraint(
                fields=["product", "source_url"],
                condition=~Q(source_url=""),
                name="image_fetched_once_per_product",
            ),
            models.CheckConstraint(
                condition=~Q(status="ready") | ~Q(file=""), name="image_ready_has_a_file"
            ),
        ]

    def __str__(self) -> str:
        return self.alt or str(self.file)
