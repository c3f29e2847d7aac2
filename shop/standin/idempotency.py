"""Idempotency keys: the same call twice has one effect and one answer."""

import hashlib
import json

from shop.standin.desk import Desk
from shop.standin.errors import ApiError
from shop.standin.messages import Request
from shop.standin.objects import Json, Replay
from shop.standin.params import Params

LONGEST_KEY = 255
KEPT_FOR_S = 86_400


def key_of(request: Request) -> str:
    if request.method != "POST":
        return ""
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise _error(f"Idempotency keys can have up to {LONGEST_KEY} printable characters.")
    return key


def fingerprint(path: str, given: Params) -> str:
    return hashlib.sha256(json.dumps([path, given], sort_keys=True).encode()).hexdigest()


def begin(desk: Desk, key: str, print_: str) -> Replay | None:
    """Return the first answer, or None when this is the first call and its work may begin.

    Raises ApiError when the key was used for other parameters, or is at work right now.
    """
    if not key:
        return None
    replay = desk.store.replays.get(key)
    if replay and replay.created + KEPT_FOR_S <= desk.now():
        desk.store.forget(replay)
        replay = None
    if replay and replay.fingerprint != print_:
        raise _error(
            "Keys for idempotent requests can only be used with the same parameters they were"
            f" first used with. Try using a key other than '{key}'."
        )
    if replay is None and key in desk.busy_keys:
        raise _error(
            "There is currently another in-progress request using this idempotency key.",
            status=409,
            code="idempotency_key_in_use",
        )
    if replay is None:
        desk.busy_keys.add(key)
    return replay


def keep(desk: Desk, key: str, print_: str, *, status: int, body: Json) -> None:
    if not key:
        return
    replay = Replay(id=key, created=desk.now(), fingerprint=print_, status=status, body=body)
    desk.store.save(replay)


def prune(desk: Desk) -> None:
    """Drop the answers nobody may ask for any more."""
    with desk.store.transaction():
        for replay in list(desk.store.replays.values()):
            if replay.created + KEPT_FOR_S <= desk.now():
                desk.store.forget(replay)


def release(desk: Desk, key: str) -> None:
    desk.busy_keys.discard(key)


def _error(message: str, *, status: int = 400, code: str = "") -> ApiError:
    return ApiError(message, status=status, code=code, kind="idempotency_error")
