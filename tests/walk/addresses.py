"""Every address of the project, and a way to it: the walk misses none."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import admin
from django.urls import get_resolver

# What each model's pages have in the staff site.
VERBS = {
    "l": "changelist",
    "c": "csv_changelist",
    "s": "view_save",
    "r": "view_delete",
    "a": "add",
    "o": "change",
    "d": "delete",
}
HISTORY = "history"
# The key of no row.
NOWHERE = "987654321"
PART = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")
NAMED = re.compile(r"\(\?P<(?P<name>\w+)>[^)]*(?:\)\?)?[^)]*\)")


@dataclass(frozen=True)
class Address:
    """A name like "orders:order" and the pattern behind it."""

    name: str
    pattern: str

    def path(self, told: dict[str, object]) -> str:
        """With every part filled in: what is told of this name, or something that is nowhere."""

        def fill(part: re.Match[str]) -> str:
            return str(told.get(part["name"], _nothing(part.groupdict().get("kind"))))

        plain = self.pattern.replace("^", "").replace("$", "").replace("\\", "").replace("\\Z", "")
        return "/" + PART.sub(fill, NAMED.sub(fill, plain))


def _nothing(kind: str | None) -> str:
    return {
        "int": NOWHERE,
        "uuid": "00000000-0000-4000-8000-000000000000",
        "slug": "no-such-thing",
    }.get(kind or "str", "nothing")


def every_address() -> list[Address]:
    """In the order of the resolver, each name and pattern once."""
    return list(dict.fromkeys(_walk(get_resolver(), "", "")))


def _walk(resolver, before: str, space: str) -> Iterator[Address]:
    for one in resolver.url_patterns:
        pattern = before + str(one.pattern)
        if hasattr(one, "url_patterns"):
            inner = f"{space}{one.namespace}:" if one.namespace else space
            yield from _walk(one, pattern, inner)
        else:
            yield Address(f"{space}{one.name}" if one.name else "", pattern)


def models_of_staff_site() -> list[str]:
    """ "orders_order" and so on, by name."""
    return sorted(
        f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry
    )


def usual_names() -> set[str]:
    return {
        f"admin:{model}_{verb}"
        for model in models_of_staff_site()
        for verb in (*VERBS.values(), HISTORY)
    }
