"""Render a mail from its three templates, keep it, send it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import make_msgid
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from shop.outbox.kinds import KINDS
from shop.outbox.models import Mail, MailText
from shop.outbox.own_words import fill, own_text


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a mail. words: what it is, for the mail to say."""

    name: str
    content: bytes
    mime: str
    words: str


@dataclass(frozen=True, slots=True)
class Letter:
    """What to write to whom. `kind` names the templates emails/<kind>.{subject.txt,txt,html}."""

    kind: str
    to: str
    key: str
    reference: str
    language: str
    context: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)
    # What only the receiver may read: it is sent, and left out of what is kept for staff.
    secret: str = ""
    attachments: Sequence[Attachment] = ()
    # What staff's own words may name: {"number": "10482", …}.
    words: Mapping[str, str] = field(default_factory=dict)


def send(letter: Letter) -> Mail | None:
    """Send once per key: the row and the hand-over share the caller's transaction.

    None when this key was sent before, or staff switched this kind off: then a note is kept. A crash between the mail server's answer and the commit
    can repeat a mail; the Message-ID stays the same, so that mail servers can tell.
    """
    if Mail.objects.filter(key=letter.key).exists():
        return None
    own = own_text(letter.kind, letter.language)
    mail = rendered(letter, own)
    if own is not None and not own.is_sent and not KINDS[letter.kind].is_needed:
        _keep_back(mail)
        return None
    _send(mail, letter)
    return mail


def send_test(letter: Letter, own: MailText) -> Mail | None:
    """Send what a mail with these words looks like, whether it is switched off or not."""
    if Mail.objects.filter(key=letter.key).exists():
        return None
    mail = rendered(letter, own)
    with translation.override(letter.language):
        mail.subject = (_("Test: %(subject)s") % {"subject": mail.subject})[:200]
    _send(mail, letter)
    return mail


def _send(mail: Mail, letter: Letter) -> None:
    """Keep it and hand it over."""
    text, html = mail.text, mail.html
    # The demo's mail is read nowhere else.
    if letter.secret and not settings.DEMO:
        mail.text, mail.html = (part.replace(letter.secret, "…") for part in (text, html))
    mail.save(force_insert=True)
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=text,
        to=[mail.to],
        headers={
            **letter.headers,
            "Message-ID": _message_id(letter.key),
            "X-Entity-Ref-ID": letter.key,
        },
    )
    message.attach_alternative(html, "text/html")
    for one in letter.attachments:
        message.attach(one.name, one.content, one.mime)
    message.send()


def _keep_back(mail: Mail) -> None:
    """Write down that nothing was sent, so that nobody looks for it, or sends it late."""
    mail.subject = _("Not sent: %(subject)s") % {"subject": mail.subject}
    mail.subject = mail.subject[:200]
    mail.text, mail.html = _("This mail is switched off."), ""
    mail.save(force_insert=True)


def rendered(letter: Letter, own: MailText | None) -> Mail:
    """The mail as it would leave, with staff's own words where they have any; nothing is kept."""
    opening = fill(own.opening, letter.words) if own else ""
    context = {
        **letter.context,
        "shop": settings.SHOP,
        "site_url": settings.SITE_URL,
        "attachments": letter.attachments,
        "opening": opening,
    }
    with translation.override(letter.language):
        stem = f"emails/{letter.kind}"
        subject = " ".join(render_to_string(f"{stem}.subject.txt", context).split())
        text = _opened(render_to_string(f"{stem}.txt", context), opening)
        if own and own.subject:
            subject = " ".join(fill(own.subject, letter.words).split()) or subject
        return Mail(
            key=letter.key,
            kind=letter.kind,
            to=letter.to,
            subject=subject[:200],
            text=text + _attached(letter.attachments),
            html=render_to_string(f"{stem}.html", context),
            reference=letter.reference,
            sent_at=timezone.now(),
        )


def _opened(text: str, opening: str) -> str:
    """The plain mail with staff's words under its heading; the layout does it for HTML."""
    if not opening:
        return text
    heading, _blank, rest = text.partition("\n\n")
    return f"{heading}\n\n{opening}\n\n{rest.lstrip()}"


def _attached(attachments: Sequence[Attachment]) -> str:
    names = "".join(f"\n{one.words}" for one in attachments)
    return f"\n\n{_('Attached:')}{names}\n" if names else ""


def _message_id(key: str) -> str:
    domain = make_msgid(domain=settings.SHOP["mail_domain"]).rpartition("@")[2].rstrip(">")
    return f"<{key}@{domain}>"
