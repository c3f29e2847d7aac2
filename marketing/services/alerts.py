"""Who waits to hear that a piece is back or costs less: asking, confirming, calling off, telling.

Nobody is told anything here: a mail is owed to the outbox in the transaction of the change, and an
alert is told once. Addresses are personal data: they stay out of logs and are let go of in time.
"""

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from catalog.models import Market, Price, Variant
from catalog.queries import on_sale
from inventory.queries import availability
from marketing.models import Alert
from orders.models import Order, OrderLine
from shop.lib.errors import Refused
from shop.lib.locks import locked
from shop.outbox import delivery
from shop.outbox.models import Mail, post

Kind = Alert.Kind
Status = Alert.Status
# What one address may be asked to confirm in a day: nobody's letter box is ours to fill.
MOST_QUESTIONS = 10
A_DAY = dt.timedelta(hours=24)
UNCONFIRMED_FOR = dt.timedelta(days=7)
KNOWN_FOR = dt.timedelta(days=90)
MAILS = "marketing/alert_"
MAIL_OF = {
    Kind.BACK_IN_STOCK: "mail.alert_back_in_stock",
    Kind.PRICE_DROP: "mail.alert_price_drop",
}


class NotSold(Refused):
    """Raised for a piece that is not for sale in the market."""


class UnknownAlert(Refused):
    """Raised for a key that opens nothing (any more)."""


def piece(*, sku: str, market: Market, now: dt.datetime) -> Price:
    """The price of a SKU on sale here, with variant and product. Raises NotSold."""
    price = on_sale.price_of(sku, market, now=now)
    if price is None:
        raise NotSold(_("This piece is not for sale any more."))
    return price


@transaction.atomic
def ask(
    *, kind: Alert.Kind, price: Price, email: str, is_own_address: bool, now: dt.datetime
) -> None:
    """Remember the wish, and owe the address a question whether it is theirs.

    Tells the asker nothing: an address that waits already, or is asked too often, looks the same.
    is_own_address: the asker is signed in with it, so nobody needs to be asked.
    """
    alert = _open_alert(kind, price, email)
    if alert is None:
        if not is_own_address and _is_asked_too_often(email, now):
            return
        alert = _remember(kind, price, email, now)
    if alert is None or alert.status != Status.UNCONFIRMED:
        return
    if is_own_address:
        _activate(alert, now)
        return
    # Asked again on another day at the earliest.
    key = f"alert-{alert.pk}-confirmation-{now:%Y%m%d}"
    payload = {"alert_id": alert.pk, "key": key}
    post(topic="mail.alert_confirmation", key=key, payload=payload, now=now)
    delivery.ring()


def _open_alert(kind: Alert.Kind, price: Price, email: str) -> Alert | None:
    return (
        Alert.objects.filter(kind=kind, variant=price.variant_id, market=price.market_id)
        .filter(status__in=Alert.OPEN)
        .annotate(lower=Lower("email"))
        .filter(lower=email.lower())
        .first()
    )


def _remember(kind: Alert.Kind, price: Price, email: str, now: dt.datetime) -> Alert | None:
    """None when the same wish came in at the same moment: that one has been taken care of."""
    try:
        with transaction.atomic():
            return Alert.objects.create(
                kind=kind,
                variant_id=price.variant_id,
                market_id=price.market_id,
                email=email,
                price_seen=price.current,
                created_at=now,
            )
    except IntegrityError:
        return None


def _is_asked_too_often(email: str, now: dt.datetime) -> bool:
    lately = Alert.objects.filter(status=Status.UNCONFIRMED, created_at__gt=now - A_DAY)
    return lately.filter(email__iexact=email).count() >= MOST_QUESTIONS


def _activate(alert: Alert, now: dt.datetime) -> None:
    alert.status, alert.confirmed_at = Status.ACTIVE, now
    alert.save(update_fields=["status", "confirmed_at"])


def find(*, token: str) -> Alert:
    """The alert of a key from a mail. Raises UnknownAlert."""
    alert = _of(token).first()
    if alert is None:
        raise UnknownAlert(_("This link has run out."))
    return alert


def _of(token: str) -> "QuerySet[Alert]":
    is_key = len(token) <= 40 and token.isascii()
    rows = Alert.objects.filter(token=token) if is_key else Alert.objects.none()
    return rows.select_related("variant__product", "market")


@transaction.atomic
def confirm(*, token: str, now: dt.datetime) -> Alert:
    """The address is theirs: from now on they wait. Twice is once. Raises UnknownAlert."""
    alert = _locked(token)
    if alert.status == Status.UNCONFIRMED:
        _activate(alert, now)
    return alert


@transaction.atomic
def cancel(*, token: str) -> Alert:
    """They don't want to hear any more. Twice is once. Raises UnknownAlert."""
    alert = _locked(token)
    if alert.status in Alert.OPEN:
        alert.status = Status.CANCELED
        alert.save(update_fields=["status"])
    return alert


def _locked(token: str) -> Alert:
    rows = locked(_of(token))
    if not rows:
        raise UnknownAlert(_("This link has run out."))
    return rows[0]


def waiting(kind: Alert.Kind) -> "QuerySet[Alert]":
    """Those who wait, in the order they asked."""
    return Alert.objects.filter(kind=kind, status=Status.ACTIVE).order_by("created_at", "pk")


def cheaper() -> "QuerySet[Alert]":
    """Those waiting for a lower price whose piece costs less by now, in their own market."""
    return _cheaper(waiting(Kind.PRICE_DROP))


def _cheaper(alerts: "QuerySet[Alert]") -> "QuerySet[Alert]":
    amount = Price.objects.filter(market=OuterRef("market"), variant=OuterRef("variant"))
    rows = alerts.annotate(amount=Subquery(amount.values("current")[:1]))
    return rows.filter(amount__lt=F("price_seen"))


def sold_in(variant_id: int, *, now: dt.datetime) -> list[int]:
    """The ids of the markets in which a variant is for sale."""
    rows = on_sale.prices().filter(variant=variant_id).select_related("market")
    return [row.market_id for row in rows if on_sale.is_offered(row.variant, row.market, now=now)]


def is_there(variant: Variant) -> bool:
    return availability([variant.pk])[variant.pk].available > 0


def still_holds(alert: Alert) -> bool:
    """Whether what an alert is to be told is true at this moment."""
    if alert.kind == Kind.BACK_IN_STOCK:
        return is_there(alert.variant)
    can_be_had = availability([alert.variant_id])[alert.variant_id].sellable > 0
    return can_be_had and _cheaper(Alert.objects.filter(pk=alert.pk)).exists()


def still_promised(variant_id: int, *, now: dt.datetime) -> int:
    """Units that people told in the last day may still come for: one each, until they buy."""
    told = Alert.objects.filter(
        kind=Kind.BACK_IN_STOCK, variant=variant_id, status=Status.SENT, sent_at__gt=now - A_DAY
    )
    rows = told.order_by("sent_at").values_list("email", "sent_at")
    told_at = {email.lower(): at for email, at in rows if at is not None}
    if not told_at:
        return 0
    bought = _bought_since(variant_id, now - A_DAY, told_at)
    return told.count() - len(bought)


def _bought_since(variant_id: int, since: dt.datetime, told_at: dict[str, dt.datetime]) -> set[str]:
    lines = (
        OrderLine.objects.filter(variant=variant_id, order__placed_at__gt=since)
        .exclude(order__status__in=(Order.Status.CANCELED, Order.Status.EXPIRED))
        .annotate(buyer=Lower("order__email"))
        .filter(buyer__in=told_at)
    )
    rows = lines.values_list("buyer", "order__placed_at")
    return {buyer for buyer, at in rows if at >= told_at[buyer]}


def tell(alert: Alert, *, now: dt.datetime) -> None:
    """Mark a locked alert as told and owe its mail, in one transaction."""
    alert.status, alert.sent_at = Status.SENT, now
    alert.save(update_fields=["status", "sent_at"])
    # The mail itself has a key without a time: there is one per alert, ever.
    post(
        topic=MAIL_OF[Kind(alert.kind)],
        key=f"alert-{alert.pk}-told-{now.timestamp():.6f}",
        payload={"alert_id": alert.pk},
        now=now,
    )
    delivery.ring()


def wait_again(alert: Alert) -> None:
    """The piece went before the mail did: back into the queue, at the old place.

    Who has asked anew meanwhile waits with the new wish.
    """
    try:
        with transaction.atomic():
            alert.status, alert.sent_at = Status.ACTIVE, None
            alert.save(update_fields=["status", "sent_at"])
    except IntegrityError:
        alert.status = Status.CANCELED
        alert.save(update_fields=["status", "sent_at"])


@transaction.atomic
def forget(*, now: dt.datetime) -> int:
    """Let go of addresses: unconfirmed alerts after a week, told and canceled ones after 90 days.

    What stays is a count without a name. The mails go as well. Returns how many alerts.
    """
    unconfirmed = Alert.objects.filter(
        status=Status.UNCONFIRMED, created_at__lte=now - UNCONFIRMED_FOR
    )
    old = now - KNOWN_FOR
    # When somebody called off is not kept; counted from the asking it is never too late.
    over = Q(status=Status.SENT, sent_at__lte=old) | Q(status=Status.CANCELED, created_at__lte=old)
    closed = Alert.objects.filter(over).exclude(email="")
    references = [reference(pk) for pk in [*_ids(unconfirmed), *_ids(closed)]]
    Mail.objects.filter(kind__startswith=MAILS, reference__in=references).delete()
    return closed.update(email="") + unconfirmed.delete()[0]


def _ids(alerts: "QuerySet[Alert]") -> list[int]:
    return list(alerts.values_list("pk", flat=True))


def reference(alert_id: int) -> str:
    """Under which the mails of an alert are kept."""
    return f"alert-{alert_id}"
