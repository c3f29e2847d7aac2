"""Product safety: who answers for a product, and its warnings in the language of every market."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from catalog.models import Market, SafetyParty
from shop.admin.base import OnPages, ShopAdmin
from shop.admin.kit import Textarea

PREFIX = "warning_"
FIELDS = ("manufacturer", "responsible", "needs_no_warning")


def languages() -> list[str]:
    """The languages of the markets, the main one's first: "en", "de"."""
    spoken = Market.objects.in_order().values_list("language", flat=True)
    return list(dict.fromkeys(one.partition("-")[0] for one in spoken))


def warning_fields() -> dict[str, forms.Field]:
    """A text per language, by its name in the form."""
    return {
        f"{PREFIX}{code}": forms.CharField(
            label=_("Warnings, %(language)s") % {"language": _named(code)},
            max_length=2000,
            required=False,
            widget=Textarea(attrs={"rows": 3, "lang": code}),
        )
        for code in languages()
    }


def shown(warnings: Mapping[str, str]) -> dict[str, str]:
    """Warnings by the name of the field."""
    return {f"{PREFIX}{code}": text for code, text in warnings.items()}


def warnings_in(cleaned: Mapping[str, Any], kept: Mapping[str, str]) -> dict[str, str]:
    """What was typed, by language, and what is kept in languages nobody sells in now."""
    typed = {
        name.removeprefix(PREFIX): str(text).strip()
        for name, text in cleaned.items()
        if name.startswith(PREFIX)
    }
    return {code: text for code, text in {**kept, **typed}.items() if text}


def _named(code: str) -> str:
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


@admin.register(SafetyParty)
class SafetyPartyAdmin(OnPages, ShopAdmin):
    """Manufacturers, and who stands for them in the EU."""

    list_display = ("name", "country", "contact")
    search_fields = ("name", "address", "contact")
    search_help_text = lazy("Name, address or electronic address")
    ordering = ("name", "id")
