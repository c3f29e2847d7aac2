"""What may be set for several products at once; a field that is left alone changes nothing."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from catalog.models import Category, Market, Product, ProductType
from catalog.services.imports.cells import BadCell
from catalog.services.round_trip.planning import Ending, NewPrice, Was, Wish
from catalog.services.round_trip.widgets import Moment, Tags
from shop.admin.kit import CheckboxSelectMultiple, NumberInput, Select, TextInput

LEAVE = ("", lazy("– leave as it is –"))
EMPTIED = {
    "category": lazy("category"),
    "brand": lazy("brand"),
    "tags": lazy("tags"),
    "published_at": lazy("on sale from"),
}
SET = ("status", "category", "type", "brand", "published_at")


class SeveralForm(forms.Form):
    """`ids` are the chosen products, kept from page to page."""

    ids = forms.CharField(widget=forms.HiddenInput(), max_length=20_000)
    status = forms.ChoiceField(label=lazy("Status"), required=False, widget=Select())
    category = forms.ChoiceField(label=lazy("Category"), required=False, widget=Select())
    type = forms.ChoiceField(label=lazy("Type"), required=False, widget=Select())
    brand = forms.CharField(label=lazy("Brand"), max_length=100, required=False, widget=TextInput())
    published_at = forms.CharField(
        label=lazy("On sale from"),
        required=False,
        help_text=lazy("2026-03-01 09:00"),
        widget=TextInput(),
    )
    more_tags = forms.CharField(
        label=lazy("Add tags"), required=False, help_text=lazy("between commas"), widget=TextInput()
    )
    fewer_tags = forms.CharField(label=lazy("Take tags away"), required=False, widget=TextInput())
    emptied = forms.MultipleChoiceField(
        label=lazy("Empty"),
        choices=list(EMPTIED.items()),
        required=False,
        widget=CheckboxSelectMultiple(),
    )
    market = forms.ChoiceField(label=lazy("Prices in"), required=False, widget=Select())
    per_cent = forms.DecimalField(
        label=lazy("Change by per cent"),
        min_value=Decimal(-95),
        max_value=Decimal(1000),
        max_digits=7,
        decimal_places=3,
        required=False,
        help_text=lazy("-10 takes a tenth off"),
        widget=NumberInput(),
    )
    amount = forms.DecimalField(
        label=lazy("Or set to"),
        min_value=Decimal(0),
        max_value=Decimal(1_000_000),
        max_digits=14,
        decimal_places=3,
        required=False,
        widget=NumberInput(),
    )
    ending = forms.ChoiceField(
        label=lazy("Rounded"), choices=Ending.choices, required=False, widget=Select()
    )
    was = forms.ChoiceField(
        label=lazy("Earlier price"), choices=Was.choices, required=False, widget=Select()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.markets = list(Market.objects.in_order())
        shelves = Category.objects.order_by("path").values_list("url_path", "name", "depth")
        types = ProductType.objects.order_by("name").values_list("code", "name")
        indented = [(path, f"{'— ' * (depth - 1)}{name}") for path, name, depth in shelves]
        self._offer("status", [LEAVE, *Product.Status.choices])
        self._offer("category", [LEAVE, *indented])
        self._offer("type", [LEAVE, *types])
        markets = [(one.code, f"{one.name} ({one.currency})") for one in self.markets]
        self._offer("market", [("", _("all markets")), *markets])

    def _offer(self, name: str, choices: Sequence[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_ids(self) -> list[int]:
        written = self.cleaned_data["ids"].split(",")
        return [int(one) for one in written if one.isdecimal() and len(one) < 18]

    def clean_published_at(self) -> str:
        written = self.cleaned_data["published_at"].strip()
        try:
            return Moment().render(Moment().clean(written)) if written else ""
        except BadCell as refusal:
            raise ValidationError(refusal.message) from None

    def clean_more_tags(self) -> list[str]:
        return self._tags("more_tags")

    def clean_fewer_tags(self) -> list[str]:
        return self._tags("fewer_tags")

    def _tags(self, name: str) -> list[str]:
        try:
            tags: list[str] = Tags().clean(self.cleaned_data[name])
        except BadCell as refusal:
            raise ValidationError(refusal.message) from None
        return tags

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("per_cent") is not None and cleaned.get("amount") is not None:
            self.add_error("amount", _("Give a change in per cent or an amount, not both."))
        for name in cleaned.get("emptied", ()):
            if name in SET and cleaned.get(name):
                self.add_error(name, _("It can't be set and emptied."))
        if not self.errors and not self._asks(cleaned):
            raise ValidationError(_("Nothing is to be changed: fill in at least one field."))
        return cleaned

    def _asks(self, cleaned: dict[str, Any]) -> bool:
        names = (*SET, "more_tags", "fewer_tags", "emptied")
        return any(cleaned.get(name) for name in names) or self._prices(cleaned) is not None

    def wish(self) -> Wish:
        """What was asked for, once the form is valid."""
        cleaned = self.cleaned_data
        texts = {name: cleaned[name] for name in SET if cleaned[name]}
        emptied = dict.fromkeys(cleaned["emptied"], "")
        return Wish(
            texts=texts | emptied,
            more_tags=cleaned["more_tags"],
            fewer_tags=cleaned["fewer_tags"],
            price=self._prices(cleaned),
        )

    def _prices(self, cleaned: dict[str, Any]) -> NewPrice | None:
        per_cent, amount = cleaned.get("per_cent"), cleaned.get("amount")
        was = Was(cleaned.get("was") or Was.KEEP)
        if per_cent is None and amount is None and was is not Was.EMPTY:
            return None
        code = cleaned.get("market")
        return NewPrice(
            markets=[one for one in self.markets if code in ("", one.code)],
            per_cent=per_cent,
            amount=amount,
            ending=Ending(cleaned.get("ending") or Ending.EXACT),
            was=was,
        )
