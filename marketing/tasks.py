"""Mails owed to those who wait."""

from marketing.emails import letter
from marketing.models import Alert
from marketing.services import alerts
from shop.lib.locks import locked
from shop.outbox import mail
from shop.outbox.delivery import delivers


def _alert(alert_id: int, status: Alert.Status) -> Alert | None:
    """The alert, held, unless it was called off or forgotten meanwhile."""
    rows = Alert.objects.filter(pk=alert_id, status=status).exclude(email="")
    found = locked(rows.select_related("variant__product__type", "market"))
    return found[0] if found else None


def _tell(alert_id: int, kind: str) -> None:
    alert = _alert(alert_id, Alert.Status.SENT)
    if alert is None:
        return
    if not alerts.still_holds(alert):
        alerts.wait_again(alert)
        return
    mail.send(letter(alert, kind, key=f"alert-{alert.pk}-told"))


@delivers("mail.alert_confirmation")
def email_alert_confirmation(*, alert_id: int, key: str) -> None:
    """Ask whether the address is the asker's own."""
    alert = _alert(alert_id, Alert.Status.UNCONFIRMED)
    if alert is not None:
        mail.send(letter(alert, "alert_confirmation", key=key))


@delivers("mail.alert_back_in_stock")
def email_alert_back_in_stock(*, alert_id: int) -> None:
    """The piece is back, if it still is."""
    _tell(alert_id, "alert_back_in_stock")


@delivers("mail.alert_price_drop")
def email_alert_price_drop(*, alert_id: int) -> None:
    """The piece costs less, if it can still be had."""
    _tell(alert_id, "alert_price_drop")
