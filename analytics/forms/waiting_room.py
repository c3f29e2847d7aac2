"""How the waiting room before the checkout is opened."""

from django import forms
from django.utils.translation import gettext_lazy as _

MOST = 60_000


class WaitingRoomForm(forms.Form):
    per_minute = forms.IntegerField(
        label=_("Shoppers let in per minute"),
        help_text=_("0 lets nobody in until you enter another number."),
        min_value=0,
        max_value=MOST,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
