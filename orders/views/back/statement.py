"""The declaration of a withdrawal as it is typed: who, which contract, all of it or which pieces."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.models import Order
from shop.lib.text import clean
from shop.processes import returns
from shop.processes.returns.wanted import Wanted

WHOLE, PART = "whole", "part"


@dataclass(frozen=True, slots=True)
class Piece:
    """A line of a known order. units: that the law lets go back; typed: how many are named."""

    id: int
    title: str
    units: int
    typed: int
    until: dt.date | None

    @property
    def counts(self) -> list[int]:
        return list(range(self.units + 1))


class WithdrawalForm(forms.Form):
    """Whoever has the order's key is known: number and address are the order's own."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, error_messages={"required": _("Enter your name.")}
    )
    number = forms.CharField(
        label=_("Order number"),
        max_length=20,
        error_messages={"required": _("Enter the order number from your mail.")},
    )
    email = forms.EmailField(
        label=_("Email"),
        max_length=254,
        help_text=_("The one you ordered with; the receipt goes there"),
        error_messages={
            "required": _("Enter the email address you ordered with."),
            "invalid": _("Enter an email address like name@example.com."),
        },
    )
    extent = forms.ChoiceField(
        label=_("Withdraw from"),
        choices=[(WHOLE, _("the whole order")), (PART, _("a part of it"))],
        initial=WHOLE,
        error_messages={"required": _("Choose all of it or a part.")},
    )
    pieces = forms.CharField(label=_("Which pieces"), max_length=500, required=False)
    key = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, is_known: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_known = is_known
        if is_known:
            for field in ("number", "email", "pieces"):
                del self.fields[field]

    def clean(self) -> dict[str, Any]:
        data = {
            name: clean(value) if isinstance(value, str) else value
            for name, value in (super().clean() or {}).items()
        }
        if "email" in data:
            data["email"] = data["email"].lower()
        if "number" in data:
            data["number"] = data["number"].lstrip("#").strip()
        if data.get("extent") == PART and not self.is_known and not data.get("pieces"):
            self.add_error("pieces", gettext("Name the pieces you mean."))
        return data

    @property
    def is_part(self) -> bool:
        return bool(self.cleaned_data.get("extent") == PART)

    def is_without_pieces(self, pieces: Sequence[Piece]) -> bool:
        """Notes it as a mistake when a part was chosen and nothing named."""
        if not (self.is_known and self.is_part) or any(one.typed for one in pieces):
            return False
        self.add_error(None, gettext("Choose the pieces you mean, or the whole order."))
        return True

    def listed_errors(self) -> list[tuple[str, str]]:
        """(control id, text) for the summary."""
        return [
            (self[name].id_for_label if name in self.fields else "main", str(texts[0]))
            for name, texts in self.errors.items()
        ]

    def kept(self, pieces: Sequence[Piece], *, key: str) -> list[tuple[str, str]]:
        """Hidden fields that say the same again."""
        data = self.cleaned_data
        names = [name for name in ("name", "number", "email", "extent", "pieces") if data.get(name)]
        named = [(f"units-{one.id}", str(one.typed)) for one in pieces if one.typed]
        return [*((name, data[name]) for name in names), *named, ("key", key)]


def pieces_of(order: Order, data: QueryDict, *, now: dt.datetime) -> list[Piece]:
    """What of an order may be withdrawn from now, with what was typed beside it."""
    verdicts = returns.verdicts(order=order, now=now)
    found = []
    for line in order.lines.order_by("position", "pk"):
        verdict = verdicts[line.pk]
        if verdict.withdraw_units > 0:
            label = f", {line.variant_label}" if line.variant_label else ""
            typed = _units(data.get(f"units-{line.pk}", ""), verdict.withdraw_units)
            found.append(
                Piece(
                    line.pk,
                    f"{line.title}{label}",
                    verdict.withdraw_units,
                    typed,
                    verdict.withdraw_until,
                )
            )
    return found


def _units(text: str, most: int) -> int:
    is_number = text.isascii() and text.isdigit() and len(text) < 6
    return min(int(text), most) if is_number else 0


def chosen(form: WithdrawalForm, pieces: Sequence[Piece]) -> list[Wanted] | None:
    """None: all of it."""
    return [Wanted(one.id, one.typed) for one in pieces if one.typed] if form.is_part else None


def words_of(form: WithdrawalForm, pieces: Sequence[Piece]) -> str:
    """Which pieces, in words; empty for the whole order."""
    if not form.is_part:
        return ""
    if form.is_known:
        return ", ".join(f"{one.typed} × {one.title}" for one in pieces if one.typed)
    return str(form.cleaned_data["pieces"])
