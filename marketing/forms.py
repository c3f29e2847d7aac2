"""What those who want to be told type, cleaned."""

from django import forms
from django.utils.translation import gettext_lazy as _

from marketing.models import Alert


class AlertForm(forms.Form):
    """Which piece, what about it, and where to write to."""

    sku = forms.CharField(max_length=64, widget=forms.HiddenInput)
    kind = forms.ChoiceField(choices=Alert.Kind, widget=forms.HiddenInput)
    email = forms.EmailField(
        label=_("Email"),
        max_length=254,
        error_messages={
            "required": _("Enter your email address."),
            "invalid": _("Enter an email address like name@example.com."),
        },
    )
