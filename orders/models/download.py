import secrets
import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import DigitalFile
from orders.models.cart import Cart
from orders.models.line import OrderLine


def new_key() -> str:
    return secrets.token_urlsafe(24)


class Download(models.Model):
    """The right to fetch a file: until a day, and so many times."""

    line = models.ForeignKey(OrderLine, on_delete=models.CASCADE, related_name="downloads")
    file = models.ForeignKey(DigitalFile, on_delete=models.PROTECT, related_name="+")
    token = models.CharField(max_length=40, unique=True, default=new_key)
    allowed = models.PositiveIntegerField(_("downloads"))
    used = models.PositiveIntegerField(_("used"), default=0)
    created_at = models.DateTimeField(_("since"))
    expires_at = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("download")
        verbose_name_plural = _("downloads")
        constraints = [
            models.UniqueConstraint(fields=["line", "file"], name="download_once_per_line"),
            models.CheckConstraint(
                condition=Q(used__lte=F("allowed")), name="download_within_its_count"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_id} for {self.line_id}"


class Upload(models.Model):
    """A picture a shopper sent along with a piece, written anew by us before it is kept."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cart = models.ForeignKey(Cart, on_delete=models.SET_NULL, null=True, related_name="uploads")
    line = models.ForeignKey(
        OrderLine, on_delete=models.SET_NULL, null=True, blank=True, related_name="uploads"
    )
    file = models.FileField(_("file"), upload_to="private/uploads/%Y/%m/", max_length=255)
    created_at = models.DateTimeField(_("sent"), db_index=True)

    class Meta:
        verbose_name = _("shopper's picture")
        verbose_name_plural = _("shoppers' pictures")

    def __str__(self) -> str:
        return str(self.key)
