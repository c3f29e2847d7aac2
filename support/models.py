from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class ArticleQuerySet(models.QuerySet["Article"]):
    def published(self) -> "ArticleQuerySet":
        return self.filter(is_published=True).order_by("position", "title", "pk")


class Article(models.Model):
    """A page that answers a question (help) or tells about the shop (page)."""

    class Kind(models.TextChoices):
        HELP = "help", _("Help")
        PAGE = "page", _("Page")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.HELP)
    slug = models.SlugField(_("slug"), unique=True)
    title = models.CharField(_("title"), max_length=200)
    summary = models.CharField(_("summary"), max_length=200, blank=True)
    body = models.TextField(_("text"), help_text=_("Markdown."))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_published = models.BooleanField(_("published"), default=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        if self.kind == self.Kind.PAGE:
            return reverse("support:page", args=[self.slug])
        return reverse("support:article", args=[self.slug])
