"""What staff decide about shortages: each with its rights, its question and the process it calls."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from inventory.models import Shortage
from orders.models import OrderLine, OrderLinePart
from shop.admin.kit import TextInput
from shop.processes import shortages
from shop.processes.fulfilment import Parcel

CHANGE = "inventory.change_shortage"


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        required=False,
        help_text=_("Kept with the order; staff read it."),
        widget=TextInput(),
    )


class PieceForm(ReasonForm):
    """Which piece is sent instead, for all the lines that were ticked."""

    field_order = ("sku", "reason")
    sku = forms.CharField(
        label=_("SKU of the other piece"),
        max_length=64,
        help_text=_("It is sent at the price that was paid."),
        widget=TextInput(attrs={"list": "pieces", "autocomplete": "off"}),
    )


class ParcelForm(forms.Form):
    carrier = forms.CharField(label=_("Carrier"), max_length=40, required=False, widget=TextInput())
    tracking_number = forms.CharField(
        label=_("Tracking number"), max_length=60, required=False, widget=TextInput()
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """A filled form, who sent it and when."""

    data: dict[str, Any]
    actor: User
    now: dt.datetime


@dataclass(frozen=True, slots=True)
class Decision:
    """`slug` is the noun in its address; `done` heads the report."""

    slug: str
    rights: tuple[str, ...]
    verb: Promise
    question: Promise
    done: Promise
    form: type[forms.Form]
    run: Callable[[OrderLine, Answer], object]
    is_destructive: bool = False


def _wait(line: OrderLine, answer: Answer) -> object:
    return shortages.wait(
        order_id=line.order_id,
        line_id=line.pk,
        reason=answer.data["reason"],
        actor=answer.actor,
        now=answer.now,
    )


def _substitute(line: OrderLine, answer: Answer) -> object:
    return shortages.substitute(
        order_id=line.order_id,
        line_id=line.pk,
        sku=answer.data["sku"],
        reason=answer.data["reason"],
        actor=answer.actor,
        now=answer.now,
    )


def _split(line: OrderLine, answer: Answer) -> object:
    parcel = Parcel(answer.data["carrier"], answer.data["tracking_number"])
    return shortages.split(
        order_id=line.order_id, parcel=parcel, actor=answer.actor, now=answer.now
    )


def _cancel(line: OrderLine, answer: Answer) -> object:
    return shortages.cancel(
        order_id=line.order_id,
        line_id=line.pk,
        reason=answer.data["reason"],
        actor=answer.actor,
        now=answer.now,
    )


DECISIONS = {
    step.slug: step
    for step in (
        Decision(
            slug="patience",
            rights=(CHANGE,),
            verb=_("Wait"),
            question=_("Let these wait for new stock? Each gets the day it is promised for."),
            done=_("Waiting"),
            form=ReasonForm,
            run=_wait,
        ),
        Decision(
            slug="substitute",
            rights=(CHANGE,),
            verb=_("Send another piece"),
            question=_("Which piece is sent instead? All of the line, at the price that was paid."),
            done=_("Replaced"),
            form=PieceForm,
            run=_substitute,
        ),
        Decision(
            slug="part",
            rights=(CHANGE, "orders.ship_order"),
            verb=_("Send what is there"),
            question=_("Send what is there of these orders now? What is missing follows."),
            done=_("Sent in part"),
            form=ParcelForm,
            run=_split,
        ),
        Decision(
            slug="cancellation",
            rights=(CHANGE, "orders.cancel_order"),
            verb=_("Cancel what is missing"),
            question=_("Cancel what is missing? Its money goes back, and the customer is told."),
            done=_("Cancelled"),
            form=ReasonForm,
            run=_cancel,
            is_destructive=True,
        ),
    )
}


def address(step: Decision, ids: Sequence[int], *, back: str | None = None) -> str:
    """Where a step is asked for these shortages. back: the list's query; None: to the order."""
    query = [("shortage", str(pk)) for pk in ids]
    if back is not None:
        query.append(("back", back))
    page = reverse("admin:inventory_shortage_decision", args=[step.slug])
    return f"{page}?{urlencode(query)}"


def lines_of(rows: Sequence[Shortage]) -> list[tuple[Shortage, OrderLine | None]]:
    """Which line misses what, itself or one of its parts. Two queries."""
    holders = [row.holder for row in rows]
    lines = OrderLine.objects.select_related("order__market", "variant__product")
    found = {line.holder: line for line in lines.filter(holder__in=holders)}
    parts = OrderLinePart.objects.filter(holder__in=holders).select_related("line__order__market")
    found |= {part.holder: part.line for part in parts}
    return [(row, found.get(row.holder)) for row in rows]
