"""What staff say of a basket they want to try."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.models import CustomerGroup
from catalog.models import Market, Variant
from marketing.admin.rule_offers import countries
from marketing.models import Promotion
from shipping.models import Method
from shop.admin.kit import CheckboxSelectMultiple, Select, TextInput
from shop.processes.promotion_trial import Wish
from shop.processes.quoting import Asked

if TYPE_CHECKING:
    GroupsField = forms.ModelMultipleChoiceField[CustomerGroup]
    PromotionField = forms.ModelChoiceField[Promotion]
else:
    GroupsField, PromotionField = forms.ModelMultipleChoiceField, forms.ModelChoiceField

LINES = 6
MINUTE = "%Y-%m-%dT%H:%M"
SKU = {"class": "input input--wide", "list": "skus", "autocomplete": "off", "placeholder": "SKU"}
UNITS = {"class": "input input--short", "type": "number", "min": "1", "max": "999"}


class TrialForm(forms.Form):
    """Lines are fields sku_0, units_0 and so on."""

    market = forms.ChoiceField(label=lazy("Market"), required=False, widget=Select())
    country = forms.ChoiceField(
        label=lazy("Goes to"),
        required=False,
        help_text=lazy("Empty: the market's home."),
        widget=Select(),
    )
    method = forms.ChoiceField(label=lazy("Delivery"), required=False, widget=Select())
    email = forms.EmailField(
        label=lazy("Customer's e-mail"),
        required=False,
        help_text=lazy("Earlier orders of this address count."),
        widget=TextInput(attrs={"type": "email"}),
    )
    is_signed_in = forms.BooleanField(
        label=lazy("is signed in: groups, segments and cards count"), required=False
    )
    groups = GroupsField(
        label=lazy("belongs to (then is signed in)"),
        queryset=CustomerGroup.objects.order_by("name"),
        required=False,
        widget=CheckboxSelectMultiple(),
    )
    code = forms.CharField(
        label=lazy("Codes"),
        max_length=400,
        required=False,
        help_text=lazy("Several with spaces between."),
        widget=TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false"}),
    )
    at = forms.DateTimeField(
        label=lazy("Day and time"),
        required=False,
        help_text=lazy("In the shop's time. Empty: now."),
        input_formats=[MINUTE, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=TextInput(attrs={"type": "datetime-local"}),
    )
    promotion = PromotionField(
        label=lazy("As if this one ran"),
        queryset=Promotion.objects.order_by("name", "pk"),
        required=False,
        empty_label=lazy("– only what runs then –"),
        help_text=lazy("Even if it is off, planned or over; with a code if it wants one."),
        widget=Select(),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.markets = list(Market.objects.in_order())
        self._offer("market", [(one.code, f"{one.name} ({one.currency})") for one in self.markets])
        self._offer("country", [("", "–"), *countries()])
        methods = Method.objects.filter(is_active=True).order_by("position", "pk")
        cheapest = ("", _("the cheapest"))
        self._offer("method", [cheapest, *methods.values_list("code", "name")])
        for number in range(LINES):
            told = {"number": number + 1}
            self.fields[f"sku_{number}"] = forms.CharField(
                label=_("SKU of line %(number)s") % told,
                max_length=100,
                required=False,
                widget=forms.TextInput(attrs=SKU | {"aria-label": _("SKU %(number)s") % told}),
            )
            self.fields[f"units_{number}"] = forms.IntegerField(
                label=_("Pieces of line %(number)s") % told,
                min_value=1,
                max_value=999,
                required=False,
                initial=1,
                widget=forms.NumberInput(
                    attrs=UNITS | {"aria-label": _("Pieces %(number)s") % told}
                ),
            )

    def _offer(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    @property
    def lines(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"sku_{number}"], self[f"units_{number}"]) for number in range(LINES)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        typed = {number: str(cleaned.get(f"sku_{number}") or "").strip() for number in range(LINES)}
        wanted = [sku.upper() for sku in typed.values() if sku]
        found = {
            variant.key: variant
            for variant in Variant.objects.annotate(key=Upper("sku")).filter(key__in=wanted)
        }
        cleaned["basket"] = basket = []
        for number, sku in typed.items():
            if sku and sku.upper() not in found:
                told = _("There is no piece with the SKU “%(sku)s”.") % {"sku": sku}
                self.add_error(f"sku_{number}", told)
            elif sku:
                basket.append((found[sku.upper()], cleaned.get(f"units_{number}") or 1))
        if not wanted:
            raise ValidationError(_("Put at least one SKU into the basket."))
        return cleaned

    @property
    def now(self) -> dt.datetime:
        at: dt.datetime | None = self.cleaned_data.get("at")
        return at or timezone.now()

    def wish(self) -> Wish:
        """What to try, once the form is valid."""
        cleaned = self.cleaned_data
        chosen = next((one for one in self.markets if one.code == cleaned["market"]), None)
        market = chosen or self.markets[0]
        groups = list(cleaned["groups"])
        return Wish(
            market=market,
            lines=_together(cleaned["basket"]),
            asked=Asked(
                country=cleaned["country"] or market.home_country,
                shipping_method=cleaned["method"],
                email=cleaned["email"],
            ),
            codes=cleaned["code"].replace(",", " ").split(),
            is_signed_in=cleaned["is_signed_in"] or bool(groups),
            groups=groups,
            promotion=cleaned["promotion"],
        )


def _together(basket: list[tuple[Variant, int]]) -> list[tuple[Variant, int]]:
    """One line per variant, as a cart has it."""
    units: dict[int, int] = {}
    for variant, count in basket:
        units[variant.pk] = units.get(variant.pk, 0) + count
    variants = {variant.pk: variant for variant, _count in basket}
    return [(variants[pk], min(count, 999)) for pk, count in units.items()]
