"""Licence keys: put into a variant's pool, set aside for order lines, given back unseen."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.models import Variant
from inventory.models import LicenceKey
from inventory.services.stock import OutOfStock
from shop.lib.errors import Refused
from shop.lib.locks import locked
from shop.lib.text import clean

LONGEST = 255


class BadKeys(Refused):
    """Raised for a list without keys, or with one too long to be one."""


@dataclass(frozen=True, slots=True)
class Added:
    """Keys that are new in the pool, and how many of the list it held already."""

    count: int
    known: int


@transaction.atomic
def add(*, variant: Variant, codes: Iterable[str], now: dt.datetime) -> Added:
    """Put keys into a variant's pool; one that was there before is not added twice.

    Raises BadKeys.
    """
    wanted = list(dict.fromkeys(filter(None, map(clean, codes))))
    if not wanted:
        raise BadKeys(_("Enter at least one key."))
    if too_long := next((code for code in wanted if len(code) > LONGEST), ""):
        raise BadKeys(_("“%(key)s …” is too long for a key.") % {"key": too_long[:20]})
    before = LicenceKey.objects.filter(variant=variant).count()
    LicenceKey.objects.bulk_create(
        (LicenceKey(variant=variant, code=code, added_at=now) for code in wanted),
        batch_size=1000,
        ignore_conflicts=True,
    )
    count = LicenceKey.objects.filter(variant=variant).count() - before
    return Added(count, len(wanted) - count)


@transaction.atomic
def reserve(*, lines: Mapping[UUID, tuple[int, int]], now: dt.datetime) -> None:
    """Set keys aside for holders: {holder: (variant id, units)}. All of it or none.

    Keys that another order is about to take are passed over, so nobody waits and no key has two
    holders. Raises OutOfStock with the free keys of each variant that ran short.
    """
    short: dict[int, int] = {}
    for holder, (variant_id, units) in lines.items():
        free = LicenceKey.objects.filter(variant=variant_id, holder=None).order_by("pk")
        taken = [key.pk for key in free.select_for_update(skip_locked=True)[:units]]
        if len(taken) < units:
            short[variant_id] = len(taken)
        LicenceKey.objects.filter(pk__in=taken).update(holder=holder, taken_at=now)
    if short:
        raise OutOfStock(short)


@transaction.atomic
def release(*, holders: Iterable[UUID]) -> list[int]:
    """Put keys back that nobody has seen. Returns the variants that have keys again."""
    held = locked(LicenceKey.objects.filter(holder__in=list(holders)))
    LicenceKey.objects.filter(pk__in=[key.pk for key in held]).update(holder=None, taken_at=None)
    return sorted({key.variant_id for key in held})
