import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.customer import Customer


class PolicyQuerySet(models.QuerySet["PolicyVersion"]):
    def current(self, *, now: dt.datetime) -> "PolicyQuerySet":
        """The version in force of each policy."""
        return (
            self.filter(published_at__lte=now)
            .order_by("slug", "-published_at", "-pk")
            .distinct("slug")
        )


class PolicyVersion(models.Model):
    """A text people agree to, as it stood at a time. Never edited once published."""

    slug = models.SlugField(_("slug"))
    title = models.CharField(_("title"), max_length=200)
    summary = models.CharField(_("summary"), max_length=200, blank=True)
    body = models.TextField(_("text"), help_text=_("Markdown."))
    published_at = models.DateTimeField(_("in force from"))
    # What changed, shown to people with an account who agreed to an older version.
    asks_again = models.BooleanField(
        _("ask customers to agree again"), default=False, db_default=False
    )
    changes = models.TextField(_("what changed"), blank=True, db_default="")

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("policy version")
        verbose_name_plural = _("policy versions")
        constraints = [
            models.UniqueConstraint(
                fields=["slug", "published_at"], name="policy_one_version_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.published_at:%Y-%m-%d})"


class PolicyAcceptance(models.Model):
    """Somebody with an account agreed to a version."""

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="policy_acceptances"
    )
    policy = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="acceptances")
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("policy acceptance")
        verbose_name_plural = _("policy acceptances")
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "policy"], name="policy_accepted_once_by_a_customer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy}"
