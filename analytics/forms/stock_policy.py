"""How a variant is stocked, as staff set it."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _

from inventory.models import StockPolicy

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[StockPolicy]
else:
    ModelForm = forms.ModelForm


class PolicyForm(ModelForm):
    class Meta:
        model = StockPolicy
        fields = (
            *("selling", "limit", "lead_days", "available_on", "tracks_batches", "days_fresh"),
            *("is_reordered", "service_level"),
        )
        widgets = {"available_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        selling = cleaned.get("selling")
        if selling == StockPolicy.Selling.PREORDER and not cleaned.get("available_on"):
            self.add_error("available_on", _("A pre-order needs its first day."))
        if selling != StockPolicy.Selling.SHELF and not cleaned.get("limit"):
            self.add_error("limit", _("Say how many may be promised at most."))
        return cleaned

    def clean_service_level(self) -> Any:
        level = self.cleaned_data["service_level"]
        if level is not None and not 0.5 <= level <= 0.999:
            raise forms.ValidationError(_("Between 0.5 and 0.999."))
        return level
