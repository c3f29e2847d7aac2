"""Staff's own words for a mail, checked: what can't be filled in is refused."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _

from shop.admin.kit import Select, Textarea
from shop.outbox.kinds import KINDS
from shop.outbox.models import MailText
from shop.outbox.own_words import unknown

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[MailText]
else:
    ModelForm = forms.ModelForm

WORDED = ("subject", "opening", "sms")


class MailTextForm(ModelForm):
    class Meta:
        model = MailText
        fields = ("kind", "language", "subject", "opening", "is_sent", "sms", "is_texted")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("kind", [(kind.code, str(kind.name)) for kind in KINDS.values()])
        self._offer("language", list(settings.LANGUAGES))
        if "opening" in self.fields:
            self.fields["opening"].widget = Textarea(attrs={"rows": 5})
        if "is_texted" in self.fields and not self.instance.pk:
            self.fields["is_texted"].initial = True

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        if field := self.fields.get(name):
            label = field.label
            chosen = forms.ChoiceField(choices=choices, label=label, widget=Select())
            self.fields[name] = chosen

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kind = KINDS.get(data.get("kind") or self.instance.kind)
        if kind is None:
            return data
        for name in WORDED:
            if wrong := unknown(data.get(name) or "", kind.places):
                words = _("This cannot be filled in here: %(what)s. There is: %(known)s.")
                known = ", ".join(f"{{{place}}}" for place in kind.places)
                self.add_error(name, words % {"what": ", ".join(wrong), "known": known})
        if kind.is_needed and data.get("is_sent") is False:
            self.add_error("is_sent", _("This mail has to go out: buyers need it or the law does."))
        if data.get("sms") and not kind.sms:
            self.add_error("sms", _("No text message goes with this mail."))
        return data
