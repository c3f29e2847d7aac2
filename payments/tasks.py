"""Gift cards on their day, and the night's look at what has run out."""

from celery import shared_task
from django.utils import timezone

from payments.emails import gift_card_letter
from payments.models import ValueAccount
from payments.services import balances
from shop.lib.locks import locked
from shop.outbox import mail
from shop.outbox.delivery import delivers


@delivers("mail.gift_card")
def email_gift_card(*, account_id: int, key: str) -> None:
    """Send a card to whom it is for, unless it was switched off meanwhile."""
    rows = ValueAccount.objects.filter(pk=account_id, is_active=True).exclude(recipient_email="")
    found = locked(rows.select_related("line__order__market"))
    if found and mail.send(gift_card_letter(found[0], key=key)):
        found[0].sent_at = timezone.now()
        found[0].save(update_fields=["sent_at"])


@shared_task(name="payments.expire_value")
def expire_value() -> None:
    """Write off the balances whose last day is over."""
    balances.expire(now=timezone.now())
