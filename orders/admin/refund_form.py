"""What staff are asked before money goes back: what for, how much, where to and why."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from orders.models import Order, OrderLine
from payments.models import GrantedRefund
from payments.services.grant_sums import Rest
from payments.services.grants import Asked
from shop.admin.kit import NumberInput, Select, TextInput
from shop.lib.money import ZERO, round_money
from shop.templatetags.shop_text import money


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the order beside its field. waits: units that have not left yet."""

    line: OrderLine
    left: int
    worth: Decimal
    field: forms.BoundField

    @property
    def waits(self) -> int:
        return min(self.left, self.line.unfulfilled) if self.line.is_shipped else 0


class RefundForm(forms.Form):
    """Units by line, delivery, an amount on top. is_final: the reason has to be there as well."""

    to = forms.ChoiceField(
        label=lazy("Where it goes"), choices=GrantedRefund.To.choices, widget=Select()
    )
    reason = forms.CharField(
        label=lazy("Reason"),
        max_length=200,
        help_text=lazy("Kept with the refund; staff read it."),
        widget=TextInput(),
    )
    key = forms.UUIDField(widget=forms.HiddenInput())

    def __init__(
        self, data: Any, *, order: Order, rests: Sequence[Rest], is_final: bool = False
    ) -> None:
        super().__init__(data, initial={"key": uuid.uuid4()})
        self.order = order
        self.rests = [rest for rest in rests if rest.tax_line.line and rest.units]
        self.delivery_left = sum((one.gross for one in rests if not one.tax_line.line), ZERO)
        self.most = sum((one.gross for one in rests), ZERO)
        self.fields["reason"].required = is_final
        for rest in self.rests:
            self.fields[_name(rest)] = _units(rest)
        if self.delivery_left:
            self.fields["delivery"] = self._amount(_("Delivery"), self.delivery_left)
        self.fields["goodwill"] = self._amount(_("An amount on top"), self.most)

    def _amount(self, label: str, most: Decimal) -> forms.DecimalField:
        currency = self.order.currency
        words = _("Up to %(most)s, tax included.") % {"most": money(most, currency)}
        return forms.DecimalField(
            label=label,
            required=False,
            min_value=ZERO,
            max_value=most,
            max_digits=14,
            decimal_places=3,
            help_text=words,
            widget=TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        )

    @property
    def rows(self) -> list[Row]:
        return [
            Row(line, rest.units, rest.gross, self[_name(rest)])
            for rest in self.rests
            if (line := rest.tax_line.line)
        ]

    @property
    def amounts(self) -> list[forms.BoundField]:
        return [self[name] for name in ("delivery", "goodwill") if name in self.fields]

    def asked(self) -> Asked:
        data = self.cleaned_data
        units = {
            rest.tax_line.line.pk: data.get(_name(rest)) or 0
            for rest in self.rests
            if rest.tax_line.line
        }
        return Asked(units, data.get("delivery") or ZERO, data.get("goodwill") or ZERO)

    def everything(self) -> dict[str, Any]:
        """The answers that give back all that is left."""
        answers: dict[str, Any] = {_name(rest): rest.units for rest in self.rests}
        if self.delivery_left:
            answers["delivery"] = round_money(self.delivery_left, self.order.currency)
        return answers


def _name(rest: Rest) -> str:
    assert rest.tax_line.line  # noqa: S101 - delivery has no units
    return f"units_{rest.tax_line.line.pk}"


def _units(rest: Rest) -> forms.IntegerField:
    line = rest.tax_line.line
    label = _("Units of %(title)s") % {"title": line.title if line else ""}
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=rest.units,
        widget=NumberInput(attrs={"min": 0, "max": rest.units, "aria-label": label}),
    )
