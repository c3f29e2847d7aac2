"""The form of a risk rule: one per kind, whose fields say what they mean."""

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.models import Market
from payments.models import RiskRule
from payments.services.risk.params import BY, CHECKS, LEVELS, BadParams, read
from shop.admin.kit import CheckboxSelectMultiple, NumberInput, Select, Textarea, TextInput

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    ModelForm = forms.ModelForm[RiskRule]
    Words = StrOrPromise
else:
    ModelForm = forms.ModelForm
    Words = str | Promise

Params = Mapping[str, Any]
Kind = RiskRule.Kind
Choices = list[tuple[str, Words]]
LINES = _("One in each line.")
BY_NAMES: Choices = list(
    zip(BY, (_("card"), _("e-mail"), _("internet address")), strict=True),
)
CHECK_NAMES: Choices = list(zip(CHECKS, (_("Postcode"), _("CVC")), strict=True))
LEVEL_NAMES: Choices = list(zip(LEVELS, (_("Elevated"), _("Highest")), strict=True))


def _number(label: Words, least: int, most: int, initial: int) -> forms.IntegerField:
    attrs = {"min": least, "max": most}
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        initial=initial,
        widget=NumberInput(attrs=attrs),
    )


def _lines(label: Words, help_text: Words) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=20_000,
        widget=Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )


def _split(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class RuleForm(ModelForm):
    """settings: the fields that are kept as params under their own names."""

    kind: ClassVar[str] = ""
    settings: ClassVar[tuple[str, ...]] = ()

    class Meta:
        model = RiskRule
        fields = ("name", "score", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial.update(self.shown(self.instance.params))

    def shown(self, params: Params) -> dict[str, Any]:
        """Values of the fields, from what is kept."""
        return {name: params[name] for name in self.settings if name in params}

    def kept(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """What is kept, from values of the fields."""
        return {name: cleaned.get(name) for name in self.settings}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        params = self.kept(cleaned)
        if not self.errors:
            try:
                read(self.kind, params)
            except BadParams as problem:
                self.add_error(problem.key if problem.key in self.fields else None, problem.words)
        self.instance.kind, self.instance.params = self.kind, params
        return cleaned


class VelocityForm(RuleForm):
    kind = Kind.VELOCITY
    settings = ("by", "orders", "hours")
    by = forms.ChoiceField(label=_("With the same"), choices=BY_NAMES, widget=Select())
    orders = _number(_("From which order on (3: the third)"), 2, 999, 3)
    hours = _number(_("Within hours"), 1, 2160, 24)


class CountryForm(RuleForm):
    kind = Kind.COUNTRY_MISMATCH
    settings = ("fine",)
    fine = forms.CharField(
        label=_("Overlook cards from"),
        required=False,
        max_length=400,
        help_text=_("Country codes with spaces between, for instance IE NL."),
        widget=TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false"}),
    )

    def shown(self, params: Params) -> dict[str, Any]:
        return {"fine": " ".join(params.get("fine", []))}

    def kept(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        return {"fine": cleaned.get("fine", "").replace(",", " ").upper().split()}


class CheckForm(RuleForm):
    kind = Kind.ADDRESS_CHECK
    settings = ("checks",)
    checks = forms.MultipleChoiceField(
        label=_("Which check failed"), choices=CHECK_NAMES, widget=CheckboxSelectMultiple()
    )


class ValueForm(RuleForm):
    """Made by form_for(), which adds an amount for each currency."""

    kind = Kind.HIGH_VALUE

    def shown(self, params: Params) -> dict[str, Any]:
        return {f"most_{currency}": amount for currency, amount in params.get("most", {}).items()}

    def kept(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """Amounts of currencies that no market has any more are kept as they are."""
        known = dict(self.instance.params.get("most", {}))
        for name, value in cleaned.items():
            if name.startswith("most_"):
                known.pop(currency := name.removeprefix("most_"), None)
                known |= {currency: f"{value:f}"} if isinstance(value, Decimal) else {}
        return {"most": known}


class MailForm(RuleForm):
    kind = Kind.DISPOSABLE_MAIL
    settings = ("also", "fine")
    also = _lines(_("Mail domains that count too"), LINES)
    fine = _lines(_("Mail domains that never count"), LINES)

    def shown(self, params: Params) -> dict[str, Any]:
        return {name: "\n".join(params.get(name, [])) for name in self.settings}

    def kept(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        return {
            name: [one.lower().lstrip("@") for one in _split(cleaned.get(name, ""))]
            for name in self.settings
        }


class ProviderForm(RuleForm):
    kind = Kind.PROVIDER_RISK
    settings = ("levels",)
    levels = forms.MultipleChoiceField(
        label=_("Which level"), choices=LEVEL_NAMES, widget=CheckboxSelectMultiple()
    )


class DeclinesForm(RuleForm):
    kind = Kind.DECLINES
    settings = ("declines", "hours")
    declines = _number(_("From how many refused cards on"), 1, 999, 3)
    hours = _number(_("Within hours"), 1, 2160, 24)


class ListedForm(RuleForm):
    kind = Kind.LISTED
    settings = ("values",)
    values = _lines(
        _("Who and where"),
        _(
            "One in each line: an e-mail, a mail domain (@spam.example), a postcode (NE1 1AA, or "
            "DE 10115 for one country), street and postcode (12 High Street, NE1 1AA), an "
            "internet address or network (203.0.113.0/24)."
        ),
    )

    def shown(self, params: Params) -> dict[str, Any]:
        return {"values": "\n".join(params.get("values", []))}

    def kept(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        return {"values": list(dict.fromkeys(_split(cleaned.get("values", ""))))}


class KnownForm(RuleForm):
    kind = Kind.KNOWN_CUSTOMER
    settings = ("orders", "days")
    orders = _number(_("From how many orders on"), 1, 999, 2)
    days = _number(_("Sent so many days ago, undisputed"), 0, 3650, 30)


FORMS: dict[str, type[RuleForm]] = {
    form.kind: form
    for form in (
        VelocityForm,
        CountryForm,
        CheckForm,
        ValueForm,
        MailForm,
        ProviderForm,
        DeclinesForm,
        ListedForm,
        KnownForm,
    )
}
# What each sign looks at, for who chooses one.
TOLD: dict[str, Words] = {
    Kind.VELOCITY: _("Counts orders with the same card, e-mail or internet address."),
    Kind.COUNTRY_MISMATCH: _("Compares the card's country with where the parcel goes."),
    Kind.ADDRESS_CHECK: _("Counts when the bank says that the postcode or the CVC is another one."),
    Kind.HIGH_VALUE: _("Counts orders over an amount. A currency left empty never counts."),
    Kind.DISPOSABLE_MAIL: _("Knows mail services whose addresses last for minutes."),
    Kind.PROVIDER_RISK: _("Takes the card provider's own warning."),
    Kind.DECLINES: _("Counts refused cards of the same e-mail or internet address."),
    Kind.LISTED: _("Finds people and places you have had trouble with."),
    Kind.KNOWN_CUSTOMER: _(
        "Speaks for signed-in customers whose earlier orders went well: give it points below zero."
    ),
}
NAMES: dict[str, Words] = {kind.value: kind.label for kind in Kind}


def form_for(kind: str) -> type[RuleForm]:
    form = FORMS[kind]
    if form is not ValueForm:
        return form
    currencies = dict.fromkeys(market.currency for market in Market.objects.in_order())
    fields = {f"most_{one}": _amount(one) for one in currencies}
    return type("ValueForm", (ValueForm,), {**fields, "settings": tuple(fields)})


def _amount(currency: str) -> forms.DecimalField:
    return forms.DecimalField(
        label=_("More than, in %s") % currency,
        min_value=Decimal(0),
        max_digits=14,
        decimal_places=2,
        required=False,
        widget=TextInput(attrs={"inputmode": "decimal"}),
    )


class ReplayForm(forms.Form):
    """Fields on_<id> and score_<id> for every rule."""

    days = _number(_("Orders of the last days"), 1, 730, 90)
    hold_from = _number(_("Held from so many points"), 1, 1000, 60)

    def __init__(self, data: Any = None, *, rows: list[RiskRule], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.rows = rows
        for row in rows:
            told = {"name": row.name}
            self.fields[f"on_{row.pk}"] = forms.BooleanField(
                required=False,
                initial=row.is_active,
                widget=forms.CheckboxInput(attrs={"aria-label": _("%(name)s counts") % told}),
            )
            label = _("Points of %(name)s") % told
            self.fields[f"score_{row.pk}"] = forms.IntegerField(
                min_value=-100,
                max_value=100,
                initial=row.score,
                widget=forms.NumberInput(
                    attrs={"class": "input input--short", "aria-label": label}
                ),
            )

    @property
    def lines(self) -> list[tuple[RiskRule, forms.BoundField, forms.BoundField]]:
        return [(row, self[f"on_{row.pk}"], self[f"score_{row.pk}"]) for row in self.rows]

    def chosen(self) -> list[RiskRule]:
        """The ticked rules, with the points that were typed. Not to be saved."""
        found = []
        for row in self.rows:
            if self.cleaned_data[f"on_{row.pk}"]:
                row.score = self.cleaned_data[f"score_{row.pk}"]
                found.append(row)
        return found
