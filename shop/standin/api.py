"""Answer API calls: the key, idempotency, faults, then the call itself."""

import base64
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass

from shop.standin import idempotency, listing, params, uploads
from shop.standin.calls import route
from shop.standin.desk import Desk, new_id
from shop.standin.errors import ApiError
from shop.standin.holds import AFTER, BEFORE
from shop.standin.messages import Answer, Request, json_answer, refusal
from shop.standin.objects import Json


@dataclass(frozen=True, slots=True)
class _Job:
    name: str
    is_change: bool
    key: str
    fingerprint: str
    run: Callable[[], Json]


def answer(desk: Desk, request: Request) -> Answer:
    desk.calls += 1
    time.sleep(desk.faults.latency_s())
    try:
        _check_key(request)
        reply = _once(desk, _job(desk, request))
    except ApiError as error:
        reply = refusal(error)
    headers = {"Request-Id": new_id("req"), **reply.headers}
    version = request.headers.get("Stripe-Version")
    if version and version.isprintable():
        headers["Stripe-Version"] = version
    return Answer(reply.status, reply.body, headers=headers, is_lost=reply.is_lost)


def _job(desk: Desk, request: Request) -> _Job:
    if (request.method, request.path) == ("POST", "/v1/files"):
        return _upload(desk, request)
    call, identifier = route(request.method, request.path)
    given = params.parse(request.text() if request.method == "POST" else request.query)
    return _Job(
        name=f"{request.method} {request.path}",
        is_change=request.method != "GET",
        key=idempotency.key_of(request),
        fingerprint=idempotency.fingerprint(request.path, given),
        run=lambda: listing.expand(desk.store, call(desk, given, identifier), given),
    )


def _upload(desk: Desk, request: Request) -> _Job:
    fields, sent = uploads.read(request)
    digest = hashlib.sha256(sent.content).hexdigest() if sent else ""
    return _Job(
        name=f"POST {request.path}",
        is_change=True,
        key=idempotency.key_of(request),
        fingerprint=idempotency.fingerprint(request.path, {**fields, "file": digest}),
        run=lambda: uploads.keep(desk, fields, sent).public(),
    )


def _check_key(request: Request) -> None:
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        value = _user_of(value)
    if not value:
        raise ApiError("You did not provide an API key.", status=401)
    if value.startswith(("sk_live_", "rk_live_")):
        raise ApiError("A live key has no business at a stand-in. Change it now.", status=401)
    if not value.startswith("sk_test_"):
        raise ApiError(f"Invalid API Key provided: {value[:8]}***", status=401)


def _user_of(encoded: str) -> str:
    try:
        return base64.b64decode(encoded, validate=True).decode().partition(":")[0]
    except ValueError:
        return ""


def _once(desk: Desk, job: _Job) -> Answer:
    with desk.store.transaction():
        replay = idempotency.begin(desk, job.key, job.fingerprint)
    if replay:
        headers = {"Idempotent-Replayed": "true", "Idempotency-Key": job.key}
        return json_answer(replay.body, status=replay.status, headers=headers)
    try:
        return _with_faults(desk, job)
    finally:
        idempotency.release(desk, job.key)


def _with_faults(desk: Desk, job: _Job) -> Answer:
    if desk.holds.stop(job.name, BEFORE):
        return Answer(500, is_lost=True)
    if job.is_change and desk.faults.fails_before():
        raise ApiError("Injected fault: nothing happened.", status=500, kind="api_error")
    reply = _work(desk, job)
    is_dropped = desk.holds.stop(job.name, AFTER)
    if is_dropped or (job.is_change and desk.faults.fails_after()):
        return Answer(reply.status, is_lost=True)
    return reply


def _work(desk: Desk, job: _Job) -> Answer:
    # The effect and the answer kept for replays go to the journal together.
    with desk.store.transaction():
        try:
            status, body = 200, job.run()
        except ApiError as error:
            if not error.executed:
                raise
            status, body = error.status, error.body()
        idempotency.keep(desk, job.key, job.fingerprint, status=status, body=body)
    return json_answer(body, status=status)
