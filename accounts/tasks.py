"""Letters that were owed: load, write, send."""

from django.utils import timezone

from accounts import emails
from accounts.models import User
from accounts.services.customers import TOPIC, may_sign_in
from shop.outbox import mail
from shop.outbox.delivery import delivers


@delivers(TOPIC)
def password_link(*, user_id: int, prefix: str, language: str, is_invitation: bool) -> None:
    user = User.objects.filter(pk=user_id).first()
    if user is None or not may_sign_in(user):
        return
    mail.send(
        emails.password_link(
            user,
            prefix=prefix,
            language=language,
            is_invitation=is_invitation,
            key=f"password-{user.pk}-{timezone.now():%Y%m%d%H%M%S}",
        )
    )
