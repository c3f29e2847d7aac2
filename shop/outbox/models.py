import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop.lib.writing import run

GIVE_UP_AFTER = 12
# In one statement: whoever owes the same at this moment waits, and adds nothing.
OWE = """
insert into outbox_message (topic, key, payload, created_at, due_at, tries, last_error)
values (%s, %s, %s::jsonb, %s, %s, 0, '') on conflict (key) do nothing returning id
"""


class MessageQuerySet(models.QuerySet["Message"]):
    def open(self) -> "MessageQuerySet":
        """Not done, nor given up."""
        return self.filter(done_at=None, failed_at=None)

    def due(self, *, now: dt.datetime) -> "MessageQuerySet":
        return self.open().filter(due_at__lte=now).order_by("due_at", "pk")


class Message(models.Model):
    """One thing owed to the world: the Celery task to run and what to tell it."""

    topic = models.CharField(_("topic"), max_length=100, help_text=_("Name of the task."))
    key = models.CharField(_("key"), max_length=150, unique=True)
    payload = models.JSONField(_("payload"), default=dict, encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField(_("created"))
    due_at = models.DateTimeField(_("due"))
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    failed_at = models.DateTimeField(_("given up"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("outbox")
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="outbox_message_due",
                condition=Q(done_at=None, failed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.key

    def postpone(self, *, now: dt.datetime) -> None:
        """Due again after 12 s, 24 s, 48 s … at most 13 minutes: no storm when a worker is behind."""
        self.tries += 1
        self.due_at = now + dt.timedelta(seconds=12 * 2 ** min(6, self.tries - 1))
        if self.tries > GIVE_UP_AFTER:
            self.failed_at = now


class Mail(models.Model):
    """A mail as it left, kept so that staff can see what a customer was told."""

    key = models.CharField(_("key"), max_length=150, unique=True)
    kind = models.CharField(_("kind"), max_length=60)
    to = models.EmailField(_("to"), db_index=True)
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"))
    html = models.TextField(_("HTML"), blank=True)
    reference = models.CharField(_("about"), max_length=60, blank=True, db_index=True)
    sent_at = models.DateTimeField(_("sent"), db_index=True)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mail")

    def __str__(self) -> str:
        return self.subject


class MailText(models.Model):
    """Staff's own words for a kind of mail and language, and whether it goes out at all.

    Without a row the shop's own templates speak.
    """

    # As in Mail.kind: "orders/order_shipped".
    kind = models.CharField(_("mail"), max_length=60)
    language = models.CharField(_("language"), max_length=10, default="en-gb")
    # Plain text with {number}, {name} and what else the kind offers; empty: as the template says.
    subject = models.CharField(_("subject"), max_length=150, blank=True)
    # Takes the place of the mail's opening words; figures and buttons stay the shop's.
    opening = models.TextField(_("opening"), blank=True)
    sms = models.CharField(_("SMS"), max_length=300, blank=True)
    is_sent = models.BooleanField(_("sent by mail"), default=True)
    is_texted = models.BooleanField(_("sent by SMS"), default=False)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("text of a mail")
        verbose_name_plural = _("texts of mails")
        constraints = [
            models.UniqueConstraint(fields=["kind", "language"], name="mail_text_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.language})"


class Sms(models.Model):
    """A text message as it was handed over, kept so that staff can see what a customer was told."""

    key = models.CharField(_("key"), max_length=150, unique=True)
    kind = models.CharField(_("kind"), max_length=60)
    to = models.CharField(_("to"), max_length=20)
    text = models.CharField(_("text"), max_length=480)
    reference = models.CharField(_("about"), max_length=60, blank=True, db_index=True)
    # The gateway's own name for it; empty: nobody is set up to send it.
    provider_ref = models.CharField(_("gateway's reference"), max_length=80, blank=True)
    sent_at = models.DateTimeField(_("sent"), db_index=True)

    class Meta:
        verbose_name = _("text message")
        verbose_name_plural = _("text messages")

    def __str__(self) -> str:
        return self.text[:40]


def post(
    *,
    topic: str,
    key: str,
    payload: Mapping[str, Any],
    now: dt.datetime,
    due_at: dt.datetime | None = None,
) -> Message | None:
    """Owe the world a message, in the caller's transaction. None when this key is owed already.

    due_at: not before then; at once without it.
    """
    told, due = dict(payload), due_at or now
    made = run(OWE, [topic, key, json.dumps(told, cls=DjangoJSONEncoder), now, due])
    if not made:
        return None
    message = Message(made[0][0], topic, key, told, now, due)
    message._state.adding = False  # noqa: SLF001 - as a row that was read
    return message
