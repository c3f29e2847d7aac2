"""The form of a rule for orders: rows of conditions and of actions, chosen and typed in words."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from orders.models import OrderRule
from orders.services.rules import ACTS, FACTS, BadRule, read_actions, read_conditions
from orders.services.rules.facts import TESTS
from shop.admin.kit import Select, TextInput

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[OrderRule]
else:
    ModelForm = forms.ModelForm

CONDITIONS, ACTIONS = 8, 6
NOTHING = ("", lazy("– nothing –"))
Pair = tuple[str, str]


def _questions() -> list[tuple[str, Any]]:
    """Every fact with every test of its kind, as one sentence to choose."""
    return [
        (f"{fact.code}:{test}", f"{fact.name} {words}")
        for fact in FACTS.values()
        for test, words in TESTS[fact.kind].items()
    ]


def _chooser(label: str, choices: Iterable[tuple[str, Any]]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=[NOTHING, *choices], required=False, widget=Select()
    )


def _value(label: str, **attrs: str) -> forms.CharField:
    widget = TextInput(attrs={"aria-label": label, **attrs})
    return forms.CharField(label=label, max_length=200, required=False, widget=widget)


class OrderRuleForm(ModelForm):
    class Meta:
        model = OrderRule
        fields = ("name", "when", "is_active", "position")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._fill()

    def _fill(self) -> None:
        for number, one in enumerate(self.instance.conditions[:CONDITIONS]):
            self.initial[f"if_{number}"] = f"{one.get('fact')}:{one.get('test')}"
            self.initial[f"is_{number}"] = one.get("value")
        for number, one in enumerate((self.instance.actions or [])[:ACTIONS]):
            self.initial[f"do_{number}"] = one.get("do")
            self.initial[f"with_{number}"] = one.get("value")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        asked = self._rows(cleaned, "if", "is", CONDITIONS)
        wanted = self._rows(cleaned, "do", "with", ACTIONS)
        conditions = [
            {"fact": fact, "test": test, "value": value}
            for fact, test, value in (
                (*question.split(":", 1), value) for _number, question, value in asked
            )
        ]
        actions = [{"do": do, "value": value} for _number, do, value in wanted]
        self._check(conditions, [number for number, *_row in asked])
        self._check_actions(actions, [number for number, *_row in wanted])
        self.instance.conditions, self.instance.actions = conditions, actions
        return cleaned

    def _rows(
        self, cleaned: dict[str, Any], chosen: str, typed: str, most: int
    ) -> list[tuple[int, str, str]]:
        rows = []
        for number in range(most):
            choice = cleaned.get(f"{chosen}_{number}") or ""
            value = (cleaned.get(f"{typed}_{number}") or "").strip()
            if value and not choice:
                self.add_error(f"{chosen}_{number}", _("Choose what this is for."))
            if choice:
                rows.append((number, choice, value))
        return rows

    def _check(self, conditions: list[dict[str, str]], places: Sequence[int]) -> None:
        try:
            read_conditions(conditions)
        except BadRule as bad:
            self.add_error(f"is_{places[bad.position]}", bad.message)

    def _check_actions(self, actions: list[dict[str, str]], places: Sequence[int]) -> None:
        if not actions:
            self.add_error("do_0", _("Say what is to be done."))
        try:
            read_actions(actions)
        except BadRule as bad:
            self.add_error(f"with_{places[bad.position]}", bad.message)


def _fields() -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {}
    for number in range(CONDITIONS):
        told = {"number": number + 1}
        fields[f"if_{number}"] = _chooser(_("Condition %(number)s") % told, _questions())
        fields[f"is_{number}"] = _value(_("compared with") if number == 0 else _("with"))
    acts = [(act.code, f"{act.name} ({act.value})") for act in ACTS.values()]
    for number in range(ACTIONS):
        told = {"number": number + 1}
        fields[f"do_{number}"] = _chooser(_("Action %(number)s") % told, acts)
        fields[f"with_{number}"] = _value(_("which, whom or why"))
    return fields


def rule_form() -> type[OrderRuleForm]:
    """With the words of the language of the moment."""
    return type("RuleForm", (OrderRuleForm,), _fields())


def fieldsets() -> list[tuple[Any, dict[str, Any]]]:
    return [
        (None, {"fields": ("name", "when", "is_active", "position")}),
        (
            _("And all of this is true"),
            {
                "fields": [(f"if_{number}", f"is_{number}") for number in range(CONDITIONS)],
                "description": _(
                    "Nothing chosen: always. Several codes with commas between mean any of them;"
                    " for yes or no write yes or no."
                ),
            },
        ),
        (
            _("Then do this, one after the other"),
            {"fields": [(f"do_{number}", f"with_{number}") for number in range(ACTIONS)]},
        ),
    ]
