from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.models import Market

HOME = "home"


class LandingPage(models.Model):
    """A page made of blocks. The one with the slug "home" is the shop front."""

    title = models.CharField(_("title"), max_length=120)
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    is_published = models.BooleanField(_("published"), default=False)
    meta_title = models.CharField(_("SEO title"), max_length=120, blank=True)
    meta_description = models.CharField(_("SEO description"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("landing page")
        verbose_name_plural = _("landing pages")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        if self.slug == HOME:
            return reverse("catalog:home")
        return reverse("marketing:landing", args=[self.slug])


class ContentBlock(models.Model):
    """A section of a page: what it shows, where it stands, and from when to when."""

    class Kind(models.TextChoices):
        HERO = "hero", _("Opening picture")
        TEXT = "text", _("Text")
        PICTURE_TEXT = "picture_text", _("Picture beside text")
        PRODUCTS = "products", _("Row of products")
        CATEGORIES = "categories", _("Main categories")
        GLAZES = "glazes", _("Swatches")
        PROMISES = "promises", _("What we promise")
        NOTICE = "notice", _("Notice")

    class Source(models.TextChoices):
        NEWEST = "newest", _("Newest")
        BEST_SELLERS = "best_sellers", _("Best sellers")
        COLLECTION = "collection", _("A collection")
        CATEGORY = "category", _("A category")
        SALE = "sale", _("Reduced")

    page = models.ForeignKey(LandingPage, on_delete=models.CASCADE, related_name="blocks")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    title = models.CharField(_("heading"), max_length=120, blank=True)
    text = models.TextField(
        _("text"), max_length=4000, blank=True, help_text=_("HTML; cleaned when saved.")
    )
    image = models.ImageField(_("picture"), upload_to="blocks/", blank=True)
    image_alt = models.CharField(_("alternative text"), max_length=255, blank=True)
    link_url = models.CharField(_("link"), max_length=300, blank=True)
    link_text = models.CharField(_("words of the link"), max_length=60, blank=True)
    source = models.CharField(_("shows"), max_length=20, choices=Source, blank=True)
    # Slug of the collection, address of the category: what `source` names.
    source_ref = models.CharField(_("which one"), max_length=255, blank=True)
    market = models.ForeignKey(
        Market,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Empty: in every market."),
    )
    starts_at = models.DateTimeField(_("from"), null=True, blank=True)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    is_active = models.BooleanField(_("shown"), default=True)

    class Meta:
        verbose_name = _("block")
        verbose_name_plural = _("blocks")
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at=None) | Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="block_ends_after_it_starts",
            ),
        ]
        indexes = [models.Index(fields=["page", "position", "id"], name="block_order")]

    def __str__(self) -> str:
        return self.title or self.get_kind_display()
