"""Render a mail from its three templates, keep it, send it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import make_msgid
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation

from shop.outbox.models import Mail


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


def send(letter: Letter) -> Mail | None:
    """Send once per key: the row and the hand-over share the caller's transaction.

    None when this key was sent before. A crash between the mail server's answer and the commit
    can repeat a mail; the Message-ID stays the same, so that mail servers can tell.
    """
    if Mail.objects.filter(key=letter.key).exists():
        return None
    mail = _rendered(letter)
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
    message.send()
    return mail


def _rendered(letter: Letter) -> Mail:
    context = {**letter.context, "shop": settings.SHOP, "site_url": settings.SITE_URL}
    with translation.override(letter.language):
        stem = f"emails/{letter.kind}"
        subject = " ".join(render_to_string(f"{stem}.subject.txt", context).split())
        return Mail(
            key=letter.key,
            kind=letter.kind,
            to=letter.to,
            subject=subject[:200],
            text=render_to_string(f"{stem}.txt", context),
            html=render_to_string(f"{stem}.html", context),
            reference=letter.reference,
            sent_at=timezone.now(),
        )


def _message_id(key: str) -> str:
    domain = make_msgid(domain=settings.SHOP["mail_domain"]).rpartition("@")[2].rstrip(">")
    return f"<{key}@{domain}>"
