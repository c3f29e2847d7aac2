"""Letters to those who wait for a piece."""

from typing import Any

from django.conf import settings
from django.urls import reverse, set_script_prefix

from catalog.models import Price
from marketing.models import Alert
from marketing.services.alerts import reference
from shop.outbox.mail import Letter


def letter(alert: Alert, kind: str, *, key: str) -> Letter:
    """A letter from the templates emails/marketing/<kind>: the piece, and one link."""
    product = alert.variant.product
    addresses = _addresses(alert)
    return Letter(
        kind=f"marketing/{kind}",
        to=alert.email,
        key=key,
        reference=reference(alert.pk),
        language=alert.market.language,
        context={
            "title": product.title,
            "options_text": alert.variant.label,
            "is_price_drop": alert.kind == Alert.Kind.PRICE_DROP,
            "price": _price(alert),
            "price_seen": alert.price_seen,
            "currency": alert.market.currency,
            "url": addresses["confirmation" if kind == "alert_confirmation" else "piece"],
        },
        # RFC 8058: the mail program's own button, which posts without asking back.
        headers={
            "List-Unsubscribe": f"<{addresses['cancellation']}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


def _price(alert: Alert) -> Any:
    rows = Price.objects.filter(market=alert.market_id, variant=alert.variant_id)
    return rows.values_list("current", flat=True).first()


def _addresses(alert: Alert) -> dict[str, str]:
    set_script_prefix(alert.market.prefix)
    try:
        piece = f"{alert.variant.product.get_absolute_url()}?v={alert.variant.sku}"
        paths = {
            "confirmation": reverse("marketing:alert_confirmation", args=[alert.token]),
            "cancellation": reverse("marketing:alert_cancellation", args=[alert.token]),
            "piece": piece,
        }
    finally:
        set_script_prefix("/")
    return {name: f"{settings.SITE_URL}{path}" for name, path in paths.items()}
