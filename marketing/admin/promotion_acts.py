"""What is done with several promotions at once: each says how it went, on a page of its own."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from marketing.admin.promotion_state import State, state_of
from marketing.models import Benefit, Coupon, Promotion

NAME_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the report. is_done: something changed."""

    name: str
    link: str
    is_done: bool
    words: str


Act = Callable[[Promotion, dt.datetime], Row]


def page_of(pk: int) -> str:
    return reverse("admin:marketing_promotion_change", args=[pk])


def _row(promotion: Promotion, words: str, *, is_done: bool = True) -> Row:
    return Row(promotion.name, page_of(promotion.pk), is_done, words)


def switch_on(promotion: Promotion, now: dt.datetime) -> Row:
    if promotion.is_active:
        return _row(promotion, _("It was on already."), is_done=False)
    if not Benefit.objects.filter(promotion=promotion).exists():
        return _row(promotion, _("It gives nothing yet: say what they get first."), is_done=False)
    has_code = Coupon.objects.filter(promotion=promotion, is_active=True).exists()
    if not (promotion.is_automatic or has_code):
        return _row(promotion, _("It wants a code and has none: make one first."), is_done=False)
    promotion.is_active = True
    promotion.save(update_fields=["is_active"])
    match state_of(promotion, now):
        case State.OVER:
            return _row(promotion, _("It is on, but its time is over: give it a later end."))
        case State.PLANNED:
            return _row(promotion, _("It is on, and waits for its day."))
    return _row(promotion, _("It is on."))


def switch_off(promotion: Promotion, now: dt.datetime) -> Row:  # noqa: ARG001 — as every act is called
    if not promotion.is_active:
        return _row(promotion, _("It was off already."), is_done=False)
    promotion.is_active = False
    promotion.save(update_fields=["is_active"])
    return _row(promotion, _("It is off."))


def end_now(promotion: Promotion, now: dt.datetime) -> Row:
    """What runs ends; what is yet to begin is switched off, for it can't end before it begins."""
    match state_of(promotion, now):
        case State.OVER:
            return _row(promotion, _("It was over already."), is_done=False)
        case State.OFF:
            return _row(promotion, _("It is off: there is nothing to end."), is_done=False)
        case State.PLANNED:
            return switch_off(promotion, now)
    promotion.ends_at = now
    promotion.save(update_fields=["ends_at"])
    return _row(promotion, _("It ended now."))


def duplicate(promotion: Promotion, now: dt.datetime) -> Row:  # noqa: ARG001 — as every act is called
    twin = copy(promotion)
    return Row(twin.name, page_of(twin.pk), True, _("A copy: off, without codes and uses."))  # noqa: FBT003


@transaction.atomic
def copy(promotion: Promotion) -> Promotion:
    """A promotion like this one, off, without codes and uses."""
    rules: list[Any] = [*promotion.conditions.order_by("pk"), *promotion.benefits.order_by("pk")]
    twin = Promotion.objects.get(pk=promotion.pk)
    end = _(" (copy)")
    twin.name = f"{twin.name[: NAME_LENGTH - len(end)]}{end}"
    twin.pk, twin.uses, twin.is_active = None, 0, False
    twin._state.adding = True  # noqa: SLF001 — how Django copies a row
    twin.save()
    for rule in rules:
        type(rule)._default_manager.create(  # noqa: SLF001
            promotion=twin, kind=rule.kind, params=rule.params, position=rule.position
        )
    return twin


ACTS: dict[str, tuple[str | Promise, Act]] = {
    "switch_on": (lazy("Switch on"), switch_on),
    "switch_off": (lazy("Switch off"), switch_off),
    "end_now": (lazy("End now"), end_now),
    "duplicate": (lazy("Duplicate"), duplicate),
}
