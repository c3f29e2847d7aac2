"""The life of a product: from an idea over the shelf to the archive, in explicit moves."""

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.models import Market, Product
from catalog.queries import safety
from catalog.queries.attributes import unanswered
from shop.lib.errors import Refused
from shop.lib.locks import locked

Status = Product.Status
MOVES: Mapping[str, Sequence[str]] = {
    Status.IDEA: (Status.SOURCING, Status.DRAFT, Status.ARCHIVED),
    Status.SOURCING: (Status.DRAFT, Status.IDEA, Status.ARCHIVED),
    Status.DRAFT: (Status.ACTIVE, Status.SOURCING, Status.IDEA, Status.ARCHIVED),
    Status.ACTIVE: (Status.PHASE_OUT, Status.DRAFT, Status.ARCHIVED),
    Status.PHASE_OUT: (Status.ACTIVE, Status.DRAFT, Status.ARCHIVED),
    Status.ARCHIVED: (Status.DRAFT,),
}


class MoveRefused(Refused):
    """Raised when a product can't go there from where it is."""


class NotReady(Refused):
    """Raised when a product lacks what it needs to be sold. Carries `missing`, in sentences."""

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(_("Not ready to be sold. %(gaps)s") % {"gaps": " ".join(missing)})
        self.missing = list(missing)


def moves_of(product: Product) -> Sequence[str]:
    """Where a product can go from here, the usual way first."""
    return MOVES[product.status]


def missing_to_sell(product: Product) -> list[str]:
    """What has to be filled in before the product may be sold, a sentence each."""
    markets = _priced_markets(product)
    gaps = [] if markets else [_("No variant that is for sale has a price.")]
    if asked := unanswered([product.pk]).get(product.pk):
        names = ", ".join(attribute.name for attribute in asked)
        gaps.append(_("Not answered: %(names)s.") % {"names": names})
    for market in markets:
        gaps += [f"{market}: {gap}" for gap in safety.missing_for(product, market)]
    return gaps


@transaction.atomic
def move(*, product: Product, to: str, now: dt.datetime) -> None:
    """Take a product a step on. What becomes active without a date is on sale at once.

    The caller owes fresh cards. Raises MoveRefused, NotReady.
    """
    (current,) = locked(Product.objects.filter(pk=product.pk))
    if to == current.status:
        return
    if to not in MOVES[current.status]:
        told = {"old": current.get_status_display(), "new": Status(to).label}
        raise MoveRefused(_("A product can't go from “%(old)s” to “%(new)s”.") % told)
    if to in Product.SOLD and (missing := missing_to_sell(current)):
        raise NotReady(missing)
    current.status = to
    if to in Product.SOLD:
        _open(current, now)
    current.save(update_fields=["status", "published_at", "unpublished_at", "updated_at"])
    _tell(product, current)


@transaction.atomic
def publish_now(*, product: Product, now: dt.datetime) -> None:
    """Put a product on sale at this moment, whatever date it was planned for.

    Raises MoveRefused, NotReady.
    """
    (current,) = locked(Product.objects.filter(pk=product.pk))
    if current.published_at is None or current.published_at > now:
        current.published_at = now
    if current.unpublished_at is not None and current.unpublished_at <= now:
        current.unpublished_at = None
    current.save(update_fields=["published_at", "unpublished_at", "updated_at"])
    move(product=current, to=Status.ACTIVE, now=now)
    _tell(product, current)


@transaction.atomic
def schedule(*, product: Product, now: dt.datetime) -> None:
    """Put a product on sale from its `published_at` on. Raises MoveRefused, NotReady."""
    if product.published_at is None or product.published_at <= now:
        raise MoveRefused(_("Say first when it goes on sale: a day that is still to come."))
    move(product=product, to=Status.ACTIVE, now=now)


def _open(product: Product, now: dt.datetime) -> None:
    """Give it a beginning, and take away an end that has passed."""
    if product.published_at is None:
        product.published_at = now
    if product.unpublished_at is not None and product.unpublished_at <= now:
        product.unpublished_at = None


def _tell(product: Product, current: Product) -> None:
    product.status = current.status
    product.published_at = current.published_at
    product.unpublished_at = current.unpublished_at


def _priced_markets(product: Product) -> Sequence[Market]:
    """Markets in which a variant that is for sale has a price."""
    sold = product.variants.filter(is_active=True).values("prices__market")
    return list(Market.objects.filter(pk__in=sold).in_order())
