from django import forms
from django.utils.translation import gettext_lazy as _


class CodeForm(forms.Form):
    """A gift card's code, as typed from a mail or read from paper."""

    code = forms.CharField(
        label=_("Code of the gift card"),
        max_length=80,
        help_text=_("Sixteen letters and digits. Capitals, spaces and dashes don't matter."),
        error_messages={"required": _("Enter the code from the mail.")},
    )
