"""What a sale is by now, and what is done with several at once."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from catalog.models import Sale, SaleEntry
from shop.processes import pricing


class State(StrEnum):
    RUNNING = "running"
    PLANNED = "planned"
    OVER = "over"
    DONE = "done"
    OFF = "off"


WORDS: dict[State, str | Promise] = {
    State.RUNNING: lazy("Running"),
    State.PLANNED: lazy("Planned"),
    State.OVER: lazy("Over"),
    State.DONE: lazy("Became the price"),
    State.OFF: lazy("Off"),
}
TONES = {State.RUNNING: "success", State.PLANNED: "info"}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the report. is_done: something changed."""

    name: str
    link: str
    is_done: bool
    words: str


Act = Callable[[Sale, dt.datetime], Row]


def state_of(sale: Sale, now: dt.datetime) -> State:
    if sale.applied_at is not None:
        return State.DONE
    if not sale.is_active:
        return State.OFF
    if sale.ends_at is not None and sale.ends_at <= now:
        return State.OVER
    return State.PLANNED if sale.starts_at > now else State.RUNNING


def in_state(state: str, now: dt.datetime) -> Q:
    over, planned = Q(ends_at__lte=now), Q(starts_at__gt=now)
    is_on = Q(is_active=True, applied_at=None)
    found: dict[str, Q] = {
        State.DONE: Q(applied_at__isnull=False),
        State.OFF: Q(is_active=False, applied_at=None),
        State.OVER: is_on & over,
        State.PLANNED: is_on & planned & ~over,
        State.RUNNING: is_on & ~planned & (Q(ends_at=None) | ~over),
    }
    return found.get(state, Q())


def _row(sale: Sale, words: str, *, is_done: bool = True) -> Row:
    page = reverse("admin:catalog_sale_change", args=[sale.pk])
    return Row(sale.name, page, is_done, words)


def switch_off(sale: Sale, now: dt.datetime) -> Row:
    if sale.applied_at is not None:
        return _row(sale, _("It became the price: there is nothing to switch off."), is_done=False)
    if not sale.is_active:
        return _row(sale, _("It was off already."), is_done=False)
    sale.is_active = False
    sale.save(update_fields=["is_active"])
    pricing.sale_saved(sale=sale, now=now)
    return _row(sale, _("It is off; prices go back within a minute."))


def end_now(sale: Sale, now: dt.datetime) -> Row:
    """What runs ends; what is yet to begin is switched off, for it can't end before it begins."""
    match state_of(sale, now):
        case State.RUNNING:
            sale.ends_at = now
            sale.save(update_fields=["ends_at"])
            pricing.sale_saved(sale=sale, now=now)
            return _row(sale, _("It ended now; prices go back within a minute."))
        case State.PLANNED:
            return switch_off(sale, now)
    return _row(sale, _("There is nothing to end."), is_done=False)


def duplicate(sale: Sale, now: dt.datetime) -> Row:  # noqa: ARG001 — as every act is called
    return _row(copy(sale), _("A copy, with its prices: switched off."))


@transaction.atomic
def copy(sale: Sale) -> Sale:
    """A sale like this one with its entries, off."""
    entries = list(SaleEntry.objects.filter(sale=sale.pk))
    twin, end = Sale.objects.get(pk=sale.pk), _(" (copy)")
    twin.pk, twin.is_active, twin.applied_at = None, False, None
    twin.name = f"{twin.name[: 80 - len(end)]}{end}"
    twin._state.adding = True  # noqa: SLF001 — how Django copies a row
    twin.save()
    SaleEntry.objects.bulk_create(
        SaleEntry(sale=twin, variant_id=e.variant_id, market_id=e.market_id, amount=e.amount)
        for e in entries
    )
    return twin


ACTS: dict[str, tuple[str | Promise, Act]] = {
    "end_now": (lazy("End now"), end_now),
    "switch_off": (lazy("Switch off"), switch_off),
    "duplicate": (lazy("Duplicate"), duplicate),
}
