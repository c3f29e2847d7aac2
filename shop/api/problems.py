"""What the API says when it says no: one shape for all of it (RFC 9457)."""

import logging
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from psycopg import errors as postgres
from pydantic import Field

from shop.lib.errors import Refused
from shop.lib.limits import TooOften

logger = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
# (status, what it means), by the word after the # in `type`. The page about the API lists them.
KINDS: Mapping[str, tuple[int, str]] = {
    "unreadable": (400, "The body is not JSON."),
    "unknown-key": (401, "There is no key in the request, or it is not in force."),
    "scope": (403, "The key may not do this."),
    "not-found": (404, "There is nothing here, or not any more."),
    "method": (405, "This address does not know the method."),
    "refused": (409, "The shop can't do this now; `detail` says why."),
    "too-large": (413, "The body is too large."),
    "invalid": (422, "Something in the request is not as described; `errors` says what."),
    "key-reused": (409, "The Idempotency-Key was used for another request."),
    "too-often": (429, "Too many requests; wait as long as Retry-After says."),
    "broken": (500, "Something is wrong on our side. Nothing was changed."),
    "busy": (503, "Somebody else is changing the same thing; try again in a moment."),
}


class Fault(Schema):
    """One thing that is wrong with a request."""

    where: str = Field(description="Where it is: body.units, query.limit …")
    what: str = Field(description="What is wrong with it.")


class ProblemShape(Schema):
    """Why a request was not answered as it wished."""

    type: str = Field(description="Kind of the problem; an address that explains it.")
    title: str = Field(description="The kind in words.")
    status: int = Field(description="The HTTP status, once more.")
    detail: str = Field(description="What is the matter this time.")
    errors: list[Fault] = Field(description="Each thing that is wrong; empty where it is one.")


class Problem(Exception):
    """Raised to answer with a problem of a kind."""

    def __init__(
        self,
        kind: str,
        detail: str = "",
        *,
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail or kind)
        self.kind, self.detail = kind, detail
        self.errors, self.headers = list(errors), dict(headers or {})

    def answer(self) -> HttpResponse:
        status, meaning = KINDS[self.kind]
        told = {
            "type": f"/api/#{self.kind}",
            "title": HTTPStatus(status).phrase,
            "status": status,
            "detail": self.detail or meaning,
            "errors": self.errors,
        }
        return JsonResponse(told, status=status, content_type=MEDIA_TYPE, headers=self.headers)


def install(api: NinjaAPI) -> None:
    """Answer everything that is raised in the one shape."""
    answers: dict[type[Exception], Callable[..., HttpResponse]] = {
        Problem: lambda _request, problem: problem.answer(),
        Refused: _refused,
        TooOften: _too_often,
        ValidationError: _invalid,
        AuthenticationError: _unknown,
        HttpError: _http,
        Http404: lambda _request, _error: Problem("not-found").answer(),
        OperationalError: _database,
        Exception: _broken,
    }
    for kind, answer in answers.items():
        api.add_exception_handler(kind, answer)


def _refused(_request: HttpRequest, refused: Refused) -> HttpResponse:
    return Problem("refused", refused.message).answer()


def _too_often(_request: HttpRequest, refused: TooOften) -> HttpResponse:
    wait = {"Retry-After": str(refused.retry_after)}
    return Problem("too-often", refused.message, headers=wait).answer()


def _unknown(_request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    return Problem("unknown-key", headers={"WWW-Authenticate": "Bearer"}).answer()


def _invalid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [{"where": _place(one["loc"]), "what": str(one["msg"])} for one in error.errors]
    return Problem("invalid", errors=errors).answer()


def _place(location: Sequence[object]) -> str:
    # The name of the parameter that takes the body is ours, and no part of what was sent.
    first, *rest = [str(part) for part in location]
    return ".".join([first, *(rest[1:] if first == "body" else rest)])


def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    if isinstance(error.__cause__, RequestDataTooBig):
        return Problem("too-large").answer()
    if error.status_code == HTTPStatus.BAD_REQUEST:
        return Problem("unreadable").answer()
    return _broken(request, error)


def _database(request: HttpRequest, error: OperationalError) -> HttpResponse:
    """A lock that did not come in time is nobody's fault."""
    waited = (postgres.LockNotAvailable, postgres.DeadlockDetected, postgres.QueryCanceled)
    if isinstance(error.__cause__, waited):
        return Problem("busy", headers={"Retry-After": "1"}).answer()
    return _broken(request, error)


def _broken(request: HttpRequest, error: Exception) -> HttpResponse:
    logger.error("api broken", exc_info=error, extra={"path": request.path})
    return Problem("broken").answer()
