"""Wish lists: kept by the keys in a browser's cookie, or by an account."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import Any

from django.core import signing
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Market, Price, Variant
from catalog.queries import on_sale
from inventory.queries import availability
from orders.models import Wishlist, WishlistLine
from orders.models.wishlist import new_key
from orders.services.carts import NotForSale
from shop.lib.errors import Refused
from shop.lib.locks import locked
from shop.lib.money import ZERO
from shop.lib.text import clean

MOST_LISTS = 10
# Over all lists of one owner: a cookie that scripts read names every wish.
MOST_WISHES = 150
LONGEST_NAME = 60
UNDO_SECONDS = 60 * 60
# Browsers keep the keys for a year; a list nobody has touched for longer has lost its owner.
LOST_AFTER = dt.timedelta(days=400)
KEY = re.compile(r"[\w-]{10,40}", re.ASCII)
SALT = "orders.wishlists.undo"


class UnknownList(Refused):
    """Raised for a list or a wish that is not the asker's, or is gone."""


class TooMany(Refused):
    """Raised when there is no room for another list or wish."""


class BadName(Refused):
    """Raised for a name that is empty or too long."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Who asks: the keys a browser holds, and the account when somebody is signed in."""

    tokens: tuple[str, ...] = ()
    user: User | None = None


def parse_keys(text: str) -> tuple[str, ...]:
    """The keys in a cookie; whatever is not one is left out."""
    found = [key for key in text.split(".")[: MOST_LISTS * 2] if KEY.fullmatch(key)]
    return tuple(found[:MOST_LISTS])


def lists_of(owner: Owner) -> "QuerySet[Wishlist]":
    """The owner's lists, oldest first. An account's list does not open with a browser's key."""
    mine = Q(token__in=owner.tokens, user=None)
    if owner.user is not None:
        mine |= Q(user=owner.user)
    return Wishlist.objects.filter(mine).select_related("market").order_by("created_at", "pk")


def list_of(*, owner: Owner, list_id: int) -> Wishlist:
    """Raises UnknownList."""
    found = lists_of(owner).filter(pk=list_id).first()
    if found is None:
        raise UnknownList(_("This list does not exist any more."))
    return found


def lines_of(owner: Owner) -> "QuerySet[WishlistLine]":
    return WishlistLine.objects.filter(wishlist__in=lists_of(owner).values("pk"))


def line_of(*, owner: Owner, line_id: int) -> WishlistLine:
    """Raises UnknownList."""
    line = lines_of(owner).filter(pk=line_id).select_related("variant__product", "wishlist").first()
    if line is None:
        raise UnknownList(_("This wish is not on your lists any more."))
    return line


def offered(*, market: Market, sku: str, product_id: int | None, now: dt.datetime) -> Variant:
    """The variant of a SKU, or the best one of a product: in stock, then first. Raises NotForSale."""
    prices = on_sale.prices().filter(market=market, variant__is_active=True)
    if product_id is None:
        prices = prices.filter(variant__in=Variant.objects.filter(sku__iexact=sku))
    else:
        prices = prices.filter(variant__product=product_id)
    variants = [row.variant for row in prices.order_by("variant__position", "variant_id")]
    if not variants or not on_sale.is_offered(variants[0], market, now=now):
        raise NotForSale(_("This piece is not for sale any more."))
    if len(variants) == 1:
        return variants[0]
    stock = availability(one.pk for one in variants)
    there = (one for one in variants if stock[one.pk].available)
    later = (one for one in variants if stock[one.pk].later)
    return next(chain(there, later), variants[0])


@transaction.atomic
def add(
    *, owner: Owner, variant: Variant, market: Market, list_id: int | None, now: dt.datetime
) -> WishlistLine:
    """Keep a variant on a list, the first one unless another is named. Raises TooMany, UnknownList."""
    if list_id is None:
        wishlist = lists_of(owner).first() or _make(owner, market, _("Wish list"), now)
    else:
        wishlist = list_of(owner=owner, list_id=list_id)
    line = WishlistLine.objects.filter(wishlist=wishlist, variant=variant).first()
    if line is not None:
        return line
    if lines_of(owner).count() >= MOST_WISHES:
        raise TooMany(_("Your lists are full. Take something out first."))
    line, _created = WishlistLine.objects.get_or_create(
        wishlist=wishlist,
        variant=variant,
        defaults={"price_seen": _price_in(wishlist.market, variant), "added_at": now},
    )
    _touch(wishlist, now)
    return line


def _price_in(market: Market, variant: Variant) -> Decimal:
    """In the list's own market, whose currency it is in; nought when it is not sold there."""
    amounts = Price.objects.filter(market=market, variant=variant)
    return amounts.values_list("current", flat=True).first() or ZERO


def _touch(wishlist: Wishlist, now: dt.datetime) -> None:
    wishlist.updated_at = now
    wishlist.save(update_fields=["updated_at"])


def forget_wishes(*, owner: Owner, sku: str, product_id: int | None) -> int:
    """Take a variant, or every variant of a product, off all lists. Returns how many wishes."""
    wishes = lines_of(owner)
    if product_id is None:
        wishes = wishes.filter(variant__sku__iexact=sku)
    else:
        wishes = wishes.filter(variant__product=product_id)
    return wishes.delete()[0]


def remove(*, owner: Owner, line_id: int) -> WishlistLine:
    """Take a wish off its list and return what it was. Raises UnknownList."""
    line = line_of(owner=owner, line_id=line_id)
    WishlistLine.objects.filter(pk=line.pk).delete()
    return line


@transaction.atomic
def move(*, owner: Owner, line_id: int, list_id: int, now: dt.datetime) -> Wishlist:
    """Put a wish on another list; there it is once. Raises UnknownList."""
    line = line_of(owner=owner, line_id=line_id)
    target = list_of(owner=owner, list_id=list_id)
    if target.pk == line.wishlist_id:
        return target
    WishlistLine.objects.get_or_create(
        wishlist=target,
        variant=line.variant,
        defaults={
            "price_seen": line.price_seen
            if line.wishlist.market_id == target.market_id
            else _price_in(target.market, line.variant),
            "added_at": line.added_at,
        },
    )
    line.delete()
    _touch(target, now)
    return target


def create(*, owner: Owner, market: Market, name: str, now: dt.datetime) -> Wishlist:
    """Raises BadName or TooMany."""
    return _make(owner, market, _named(name), now)


def _make(owner: Owner, market: Market, name: str, now: dt.datetime, **kept: Any) -> Wishlist:
    if lists_of(owner).count() >= MOST_LISTS:
        raise TooMany(
            _("You have %(count)s lists, which is all we can keep.") % {"count": MOST_LISTS}
        )
    given = {"created_at": now, **kept}
    return Wishlist.objects.create(
        user=owner.user, market=market, name=name, updated_at=now, **given
    )


def rename(*, owner: Owner, list_id: int, name: str, now: dt.datetime) -> Wishlist:
    """Raises UnknownList or BadName."""
    wishlist = list_of(owner=owner, list_id=list_id)
    wishlist.name = _named(name)
    wishlist.updated_at = now
    wishlist.save(update_fields=["name", "updated_at"])
    return wishlist


def _named(name: str) -> str:
    name = " ".join(clean(name).split())
    if not name or len(name) > LONGEST_NAME:
        raise BadName(_("Enter a name of at most %(count)s characters.") % {"count": LONGEST_NAME})
    return name


def share(*, owner: Owner, list_id: int, is_shared: bool) -> Wishlist:
    """Open a list to whoever has its address, or close it for good. Raises UnknownList."""
    wishlist = list_of(owner=owner, list_id=list_id)
    if wishlist.is_shared and not is_shared:
        # Shared again, it gets another address: who was sent the old one stays outside.
        wishlist.share_key = new_key()
    wishlist.is_shared = is_shared
    wishlist.save(update_fields=["is_shared", "share_key"])
    return wishlist


def shared(key: str) -> Wishlist | None:
    if not KEY.fullmatch(key):
        return None
    found = Wishlist.objects.filter(share_key=key, is_shared=True)
    return found.select_related("market").first()


@transaction.atomic
def delete(*, owner: Owner, list_id: int) -> tuple[Wishlist, str]:
    """Delete a list with its wishes. Returns it, and a sealed copy that restore() takes for an hour.

    Raises UnknownList.
    """
    wishlist = list_of(owner=owner, list_id=list_id)
    wishes = wishlist.lines.values_list("variant_id", "price_seen", "added_at")
    copy = {
        "name": wishlist.name,
        "share_key": wishlist.share_key,
        "is_shared": wishlist.is_shared,
        "market": wishlist.market_id,
        "created_at": wishlist.created_at.isoformat(),
        "wishes": [[pk, str(price), at.isoformat()] for pk, price, at in wishes],
    }
    wishlist.delete()
    return wishlist, signing.dumps(copy, salt=SALT, compress=True)


@transaction.atomic
def restore(*, owner: Owner, sealed: str, now: dt.datetime) -> Wishlist:
    """Bring back what delete() took away. Raises UnknownList or TooMany."""
    try:
        copy = signing.loads(sealed, salt=SALT, max_age=UNDO_SECONDS)
    except signing.BadSignature as error:
        raise UnknownList(_("This list can't be brought back any more.")) from error
    if Wishlist.objects.filter(share_key=copy["share_key"]).exists():
        raise UnknownList(_("This list is back already."))
    wishlist = _make(
        owner,
        Market.objects.get(pk=copy["market"]),
        copy["name"],
        now,
        created_at=dt.datetime.fromisoformat(copy["created_at"]),
        share_key=copy["share_key"],
        is_shared=copy["is_shared"],
    )
    known = set(
        Variant.objects.filter(pk__in=[row[0] for row in copy["wishes"]]).values_list(
            "pk", flat=True
        )
    )
    WishlistLine.objects.bulk_create(
        WishlistLine(
            wishlist=wishlist,
            variant_id=pk,
            price_seen=Decimal(price),
            added_at=dt.datetime.fromisoformat(at),
        )
        for pk, price, at in copy["wishes"]
        if pk in known
    )
    return wishlist


@transaction.atomic
def merge(*, tokens: Iterable[str], user: User, now: dt.datetime) -> int:
    """Make the lists of a browser the account's own; call it once somebody has signed in.

    Lists of the same name and market become one. The old keys open nothing any more. Returns how
    many lists came over; doing it twice changes nothing.
    """
    # The account's row is held, so that two browsers signing in at once make no twin lists.
    locked(User.objects.filter(pk=user.pk))
    guests = locked(Wishlist.objects.filter(token__in=list(tokens), user=None))
    own = {_likeness(one): one for one in Wishlist.objects.filter(user=user).order_by("-pk")}
    for guest in guests:
        home = own.setdefault(_likeness(guest), guest)
        if home is guest:
            guest.user, guest.token, guest.updated_at = user, new_key(), now
            guest.save(update_fields=["user", "token", "updated_at"])
            continue
        there = home.lines.values("variant_id")
        guest.lines.exclude(variant_id__in=there).update(wishlist=home)
        guest.delete()
    return len(guests)


def _likeness(wishlist: Wishlist) -> tuple[str, int]:
    return wishlist.name.casefold(), wishlist.market_id


def forget_lost(*, now: dt.datetime) -> int:
    """Delete the lists whose browser has let go of the key. Returns how many."""
    lost = Wishlist.objects.filter(user=None, updated_at__lt=now - LOST_AFTER)
    count = lost.count()
    lost.delete()
    return count
