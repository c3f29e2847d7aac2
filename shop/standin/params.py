"""Read form-encoded parameters with brackets, such as `line_items[0][quantity]=2`."""

import re
import urllib.parse
from typing import TypeAlias

from shop.standin.errors import ApiError, invalid, missing

Params: TypeAlias = dict[str, "str | Params"]

MOST_FIELDS = 2000
DEEPEST = 8
METADATA_KEYS, METADATA_KEY_LENGTH, METADATA_VALUE_LENGTH = 50, 40, 500


def parse(encoded: str) -> Params:
    try:
        pairs = urllib.parse.parse_qsl(
            encoded, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict"
        )
    except ValueError as error:
        raise ApiError(f"Invalid request body: {error}") from error
    params: Params = {}
    for name, value in pairs:
        _place(params, name, value)
    return params


def _place(params: Params, name: str, value: str) -> None:
    path = re.findall(r"[^\[\]]+", name)
    if not 0 < len(path) <= DEEPEST:
        raise invalid(name, f"Invalid parameter name: {name}")
    level = params
    for key in path[:-1]:
        inner = level.setdefault(key, {})
        if isinstance(inner, str):
            raise invalid(name, f"Invalid object: {key}")
        level = inner
    if isinstance(level.get(path[-1]), dict):
        raise invalid(name, f"Invalid string: {name}")
    level[path[-1]] = value


def text(params: Params, name: str, *, default: str = "", longest: int = 5000) -> str:
    value = params.get(name, default)
    if isinstance(value, dict):
        raise invalid(name, f"Invalid string: {name}")
    if len(value) > longest:
        message = f"Invalid string: {name} is longer than {longest} characters"
        raise invalid(name, message, code="parameter_invalid_string_long")
    return value


def integer(params: Params, name: str, *, default: int | None = None) -> int:
    raw = text(params, name)
    if not raw and default is not None:
        return default
    if not raw:
        raise missing(name)
    if not re.fullmatch(r"-?[0-9]{1,12}", raw):
        raise invalid(name, f"Invalid integer: {raw}", code="parameter_invalid_integer")
    return int(raw)


def nested(params: Params, name: str) -> Params:
    value = params.get(name, {})
    if isinstance(value, str):
        if value:
            raise invalid(name, f"Invalid object: {name}")
        return {}
    return value


def items(params: Params, name: str) -> list[Params]:
    """Return the objects of an array parameter, in their numbered order."""
    found = []
    for key, value in sorted(nested(params, name).items(), key=lambda pair: _position(pair[0])):
        if isinstance(value, str):
            raise invalid(f"{name}[{key}]", f"Invalid object: {name}[{key}]")
        found.append(value)
    return found


def strings(params: Params, name: str) -> list[str]:
    values = nested(params, name)
    return [text(values, key) for key in sorted(values, key=_position)]


def _position(key: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", key):
        raise invalid(key, f"Invalid array index: {key}")
    return int(key)


def currency(params: Params, name: str = "currency") -> str:
    code = text(params, name).lower()
    if not code:
        raise missing(name)
    if not re.fullmatch(r"[a-z]{3}", code):
        raise invalid(name, f"Invalid currency: {code}")
    return code


def web_address(params: Params, name: str) -> str:
    """Return an absolute http(s) address, or '' when it was not given."""
    address = text(params, name)
    if not address:
        return ""
    parts = urllib.parse.urlsplit(address)
    has_control = re.search(r"[\x00-\x20\x7f]", address)
    if parts.scheme not in {"http", "https"} or not parts.hostname or has_control:
        raise invalid(name, "Not a valid URL", code="url_invalid")
    return address


def metadata(params: Params) -> dict[str, str]:
    given = nested(params, "metadata")
    if len(given) > METADATA_KEYS:
        raise invalid("metadata", f"You cannot specify more than {METADATA_KEYS} keys")
    for key in given:
        if len(key) > METADATA_KEY_LENGTH:
            message = f"Metadata keys can have up to {METADATA_KEY_LENGTH} characters"
            raise invalid(f"metadata[{key}]", message)
    return {key: text(given, key, longest=METADATA_VALUE_LENGTH) for key in given}
