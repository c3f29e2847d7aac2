"""What staff say of a key: its name, what it may do, how often and how long."""

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from channels.models import ApiKey
from channels.services import keys
from shop.admin.kit import CheckboxSelectMultiple

if TYPE_CHECKING:
    KeyBase = forms.ModelForm[ApiKey]
else:
    KeyBase = forms.ModelForm

MOST = 6_000


class KeyForm(KeyBase):
    scopes = forms.MultipleChoiceField(
        label=lazy("May"),
        choices=[(scope, f"{words} ({scope})") for scope, words in keys.SCOPES.items()],
        widget=CheckboxSelectMultiple(),
    )

    class Meta:
        model = ApiKey
        fields = ("name", "scopes", "limit", "expires_at")

    def clean_limit(self) -> int:
        limit: int = self.cleaned_data["limit"]
        if not 1 <= limit <= MOST:
            raise forms.ValidationError(_("Between 1 and %(most)s.") % {"most": MOST})
        return limit
