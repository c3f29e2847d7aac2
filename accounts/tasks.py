"""Letters that were owed: load, write, send."""

from django.utils import timezone

from accounts import emails
from accounts.models import User
from accounts.services.customers import TOPIC, may_sign_in
from accounts.services.doors import letters
from shop.outbox import mail
from shop.outbox.delivery import delivers


@delivers(TOPIC)
def password_link(*, user_id: int, prefix: str, language: str, **_older: object) -> None:
    user = User.objects.filter(pk=user_id).first()
    if user is None or not may_sign_in(user):
        return
    key = f"password-{user.pk}-{timezone.now():%Y%m%d%H%M%S}"
    mail.send(emails.invitation(user, prefix=prefix, language=language, key=key))


@delivers(letters.TOPIC)
def door_letter(*, key: str, sealed: str) -> None:
    mail.send(emails.door_letter(key=key, sealed=sealed))
