"""What staff fill in: where webhooks go, and what they are told of."""

import time
from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from channels.models import WebhookEndpoint
from channels.services.webhooks.terms import KINDS, TOPICS
from shop.admin.kit import CheckboxSelectMultiple, TextInput
from shop.lib.fetch import checked
from shop.lib.network import FetchRefused, Guard, is_public, resolve

if TYPE_CHECKING:
    WebhookBase = forms.ModelForm[WebhookEndpoint]
else:
    WebhookBase = forms.ModelForm


def _choices() -> list[tuple[str, str]]:
    """Each kind as a whole, then its topics."""
    found: list[tuple[str, str]] = []
    for kind in KINDS:
        found.append((f"{kind}.*", _("All of: %(kind)s") % {"kind": f"{kind}.*"}))
        found += [
            (topic, f"{words} ({topic})")
            for topic, words in TOPICS.items()
            if topic.startswith(f"{kind}.")
        ]
    return found


class WebhookForm(WebhookBase):
    url = forms.URLField(
        label=lazy("Address"),
        max_length=500,
        assume_scheme="https",
        widget=TextInput(),
        help_text=lazy("https only, on its usual port, and open to the internet."),
    )
    topics = forms.MultipleChoiceField(
        label=lazy("Told of"), choices=_choices, widget=CheckboxSelectMultiple()
    )

    class Meta:
        model = WebhookEndpoint
        fields = ("name", "url", "topics", "is_active")

    def clean_url(self) -> str:
        """Only what could be asked at all; the name's addresses are checked at every sending."""
        url: str = self.cleaned_data["url"]
        try:
            address = checked(url, Guard(time.monotonic(), frozenset(), resolve))
        except FetchRefused as refusal:
            raise forms.ValidationError(refusal.message) from None
        if address.scheme != "https":
            raise forms.ValidationError(_("Names and addresses travel: only https will do."))
        if _is_inside(address.host):
            raise forms.ValidationError(_("The address leads into a private network."))
        return url


def _is_inside(host: str) -> bool:
    looks_like_a_name = "." in host and not host.replace(".", "").isdigit() and ":" not in host
    return host == "localhost" or not (looks_like_a_name or is_public(host))
