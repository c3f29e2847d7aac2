"""What is handed over without a parcel: files that may be fetched so often, and keys."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.models import DigitalFile
from inventory.queries import keys_of
from orders.models import Download, Order, OrderLine
from orders.services import orders
from shop.lib.errors import Refused
from shop.templatetags.shop_text import longdate

Payment = Order.Payment
OPEN = (Order.Status.CONFIRMED, Order.Status.COMPLETED)
PAID = (Payment.PAID, Payment.PARTIALLY_REFUNDED)


class NotYours(Refused):
    """Raised when the order behind a link was called off, refunded, or never paid."""


class UsedUp(Refused):
    """Raised when a link has served its days or its number of downloads."""


def grant(*, lines: Sequence[OrderLine], now: dt.datetime) -> int:
    """Open the files of these lines, as often as there are units. Twice does nothing more.

    Returns how many links there are.
    """
    files: dict[int, list[DigitalFile]] = defaultdict(list)
    for file in DigitalFile.objects.filter(variant__in=[line.variant_id for line in lines]):
        files[file.variant_id].append(file)
    downloads = [
        Download(
            line=line,
            file=file,
            allowed=file.downloads * line.quantity,
            created_at=now,
            expires_at=now + dt.timedelta(days=file.days),
        )
        for line in lines
        if line.variant_id
        for file in files[line.variant_id]
    ]
    Download.objects.bulk_create(downloads, ignore_conflicts=True)
    return len(downloads)


def opens(order: Order) -> bool:
    """Whether what an order bought may be fetched: it was paid, and neither called off nor stopped."""
    is_due = order.status in OPEN and order.payment_status in PAID
    return is_due and not orders.holds(order).exists()


def check(*, download: Download, now: dt.datetime) -> None:
    """Raises NotYours or UsedUp."""
    if not opens(download.line.order):
        raise NotYours(
            _("This link belongs to an order that was called off, paid back, or is looked over.")
        )
    if download.expires_at <= now:
        raise UsedUp(_("This link has run out. Write to us and we open it again."))
    if download.used >= download.allowed:
        raise _used_up()


def _used_up() -> UsedUp:
    return UsedUp(
        _("This file was fetched as often as it may be. Write to us if something went wrong.")
    )


@transaction.atomic
def count(*, download: Download, now: dt.datetime) -> None:
    """Use one fetch. At most `allowed` succeed, however many ask at once. Raises as check()."""
    check(download=download, now=now)
    left = Download.objects.filter(pk=download.pk, used__lt=F("allowed"), expires_at__gt=now)
    if not left.update(used=F("used") + 1):
        raise _used_up()


def links_of(order: Order) -> list[Download]:
    """The links of an order, by line. One query."""
    rows = Download.objects.filter(line__order=order).select_related("file", "line")
    return list(rows.order_by("line__position", "file__name", "pk"))


@dataclass(frozen=True, slots=True)
class Link:
    """A file behind a link. note: what is left of it, in words."""

    name: str
    path: str
    note: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Keys:
    title: str
    codes: list[str]


@dataclass(frozen=True, slots=True)
class HandedOver:
    links: list[Link]
    keys: list[Keys]


def handed_over(order: Order, lines: Sequence[OrderLine], *, now: dt.datetime) -> HandedOver | None:
    """None before the money is in, after it went back, and when there is nothing of the kind."""
    if not opens(order):
        return None
    codes = keys_of(line.holder for line in lines)
    found = HandedOver(
        links=[_link(one, now) for one in links_of(order)],
        keys=[_keys(line, codes[line.holder]) for line in lines if line.holder in codes],
    )
    return found if found.links or found.keys else None


def _keys(line: OrderLine, codes: list[str]) -> Keys:
    return Keys(", ".join(filter(None, (line.title, line.variant_label))), codes)


def _link(download: Download, now: dt.datetime) -> Link:
    left = download.allowed - download.used
    is_open = left > 0 and download.expires_at > now
    return Link(
        name=download.file.name,
        path=reverse("orders:download", args=[download.token]),
        note=left_text(left, download.expires_at) if is_open else _("This link has run out."),
        is_open=is_open,
    )


def left_text(left: int, expires_at: dt.datetime) -> str:
    """ "4 downloads left, until 24 December 2026"."""
    day = {"day": longdate(expires_at.date()), "count": left}
    return (
        ngettext(
            "%(count)s download left, until %(day)s",
            "%(count)s downloads left, until %(day)s",
            left,
        )
        % day
    )
