"""What a product's page says of its state, and the buttons that lead on from there."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from catalog.models import Product
from catalog.queries import preview
from catalog.services import products
from shop.templatetags.shop_text import moment

Status = Product.Status
TONES = {
    Status.IDEA: "default",
    Status.SOURCING: "default",
    Status.DRAFT: "warning",
    Status.ACTIVE: "success",
    Status.PHASE_OUT: "info",
    Status.ARCHIVED: "default",
}
# Buttons that are more than a move to a status.
STEPS: Mapping[str, Callable[..., None]] = {
    "publish": products.publish_now,
    "schedule": products.schedule,
}
WORDS: Mapping[str, str | Promise] = {
    "publish": lazy("Publish now"),
    "schedule": lazy("Schedule"),
    Status.IDEA: lazy("Back to the ideas"),
    Status.SOURCING: lazy("Look for a maker"),
    Status.DRAFT: lazy("Write it up"),
    Status.PHASE_OUT: lazy("Sell out"),
    Status.ACTIVE: lazy("Sell on"),
    Status.ARCHIVED: lazy("Archive"),
}
FIRST: Mapping[str, Sequence[str]] = {
    Status.IDEA: (Status.SOURCING, Status.DRAFT),
    Status.SOURCING: (Status.DRAFT,),
    Status.DRAFT: ("publish", "schedule"),
    Status.ACTIVE: (Status.PHASE_OUT,),
    Status.PHASE_OUT: (Status.ACTIVE,),
    Status.ARCHIVED: (Status.DRAFT,),
}


@dataclass(frozen=True, slots=True)
class Button:
    value: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """words, tone: the label. told: what it means for shoppers, in a sentence."""

    words: str
    tone: str
    told: str
    missing: Sequence[str]
    first: Sequence[Button]
    further: Sequence[Button]
    preview_url: str
    can_change: bool
    can_add: bool


def state_of(product: Product, *, now: dt.datetime, can_change: bool, can_add: bool) -> State:
    waits = product.status in Product.SOLD and not product.is_on_sale(now=now)
    first = [_button(product, value) for value in _first(product, now)]
    taken = {button.value for button in first}
    further = [
        _button(product, value) for value in products.moves_of(product) if value not in taken
    ]
    # To be active is said by "Publish now" or "Schedule" where a product is not sold yet.
    kept = [one for one in further if one.value != Status.ACTIVE]
    return State(
        words=str(_("Scheduled") if waits and _begins(product, now) else _named(product, waits)),
        tone="info" if waits else TONES[Status(product.status)],
        told=_told(product, now),
        missing=[] if product.is_on_sale(now=now) else products.missing_to_sell(product),
        first=first if can_change else [],
        further=kept if can_change else [],
        preview_url=preview.address(product) if preview.has_page(product) else "",
        can_change=can_change,
        can_add=can_add,
    )


def move(*, product: Product, step: str, now: dt.datetime) -> None:
    """Do what a button says. Raises MoveRefused, NotReady."""
    if step in STEPS:
        STEPS[step](product=product, now=now)
    elif step in Status.values:
        products.move(product=product, to=step, now=now)
    else:
        raise products.MoveRefused(_("There is no such step."))


def _first(product: Product, now: dt.datetime) -> Sequence[str]:
    if product.status == Status.ACTIVE and not product.is_on_sale(now=now):
        return ("publish",)
    return FIRST[product.status]


def _button(product: Product, value: str) -> Button:
    if value == Status.DRAFT and product.status in Product.SOLD:
        return Button(value, _("Take off sale"))
    return Button(value, str(WORDS[value]))


def _begins(product: Product, now: dt.datetime) -> bool:
    return product.published_at is not None and product.published_at > now


def _named(product: Product, waits: bool) -> str:  # noqa: FBT001 — says what the caller found
    return _("Over") if waits else product.get_status_display()


def _told(product: Product, now: dt.datetime) -> str:
    start, end = product.published_at, product.unpublished_at
    if product.status not in Product.SOLD:
        return _("Shoppers don't see it.")
    if start and start > now:
        return _("Shoppers see it from %(when)s on.") % {"when": moment(start)}
    if end and end <= now:
        return _("Shoppers saw it until %(when)s.") % {"when": moment(end)}
    if end:
        return _("Shoppers see it until %(when)s.") % {"when": moment(end)}
    if product.status == Status.PHASE_OUT:
        return _("Shoppers buy what is left; nothing is ordered again.")
    return _("Shoppers see it.")
