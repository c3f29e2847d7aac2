"""What buyers say: one review of a product each, read by staff before it is shown."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Customer
from catalog.models import Product, Review
from shop.lib.errors import Refused
from shop.lib.locks import locked


class ReviewedAlready(Refused):
    """Raised when the customer has said something of this product before."""


@transaction.atomic
def write(
    *, product: Product, customer: Customer, author: str, stars: int, text: str, now: dt.datetime
) -> Review:
    """Keep a buyer's words until staff have read them. Raises ReviewedAlready."""
    locked(Customer.objects.filter(pk=customer.pk))
    if Review.objects.filter(product=product, customer=customer).exists():
        raise ReviewedAlready(_("You have reviewed this already. Remove that review first."))
    return Review.objects.create(
        product=product,
        customer=customer,
        author=author,
        stars=stars,
        text=text,
        is_verified=True,
        written_at=now,
    )
