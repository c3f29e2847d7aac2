"""What staff say of goods they want to send."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models.functions import Upper
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.services.places import country_names
from catalog.models import Market, Variant
from shipping.models import Zone
from shop.admin.kit import Select, Textarea, TextInput

MOST_LINES = 50


class TrialForm(forms.Form):
    """goods: a SKU on each line, with the number of pieces behind it."""

    market = forms.ChoiceField(label=lazy("Market"), widget=Select())
    country = forms.ChoiceField(label=lazy("Goes to"), widget=Select())
    postcode = forms.CharField(
        label=lazy("Postcode"), max_length=16, required=False, widget=TextInput()
    )
    goods = forms.CharField(
        label=lazy("Goods"),
        max_length=4000,
        help_text=lazy("A SKU on each line; how many, behind it: “MUG-1 3”."),
        widget=Textarea(attrs={"rows": "5", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.markets = {one.code: one for one in Market.objects.in_order()}
        codes = {code for zone in Zone.objects.all() for code in zone.countries}
        self._offer("market", [(code, one.name) for code, one in self.markets.items()])
        self._offer("country", country_names(sorted(codes)))

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_goods(self) -> list[tuple[Variant, int]]:
        typed = [line.split() for line in self.cleaned_data["goods"].splitlines() if line.split()]
        skus = {words[0].upper() for words in typed[:MOST_LINES]}
        rows = Variant.objects.annotate(key=Upper("sku")).filter(key__in=skus)
        found = {one.key: one for one in rows.select_related("product__category")}
        return [_line(words, found) for words in typed[:MOST_LINES]]


def _line(words: list[str], found: Mapping[str, Variant]) -> tuple[Variant, int]:
    sku, *rest = words
    if sku.upper() not in found:
        raise forms.ValidationError(_("There is no piece with the SKU “%(sku)s”.") % {"sku": sku})
    units = rest[0] if rest else "1"
    if not (units.isascii() and units.isdigit() and 0 < len(units) <= 3 and int(units)):
        told = _("How many of %(sku)s? Write a number from 1 to 999 behind it.")
        raise forms.ValidationError(told % {"sku": sku})
    return found[sku.upper()], int(units)
