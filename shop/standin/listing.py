"""Lists as Stripe gives them (newest first, by cursor), and expanded references."""

from collections.abc import Callable, Iterable
from typing import Any

from shop.standin import params
from shop.standin.errors import invalid
from shop.standin.objects import Json, Resource
from shop.standin.params import Params
from shop.standin.store import Store

MOST, USUAL = 100, 10
DEEPEST = 4
COMPARE: dict[str, Callable[[int, int], bool]] = {
    "gt": lambda at, bound: at > bound,
    "gte": lambda at, bound: at >= bound,
    "lt": lambda at, bound: at < bound,
    "lte": lambda at, bound: at <= bound,
}


def page(rows: Iterable[Resource], given: Params, *, url: str, filters: Iterable[str]) -> Json:
    """Return one page of the rows, which come oldest first."""
    found = [row for row in reversed(list(rows)) if _created_matches(row, given)]
    found = [row for row in found if _matches(row, given, filters)]
    limit = params.integer(given, "limit", default=USUAL)
    if not 1 <= limit <= MOST:
        raise invalid("limit", f"limit must be from 1 to {MOST}", code="parameter_invalid_integer")
    before, after = params.text(given, "ending_before"), params.text(given, "starting_after")
    if before:
        start = _position(found, before, "ending_before")
        first = max(0, start - limit)
        return _list(found[first:start], url=url, has_more=first > 0)
    first = _position(found, after, "starting_after") + 1 if after else 0
    last = first + limit
    return _list(found[first:last], url=url, has_more=len(found) > last)


def _list(rows: list[Resource], *, url: str, has_more: bool) -> Json:
    data = [row.public() for row in rows]
    return {"object": "list", "data": data, "has_more": has_more, "url": url}


def whole(data: list[Json], *, url: str) -> Json:
    return {"object": "list", "data": data, "has_more": False, "url": url}


def _position(rows: list[Resource], identifier: str, param: str) -> int:
    for position, row in enumerate(rows):
        if row.id == identifier:
            return position
    raise invalid(param, f"No such object: '{identifier}'", code="resource_missing")


def _created_matches(row: Resource, given: Params) -> bool:
    created = given.get("created", {})
    if isinstance(created, str):
        return row.created == params.integer(given, "created")
    for name in created:
        if name not in COMPARE:
            raise invalid(f"created[{name}]", f"Invalid comparison: {name}")
    return all(COMPARE[name](row.created, params.integer(created, name)) for name in created)


def _matches(row: Resource, given: Params, filters: Iterable[str]) -> bool:
    wanted = {name: params.text(given, name) for name in filters if name in given}
    types = params.strings(given, "types")
    if types and getattr(row, "type", "") not in types:
        return False
    return all(getattr(row, name) == value for name, value in wanted.items())


def expand(store: Store, body: Json, given: Params) -> Json:
    """Put objects in the place of their ids, as `expand[]` asks."""
    for path in params.strings(given, "expand"):
        steps = path.split(".")
        if len(steps) > DEEPEST:
            raise invalid("expand", f"You cannot expand more than {DEEPEST} levels of a property.")
        _expand(store, body, steps, path)
    return body


def _expand(store: Store, body: Json, steps: list[str], path: str) -> None:
    name, rest = steps[0], steps[1:]
    if name == "data" and body.get("object") == "list":
        for item in body["data"]:
            _expand(store, item, rest, path)
        return
    if name == "line_items" and body.get("object") == "checkout.session":
        lines = store.sessions[body["id"]].lines
        body["line_items"] = whole(lines, url=f"/v1/checkout/sessions/{body['id']}/line_items")
        return
    if name not in body:
        raise invalid("expand", f"This property cannot be expanded ({path}).")
    body[name] = _resolved(store, body[name])
    if rest and isinstance(body[name], dict):
        _expand(store, body[name], rest, path)


def _resolved(store: Store, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    tables = (
        store.intents,
        store.charges,
        store.customers,
        store.methods,
        store.refunds,
        store.disputes,
        store.payouts,
        store.movements,
        store.sessions,
    )
    return next((table[value].public() for table in tables if value in table), value)
