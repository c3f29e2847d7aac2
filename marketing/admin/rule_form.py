"""The form of one rule: what kind it is, and the details of that kind. Other kinds' stay unread."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext as _

from marketing.admin.rule_offers import Offers
from marketing.admin.rule_parts import Part
from marketing.queries.params import BadParams
from shop.admin.kit import Select

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Any]
else:
    ModelForm = forms.ModelForm

Parts = Mapping[str, Sequence[Part]]


@dataclass(frozen=True, slots=True)
class Group:
    """A detail as the page shows it. kinds: CSS classes of the kinds that have it."""

    label: str
    help_text: str
    layout: str
    kinds: str
    fields: list[Any]
    rows: list[list[Any]]


class RuleForm(ModelForm):
    """Made by rule_form(), which adds the details of all kinds."""

    parts: ClassVar[Parts] = {}
    offers: ClassVar[Offers]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part in self.parts.get(self.instance.kind, ()) if self.instance.pk else ():
            self.initial.update(part.read(self.instance.params))

    # Reads what is kept; raises BadParams.
    reader: ClassVar[Any]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind = cleaned.get("kind") or ""
        asked = self.parts.get(kind, ())
        self._forgive(asked)
        if not kind:
            self.add_error("kind", _("Say what kind it is, or take the row away."))
            return cleaned
        for part in asked:
            for name, words in part.problems(cleaned).items():
                self.add_error(name, str(words))
        params = self._params(asked, cleaned)
        if not self.errors:
            for key, words in self._problems(kind, params).items():
                self.add_error(self._field_of(asked, key), words)
        self.instance.params = params
        return cleaned

    def _forgive(self, asked: Sequence[Part]) -> None:
        """What is wrong with details of another kind does not matter: nobody sees them."""
        meant = {"kind", "id", "promotion", forms.formsets.DELETION_FIELD_NAME}
        meant |= {name for part in asked for name in part.fields(self.offers)}
        for name in [one for one in self.errors if one not in meant]:
            del self.errors[name]

    def _params(self, asked: Sequence[Part], cleaned: dict[str, Any]) -> dict[str, Any]:
        params: dict[str, Any] = {}
        for part in asked:
            written = part.write(cleaned)
            names = list(part.fields(self.offers))
            if part.needed and not written and not self._is_told(names):
                self.add_error(names[0], str(part.needed))
            params |= written
        return params

    def _problems(self, kind: str, params: dict[str, Any]) -> Mapping[str, str]:
        try:
            type(self).reader(kind, params)
        except BadParams as refusal:
            return refusal.problems
        return {}

    def _is_told(self, names: Iterable[str]) -> bool:
        return any(name in self.errors for name in names)

    def _field_of(self, asked: Sequence[Part], key: str) -> str | None:
        for part in asked:
            if key in (getattr(part, "key", ""), part.name):
                return next(iter(part.fields(self.offers)))
            if place := getattr(part, "places", {}).get(key):
                return str(place)
        return "kind" if key else None

    @property
    def details(self) -> list[Group]:
        """The details in the order of the kinds, each once; which goods comes last."""
        found = sorted(every_part(self.parts), key=lambda part: part.layout == "goods")
        return [self._group(part) for part in found]

    def _group(self, part: Part) -> Group:
        names = list(part.fields(self.offers))
        kinds = [
            kind
            for kind, parts in self.parts.items()
            if any(one.name == part.name for one in parts)
        ]
        fields = [self[name] for name in names]
        is_alone = len(fields) == 1
        return Group(
            label="" if is_alone else str(part.label),
            help_text="" if is_alone else str(getattr(part, "help_text", "")),
            layout=part.layout,
            kinds=" ".join(f"for-{kind}" for kind in kinds),
            fields=fields,
            rows=_rows(fields) if part.layout == "tiers" else [],
        )


def _rows(fields: list[Any]) -> list[list[Any]]:
    """Cells of a table: the fields after the first, by the number in their names."""
    rows: dict[str, list[Any]] = {}
    for field in fields[1:]:
        rows.setdefault(field.name.split("_")[1], []).append(field)
    return list(rows.values())


def every_part(parts: Parts) -> list[Part]:
    found: dict[str, Part] = {}
    for listed in parts.values():
        for part in listed:
            found.setdefault(part.name, part)
    return list(found.values())


def rule_form(base: type[RuleForm], offers: Offers) -> type[RuleForm]:
    """The form of a rule with the details of every kind, and what can be chosen now."""
    fields: dict[str, Any] = {"offers": offers, "kind": _kinds(base)}
    for part in every_part(base.parts):
        fields |= part.fields(offers)
    return type(base.__name__, (base,), fields)


def _kinds(base: type[RuleForm]) -> forms.ChoiceField:
    """What the page shows the details of: see the style sheet."""
    kinds = base._meta.model.Kind.choices  # noqa: SLF001
    return forms.ChoiceField(
        label=_("Kind"),
        choices=[("", _("– choose –")), *kinds],
        required=False,
        widget=Select(attrs={"class": "rule__kind"}),
    )
