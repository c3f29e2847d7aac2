"""Wrappers and small pieces of markup. The only place where markup is called safe by hand."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.forms import BoundField, EmailInput, NumberInput, Select, Textarea, TextInput
from django.template.loader import render_to_string
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()

# Drawn on a 20 px square with a 1.5 px line.
ICONS = {
    "bag": "M4.5 7h11l.8 9.5h-12.6zM7.2 8.8V6a2.8 2.8 0 0 1 5.6 0v2.8",
    "box": "M3 6.5 10 3l7 3.5v7.5l-7 3-7-3zM3 6.5l7 3 7-3M10 9.5V17",
    "check": "M4 10.5 8.2 15 16 5.5",
    "chevron": "m5 7.5 5 5 5-5",
    "clock": "M10 2.8a7.2 7.2 0 1 1 0 14.4 7.2 7.2 0 0 1 0-14.4M10 6v4.3l2.8 1.9",
    "close": "m5 5 10 10M15 5 5 15",
    "filter": "M3 6h14M5.8 10h8.4M8.4 14h3.2",
    "heart": "M10 16.8 3.6 10.4a4 4 0 0 1 5.7-5.7l.7.7.7-.7a4 4 0 0 1 5.7 5.7z",
    "lock": "M5 9h10v8H5zM7.2 9V6.3a2.8 2.8 0 0 1 5.6 0V9",
    "mail": "M3 5h14v10H3zM3.4 5.6 10 10.8l6.6-5.2",
    "menu": "M3 5.5h14M3 10h14M3 14.5h14",
    "minus": "M4.5 10h11",
    "next": "m7.5 4 6 6-6 6",
    "person": "M10 3a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7M3.5 17c.6-3.3 3.2-5 6.5-5s5.9 1.7 6.5 5",
    "plus": "M10 4.5v11M4.5 10h11",
    "return": "M7 4 3.5 7.5 7 11M3.5 7.5h8a4.5 4.5 0 0 1 0 9H7",
    "search": "M8.8 3.2a5.6 5.6 0 1 1 0 11.2 5.6 5.6 0 0 1 0-11.2M13 13l4 4",
    "truck": "M2.5 5h9.2v9H2.5zM11.7 8h3.2l2.6 3v3h-5.8M5.6 16.4a1.6 1.6 0 1 0 0-3.2 1.6 1.6 0 0 0 "
    "0 3.2M14.2 16.4a1.6 1.6 0 1 0 0-3.2 1.6 1.6 0 0 0 0 3.2",
    "warn": "M10 3 2.8 16.2h14.4zM10 8v4M10 13.6v.6",
    "zoom": "M8.8 3.2a5.6 5.6 0 1 1 0 11.2 5.6 5.6 0 0 1 0-11.2M13 13l4 4M8.8 6.4v4.8M6.4 8.8h4.8",
}
# Fields as they look around what was typed: a form shows a dozen, the same to everybody.
PLAIN_WIDGETS = frozenset({TextInput, EmailInput, NumberInput, Textarea, Select})
TYPED_INTO = (TextInput, EmailInput, NumberInput)
MOST_FIELDS = 256
KEPT_FIELDS: dict[tuple[Any, ...], list[str]] = {}
COMPACT = DjangoJSONEncoder(ensure_ascii=False, separators=(",", ":"))
UNSAFE_IN_SCRIPT = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


@register.simple_block_tag
def panel(content: SafeString, *, title: str = "", kind: str = "") -> SafeString:
    """A framed part of a page with a heading of its own. kind: a modifier, such as "quiet"."""
    context = {"content": content, "title": title, "kind": kind}
    return render_to_string("components/panel.html", context)


@register.simple_block_tag
def alert(content: SafeString, *, tone: str = "info", title: str = "") -> SafeString:
    """A message beside what it is about. tone: info, ok, warn or bad."""
    context = {"content": content, "title": title, "tone": tone}
    return render_to_string("components/alert.html", context)


@register.simple_block_tag
def dialog(content: SafeString, *, name: str, title: str) -> SafeString:
    """A modal that script opens; its content must be reachable without it as well."""
    context = {"content": content, "title": title, "name": name}
    return render_to_string("components/dialog.html", context)


@register.simple_block_tag
def disclosure(content: SafeString, *, title: str, is_open: bool = False) -> SafeString:
    """A section that folds."""
    context = {"content": content, "title": title, "is_open": is_open}
    return render_to_string("components/disclosure.html", context)


@register.simple_block_tag
def field(content: SafeString, *, label: str, name: str, hint: str = "") -> SafeString:
    """Label and hint around a control that a template writes itself. name: the control's id."""
    context = {"content": content, "label": label, "name": name, "hint": hint}
    return render_to_string("components/field.html", context)


@register.simple_tag
def form_field(
    bound: BoundField, *, size: str = "", kind: str = "", **attributes: str
) -> SafeString:
    """A form's field with label, hint and error. Underscores in attribute names become hyphens.

    size: "short" for what is short to type. kind: the input's type, when the form's own is too
    general. Optional fields say so in words.
    """
    if kind:
        bound.field.widget.input_type = kind
    look = _look(bound)
    if look is None:
        return _form_field(bound, size, attributes)
    look, text = (*look, size, *attributes.items()), _text(bound)
    if (around := KEPT_FIELDS.get(look)) is not None:
        return mark_safe(escape(text).join(around))  # noqa: S308 - markup of ours around it  # nosec B308 B703
    found = _form_field(bound, size, attributes)
    if (around := _around(found, text)) is not None:
        if len(KEPT_FIELDS) >= MOST_FIELDS:
            KEPT_FIELDS.clear()
        KEPT_FIELDS[look] = around
    return found


def _text(bound: BoundField) -> str:
    """What stands in a field that is typed into."""
    value = bound.value() if getattr(bound.field, "choices", None) is None else None
    return str(value or "")


def _around(markup: str, text: str) -> list[str] | None:
    """The markup before and after the text of a field; None where it can't be told apart."""
    if not text:
        return [markup]
    parts = markup.split(f'value="{escape(text)}"')
    return [f'{parts[0]}value="', f'"{parts[1]}'] if len(parts) == 2 else None


def _look(bound: BoundField) -> tuple[Any, ...] | None:
    """All that a field shows beside the text in it; None for what is not kept.

    What somebody typed is theirs alone and is not remembered; what they chose from a list is not.
    """
    field, form, value = bound.field, bound.form, bound.value()
    widget, choices = field.widget, getattr(field, "choices", None)
    is_typed = choices is None and bool(value)
    if type(widget) not in PLAIN_WIDGETS or form.is_bound:
        return None
    if is_typed and not (isinstance(value, str) and isinstance(widget, TYPED_INTO)):
        return None
    if choices is not None and type(choices) is not list:
        return None
    return (
        get_language(),
        type(widget),
        getattr(widget, "input_type", ""),
        *widget.attrs.items(),
        bound.html_name,
        bound.id_for_label,
        str(bound.label),
        str(bound.help_text),
        is_typed or str(value or ""),
        repr(choices),
        (field.required, form.use_required_attribute, field.disabled),
        *_messages(bound).items(),
    )


def _form_field(bound: BoundField, size: str, attributes: Mapping[str, str]) -> SafeString:
    name = bound.id_for_label
    described = [f"{name}_hint"] if bound.help_text else []
    described += [f"{name}_error"] if bound.errors else []
    widget: dict[str, str | bool] = {
        "class": "field__control",
        # Literals in a template count as safe; these have quotes in them.
        **{key.replace("_", "-"): escape(value) for key, value in attributes.items()},
        **_messages(bound),
    }
    if described:
        widget["aria-describedby"] = " ".join(described)
    if bound.errors:
        widget["aria-invalid"] = "true"
    context = {"bound": bound, "control": bound.as_widget(attrs=widget), "size": size}
    return render_to_string("components/form_field.html", context)


def _messages(bound: BoundField) -> dict[str, str]:
    """What form_errors.js says when the field is left empty or wrong."""
    texts = bound.field.error_messages
    kinds = ["invalid", *(["required"] if bound.field.required else [])]
    return {f"data-{kind}": str(texts[kind]) for kind in kinds if kind in texts}


@register.simple_tag
@lru_cache(maxsize=len(ICONS))
def icon(name: str) -> SafeString:
    """A line drawing that says nothing a word beside it does not say."""
    return format_html(
        '<svg class="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">'
        '<path d="{}"/></svg>',
        ICONS[name],
    )


@register.simple_tag
def wordmark(name: str = "") -> SafeString:
    """The shop's name with its ampersand in the accent colour."""
    return _wordmark(name or settings.SHOP["name"])


@lru_cache(maxsize=16)
def _wordmark(name: str) -> SafeString:
    parts = name.partition("&")
    if not parts[1]:
        return format_html("{}", parts[0])
    return format_html('{}<span class="wordmark__and">&amp;</span>{}', parts[0], parts[2])


@register.simple_tag
def json_ld(documents: Iterable[Mapping[str, Any]]) -> SafeString:
    """Structured data for search engines, one script element per document."""
    texts = [_harmless(COMPACT.encode(document)) for document in documents or ()]
    written = "\n".join([f'<script type="application/ld+json">{text}</script>' for text in texts])
    return mark_safe(written)  # noqa: S308 — escaped  # nosec B308 B703


def _harmless(text: str) -> str:
    """JSON that ends no script and begins no markup."""
    for letter, written in UNSAFE_IN_SCRIPT.items():
        text = text.replace(letter, written)
    return text
