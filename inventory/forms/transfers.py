"""From where to where."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from inventory.models import Location


class NewTransferForm(forms.Form):
    source = forms.ModelChoiceField(label=lazy("From"), queryset=Location.objects.none())
    target = forms.ModelChoiceField(label=lazy("To"), queryset=Location.objects.none())
    note = forms.CharField(label=lazy("Note"), required=False, max_length=200)

    def __init__(self, data: Any = None, *, sources: "QuerySet[Location] | None" = None) -> None:
        super().__init__(data)
        places = Location.objects.filter(is_active=True)
        ours = places if sources is None else sources
        for name, offered in (("source", ours), ("target", places)):
            self.fields[name].queryset = offered.order_by("position", "pk")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("source") and cleaned.get("source") == cleaned.get("target"):
            self.add_error("target", _("From and to are the same place."))
        return cleaned
