"""A product as it will be shown, for whoever has the link, for a day."""

import datetime as dt
from urllib.parse import urlencode

from django.core import signing

from catalog.models import Market, Product

SALT = "catalog.preview"
LIVES = dt.timedelta(days=1)


def address(product: Product) -> str:
    """Address of the page in the main market, with a token that holds for a day."""
    token = signing.dumps(product.pk, salt=SALT)
    return f"{product.get_absolute_url()}?{urlencode({'preview': token})}"


def has_page(product: Product) -> bool:
    """Whether there is enough to show: something with a price in the main market."""
    main = Market.objects.in_order().first()
    return product.variants.filter(is_active=True, prices__market=main).exists()


def is_meant(token: str, product: Product) -> bool:
    """Whether the token was made for this product within the last day."""
    try:
        return bool(signing.loads(token, salt=SALT, max_age=LIVES) == product.pk)
    except signing.BadSignature:
        return False
