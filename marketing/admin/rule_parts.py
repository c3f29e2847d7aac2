"""Details of a rule: each is a few form fields that are read from its JSON and written back."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketing.admin.rule_offers import Offers
from shop.admin.kit import CheckboxSelectMultiple, NumberInput, TextInput
from shop.lib.money import quantum

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    Words = StrOrPromise
else:
    Words = str | Promise

Params = Mapping[str, Any]
Fields = dict[str, forms.Field]
MOST = Decimal(1_000_000)
HOURS = {"days": "weekdays", "from": "from_hour", "to": "to_hour"}
WEEK = [
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
]


class Part(Protocol):
    """needed: what is said when it is left empty; "" when it may be. layout: how it is shown."""

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> Words: ...
    @property
    def needed(self) -> Words: ...
    @property
    def layout(self) -> str: ...

    def fields(self, offers: Offers) -> Fields:
        """Its fields by their names in the form."""
        ...

    def read(self, params: Params) -> dict[str, Any]:
        """What the fields show, from what is kept."""
        ...

    def write(self, cleaned: Params) -> dict[str, Any]:
        """What is kept; empty when nothing was said."""
        ...

    def problems(self, cleaned: Params) -> dict[str, Words]:
        """What is wrong, by the name of the field."""
        ...


def plain(number: Decimal) -> str:
    """ "10" for 10.00, and never 1E+1."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def amount_field(currency: str, label: Words = "") -> forms.DecimalField:
    attrs = {"step": str(quantum(currency)), "inputmode": "decimal", "type": "number", "min": "0"}
    return forms.DecimalField(
        label=label or currency,
        min_value=Decimal(0),
        max_value=MOST,
        max_digits=14,
        decimal_places=-int(quantum(currency).as_tuple().exponent),
        required=False,
        widget=TextInput(attrs=attrs),
    )


def percent_field(label: Words, help_text: Words = "") -> forms.DecimalField:
    attrs = {"step": "any", "inputmode": "decimal", "type": "number", "min": "0", "max": "100"}
    return forms.DecimalField(
        label=label,
        help_text=help_text,
        min_value=Decimal("0.01"),
        max_value=Decimal(100),
        max_digits=5,
        decimal_places=2,
        required=False,
        widget=TextInput(attrs=attrs),
    )


def count_field(label: Words, least: int, most: int, help_text: Words = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        min_value=least,
        max_value=most,
        required=False,
        widget=NumberInput(attrs={"min": least, "max": most}),
    )


@dataclass(frozen=True, slots=True)
class Simple:
    """What most details have."""

    name: str
    key: str
    label: Words
    needed: Words = ""
    help_text: Words = ""
    layout: str = ""

    def problems(self, cleaned: Params) -> dict[str, Words]:  # noqa: ARG002
        return {}


@dataclass(frozen=True, slots=True)
class Count(Simple):
    least: int = 1
    most: int = 9999

    def fields(self, offers: Offers) -> Fields:  # noqa: ARG002
        return {self.name: count_field(self.label, self.least, self.most, self.help_text)}

    def read(self, params: Params) -> dict[str, Any]:
        return {self.name: params.get(self.key)}

    def write(self, cleaned: Params) -> dict[str, Any]:
        value = cleaned.get(self.name)
        return {} if value is None else {self.key: value}


@dataclass(frozen=True, slots=True)
class Percent(Simple):
    def fields(self, offers: Offers) -> Fields:  # noqa: ARG002
        return {self.name: percent_field(self.label, self.help_text)}

    def read(self, params: Params) -> dict[str, Any]:
        return {self.name: params.get(self.key)}

    def write(self, cleaned: Params) -> dict[str, Any]:
        value = cleaned.get(self.name)
        return {} if value is None else {self.key: plain(value)}


@dataclass(frozen=True, slots=True)
class Amounts(Simple):
    """One amount per currency; where it is empty the promotion is not for that currency."""

    layout: str = "beside"

    def fields(self, offers: Offers) -> Fields:
        return {f"{self.name}_{one}": amount_field(one) for one in offers.currencies}

    def read(self, params: Params) -> dict[str, Any]:
        kept = params.get(self.key) or {}
        return {f"{self.name}_{currency}": amount for currency, amount in kept.items()}

    def write(self, cleaned: Params) -> dict[str, Any]:
        found = amounts_in(cleaned, f"{self.name}_")
        return {self.key: found} if found else {}


def amounts_in(cleaned: Params, prefix: str) -> dict[str, str]:
    """Amounts by currency, of the fields that begin so."""
    return {
        name.removeprefix(prefix): f"{value:f}"
        for name, value in cleaned.items()
        if name.startswith(prefix) and isinstance(value, Decimal)
    }


@dataclass(frozen=True, slots=True)
class Ticks(Simple):
    """Some of a list. coerce: from what a browser sends to what is kept."""

    offered: str = ""
    coerce: Callable[[Any], Any] = str

    def fields(self, offers: Offers) -> Fields:
        return {
            self.name: forms.TypedMultipleChoiceField(
                label=self.label,
                help_text=self.help_text,
                choices=offers.of(self.offered),
                coerce=self.coerce,
                required=False,
                widget=CheckboxSelectMultiple(),
            )
        }

    def read(self, params: Params) -> dict[str, Any]:
        return {self.name: params.get(self.key) or []}

    def write(self, cleaned: Params) -> dict[str, Any]:
        chosen = cleaned.get(self.name)
        return {self.key: list(chosen)} if chosen else {}


@dataclass(frozen=True, slots=True)
class Hours(Simple):
    """Days of the week, and from when to when."""

    places: Mapping[str, str] = field(default_factory=lambda: dict(HOURS))

    def fields(self, offers: Offers) -> Fields:  # noqa: ARG002
        ticks = CheckboxSelectMultiple()
        return {
            "weekdays": forms.TypedMultipleChoiceField(
                label=_("Days"),
                choices=WEEK,
                coerce=int,
                required=False,
                widget=ticks,
                help_text=_("None ticked: every day."),
            ),
            "from_hour": _hour(_("From")),
            "to_hour": _hour(_("To"), _("In the shop's time; 22:00 to 02:00 runs over midnight.")),
        }

    def read(self, params: Params) -> dict[str, Any]:
        hours = {"from_hour": params.get("from"), "to_hour": params.get("to")}
        return {"weekdays": params.get("days") or [], **hours}

    def write(self, cleaned: Params) -> dict[str, Any]:
        kept: dict[str, Any] = {}
        if days := cleaned.get("weekdays"):
            kept["days"] = sorted(days)
        for key, name in (("from", "from_hour"), ("to", "to_hour")):
            if isinstance(at := cleaned.get(name), dt.time):
                kept[key] = f"{at:%H:%M}"
        return kept


def _hour(label: Words, help_text: Words = "") -> forms.TimeField:
    return forms.TimeField(
        label=label,
        help_text=help_text,
        required=False,
        input_formats=["%H:%M", "%H:%M:%S"],
        widget=TextInput(attrs={"type": "time"}),
    )
