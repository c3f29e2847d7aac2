"""Files that are handed over after payment, on the variant's page."""

from django.utils.translation import gettext_lazy as _

from catalog.models import DigitalFile
from shop.admin.base import ShopInline


class DigitalFileInline(ShopInline):
    model = DigitalFile
    tab = True
    hide_title = True
    fields = ("name", "file", "days", "downloads")
    verbose_name_plural = _("files")
    ordering = ("id",)
