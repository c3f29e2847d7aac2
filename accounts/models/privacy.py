from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.customer import Customer
from accounts.models.user import User


class PrivacyRequest(models.Model):
    """Somebody asks for everything about them, or to be forgotten.

    Signed in, it is theirs at once; a guest proves the address by a mailed link first.
    """

    class Kind(models.TextChoices):
        EXPORT = "export", _("Everything about me")
        ERASE = "erase", _("Forget me")

    class State(models.TextChoices):
        ASKED = "asked", _("Waits for the mailed link")
        PROVED = "proved", _("Proved")
        WORKING = "working", _("In work")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Not possible yet")
        EXPIRED = "expired", _("Link ran out")

    number = models.CharField(_("number"), max_length=20, unique=True)
    kind = models.CharField(_("asked for"), max_length=10, choices=Kind)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ASKED)
    customer = models.ForeignKey(
        Customer, on_delete=models.SET_NULL, null=True, blank=True, related_name="privacy_requests"
    )
    # Emptied when it is done: a request to be forgotten must not remember.
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=10, default="en-gb")
    # SHA-256 of the key in the mailed link.
    key_hash = models.CharField(max_length=64, blank=True, editable=False)
    # Why not yet: open orders, money owed.
    reason = models.TextField(_("reason"), blank=True)
    # {"orders.Order": {"anonymised": 3}, …}: what was done, without saying whose it was.
    report = models.JSONField(_("report"), default=dict, blank=True)
    file = models.FileField(_("file"), upload_to="private/exports/%Y/%m", blank=True)
    asked_at = models.DateTimeField(_("asked"))
    proved_at = models.DateTimeField(_("proved"), null=True, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    # Of the link first, of the file then.
    expires_at = models.DateTimeField(_("until"), null=True, blank=True)
    actor = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("privacy request")
        verbose_name_plural = _("privacy requests")
        indexes = [models.Index(fields=["-asked_at", "-id"], name="privacy_request_newest")]

    def __str__(self) -> str:
        return self.number


class RetentionRule(models.Model):
    """How long one kind of data is kept. What each kind means is code; the days are the shop's."""

    kind = models.SlugField(_("kind"), max_length=40, unique=True)
    days = models.PositiveIntegerField(_("kept for days"))
    is_on = models.BooleanField(_("in force"), default=True)

    class Meta:
        verbose_name = _("retention period")
        verbose_name_plural = _("retention periods")

    def __str__(self) -> str:
        return self.kind


class RetentionRun(models.Model):
    """One night's forgetting of one kind."""

    rule = models.ForeignKey(RetentionRule, on_delete=models.CASCADE, related_name="runs")
    at = models.DateTimeField(_("time"))
    count = models.PositiveIntegerField(_("rows"), default=0)
    error = models.CharField(_("error"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("retention run")
        verbose_name_plural = _("retention runs")
        indexes = [models.Index(fields=["rule", "-at"], name="retention_run_newest")]

    def __str__(self) -> str:
        return f"{self.rule}: {self.count}"
