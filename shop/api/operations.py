"""How every address of the API is declared: its scope, its answer, and all it may say instead."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from ninja.responses import Response

from channels.services import api_calls
from channels.services.api_calls import Answer, KeyReused
from shop.api.doors import Key, key_of
from shop.api.problems import Problem, ProblemShape
from shop.api.recording import recorded

View = TypeVar("View", bound=Callable[..., Any])
ALWAYS = (401, 403, 422, 429)
ONE = (404,)
WRITE = (400, 404, 409, 413, 503)


def reads(router: Router, path: str, *, scope: str, answer: type[Schema]) -> Callable[[View], View]:
    """A GET that answers with this."""
    fails = (*ALWAYS, *(ONE if "{" in path else ()))
    answers = {200: answer, **_problems(fails)}
    return router.get(path, auth=Key(scope), response=answers, openapi_extra=_scoped(scope))


def creates(
    router: Router, path: str, *, scope: str, answer: type[Schema]
) -> Callable[[View], View]:
    """A POST that is done once for each Idempotency-Key."""
    answers = {201: answer, **_problems((*ALWAYS, *WRITE))}
    return router.post(path, auth=Key(scope), response=answers, openapi_extra=_scoped(scope))


def changes(
    router: Router, path: str, *, scope: str, answer: type[Schema], method: str = "PATCH"
) -> Callable[[View], View]:
    """A PATCH or PUT: sent twice, it comes to the same."""
    answers = {200: answer, **_problems((*ALWAYS, *WRITE))}
    declare = router.api_operation(
        [method], path, auth=Key(scope), response=answers, openapi_extra=_scoped(scope)
    )

    def decorate(view: View) -> View:
        @wraps(view)
        def on_record(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            with recorded(request):
                return view(request, *args, **kwargs)

        return declare(on_record)  # type: ignore[return-value]

    return decorate


def _scoped(scope: str) -> dict[str, str]:
    """OpenAPI has scopes for OAuth alone."""
    return {"x-scope": scope}


def _problems(statuses: tuple[int, ...]) -> dict[int, type[Schema]]:
    return dict.fromkeys(sorted(statuses), ProblemShape)


def once(request: HttpRequest, key: str, work: Callable[[], Schema]) -> Response:
    """Do the work in one transaction, or give the answer it had before. Raises Problem."""
    try:
        with recorded(request):
            answer = api_calls.once(
                api_key=key_of(request),
                key=key,
                request_hash=_hash(request),
                work=lambda: Answer(201, work().model_dump(mode="json")),
                now=timezone.now(),
            )
    except KeyReused as reused:
        raise Problem("key-reused", reused.message) from reused
    headers = {"Idempotent-Replayed": "true"} if answer.is_replay else {}
    return Response(answer.body, status=answer.status, headers=headers)


def _hash(request: HttpRequest) -> str:
    parts = ((request.method or "").encode(), request.get_full_path().encode(), request.body)
    return hashlib.sha256(b"\n".join(parts)).hexdigest()
