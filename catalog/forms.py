"""What shoppers fill in beside a piece before it goes into the basket."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from catalog.models import Extra
from catalog.queries.extras import DAYS_AHEAD, Offered, today
from catalog.services import images
from catalog.services.images import PictureRefused
from shop.lib.text import clean
from shop.templatetags.shop_text import money

Kind = Extra.Kind
ACCEPTED = "image/png,image/jpeg,image/webp,image/avif,image/gif"


class OneLine(forms.CharField):
    """Words on one line, without control characters."""

    def to_python(self, value: Any) -> str:
        return " ".join(clean(super().to_python(value) or "").split())


class PictureField(forms.FileField):
    """A picture, written anew from its pixels: cleans to bytes, or None."""

    def clean(self, data: Any, initial: Any = None) -> bytes | None:
        file = super().clean(data, initial)
        if not isinstance(file, UploadedFile):
            return None
        if (file.size or 0) > images.MAX_BYTES:
            raise forms.ValidationError(_("The picture is larger than 10 MB."))
        try:
            return images.normalise(file.read())
        except PictureRefused as refusal:
            raise forms.ValidationError(refusal.message) from refusal


class ExtrasForm(forms.Form):
    """The extras of one product. cleaned_data holds a text, a bool or a picture's bytes each."""

    def __init__(
        self, data: Any = None, files: Any = None, *, extras: Sequence[Offered], currency: str
    ) -> None:
        super().__init__(data, files)
        self.extras = {one.field: one for one in extras}
        for name, one in self.extras.items():
            self.fields[name] = _field(one, currency)
            if self.data.get(f"{name}-kept"):
                self.fields[name].required = False

    @property
    def takes_files(self) -> bool:
        return self.is_multipart()

    def clean(self) -> dict[str, Any]:
        """Refuse what is filled in for an extra that is not offered (any more)."""
        sent = [*self.data.items(), *self.files.items()]
        if any(
            value and name.startswith("extra-") and name.removesuffix("-kept") not in self.extras
            for name, value in sent
        ):
            raise forms.ValidationError(
                _("Something you filled in is not offered any more. Please look at it again.")
            )
        return super().clean() or {}


def _field(one: Offered, currency: str) -> forms.Field:
    extra = one.extra
    label = extra.name
    if one.amount:
        label = _("%(name)s (+%(amount)s each)") % {
            "name": label,
            "amount": money(one.amount, currency),
        }
    shared: dict[str, Any] = {
        "label": label,
        "help_text": extra.help_text,
        "required": extra.is_required,
    }
    match extra.kind:
        case Kind.CHOICE:
            return _choice(extra, shared)
        case Kind.TICK:
            needed = {"required": _("Please tick “%(name)s”.") % {"name": extra.name}}
            return forms.BooleanField(**shared, error_messages=needed)
        case Kind.FILE:
            return _picture(extra, shared)
        case Kind.EMAIL:
            return _address(extra, shared)
        case Kind.DATE:
            return _day(extra, shared)
        case _:
            return _text(extra, shared)


def _text(extra: Extra, shared: dict[str, Any]) -> forms.Field:
    limit = extra.max_length
    hint = _("At most %(count)s letters.") % {"count": limit}
    messages = {
        "required": _("Please fill in “%(name)s”.") % {"name": extra.name},
        "max_length": _("“%(name)s” has room for %(count)s letters.")
        % {"name": extra.name, "count": limit},
    }
    shared["help_text"] = f"{extra.help_text} {hint}".strip()
    return OneLine(**shared, max_length=limit, error_messages=messages)


def _address(extra: Extra, shared: dict[str, Any]) -> forms.Field:
    messages = {
        "required": _("Please fill in “%(name)s”.") % {"name": extra.name},
        "invalid": _("Please write an e-mail address, like anna@example.com."),
    }
    # Somebody else's address: the browser is not to offer the shopper's own.
    widget = forms.EmailInput(attrs={"autocomplete": "off"})
    return forms.EmailField(**shared, widget=widget, max_length=254, error_messages=messages)


class Day(forms.DateField):
    """A day within the next year, picked in the browser's own calendar; cleans to 2026-12-24."""

    def __init__(self, **options: Any) -> None:
        first, last = today(), today() + DAYS_AHEAD
        attrs = {"type": "date", "min": first.isoformat(), "max": last.isoformat()}
        widget = forms.DateInput(format="%Y-%m-%d", attrs=attrs)
        super().__init__(**options, input_formats=["%Y-%m-%d"], widget=widget)

    def clean(self, value: Any) -> str:
        day = super().clean(value)
        if day is None:
            return ""
        if not today() <= day <= today() + DAYS_AHEAD:
            raise forms.ValidationError(_("Choose a day within the next year."))
        return str(day.isoformat())


def _day(extra: Extra, shared: dict[str, Any]) -> forms.Field:
    messages = {
        "required": _("Please choose a day for “%(name)s”.") % {"name": extra.name},
        "invalid": _("Please write a day, like 2026-12-24."),
    }
    return Day(**shared, error_messages=messages)


def _choice(extra: Extra, shared: dict[str, Any]) -> forms.Field:
    nothing = _("Please choose") if extra.is_required else _("None")
    messages = {
        "required": _("Please choose “%(name)s”.") % {"name": extra.name},
        "invalid_choice": _("“%(name)s” does not come in this kind (any more).")
        % {"name": extra.name},
    }
    choices = [("", nothing), *((name, name) for name in extra.choice_names)]
    return forms.ChoiceField(**shared, choices=choices, error_messages=messages)


def _picture(extra: Extra, shared: dict[str, Any]) -> forms.Field:
    messages = {
        "required": _("Please add a picture for “%(name)s”.") % {"name": extra.name},
        "empty": _("The file is empty."),
        "max_length": _("The file has too long a name."),
    }
    hint = _("PNG, JPEG, WebP, AVIF or GIF, at most 10 MB.")
    shared["help_text"] = f"{extra.help_text} {hint}".strip()
    widget = forms.FileInput(attrs={"accept": ACCEPTED})
    return PictureField(**shared, widget=widget, error_messages=messages)
