from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Market, Variant


class Feed(models.Model):
    """A list of what a market sells, for a service that shows it elsewhere."""

    class Kind(models.TextChoices):
        GOOGLE = "google", _("Google Merchant (XML)")
        META = "meta", _("Meta (CSV)")
        CSV = "csv", _("General (CSV)")

    name = models.CharField(
        _("name"), max_length=40, unique=True, validators=[RegexValidator(r"^[a-z][a-z0-9-]*$")]
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    market = models.ForeignKey(Market, on_delete=models.CASCADE, related_name="+")
    is_active = models.BooleanField(_("published"), default=True)

    class Meta:
        verbose_name = _("feed")
        verbose_name_plural = _("feeds")

    def __str__(self) -> str:
        return self.name


class FeedRun(models.Model):
    """One making of a feed: the file, and how many went in."""

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="runs")
    file = models.FileField(_("file"), upload_to="private/feeds/%Y/%m/", max_length=255)
    accepted = models.PositiveIntegerField(_("listed"), default=0)
    rejected = models.PositiveIntegerField(_("left out"), default=0)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("making of a feed")
        verbose_name_plural = _("makings of feeds")
        indexes = [models.Index(fields=["feed", "-started_at"], name="feed_run_latest")]

    def __str__(self) -> str:
        return f"{self.feed_id} {self.started_at:%Y-%m-%d %H:%M}"


class FeedRejection(models.Model):
    """What a feed left out, and why."""

    run = models.ForeignKey(FeedRun, on_delete=models.CASCADE, related_name="rejections")
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        verbose_name = _("left out of a feed")
        verbose_name_plural = _("left out of a feed")

    def __str__(self) -> str:
        return self.reason
