from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node, MP_NodeManager


class Category(MP_Node):  # type: ignore[misc]
    """A shelf in the tree of shelves, with its own page."""

    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(_("slug"), max_length=80)
    # Slugs from the root down, joined by "/": found in one look-up, unique across the tree.
    url_path = models.CharField(_("address"), max_length=255, unique=True)
    description = models.TextField(_("description"), blank=True)
    image = models.ImageField(_("picture"), upload_to="categories/", blank=True)
    meta_title = models.CharField(_("SEO title"), max_length=120, blank=True)
    meta_description = models.CharField(_("SEO description"), max_length=200, blank=True)

    node_order_by = None

    objects = MP_NodeManager()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("catalog:category", args=[self.url_path])
