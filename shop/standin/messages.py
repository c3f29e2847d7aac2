"""A request and an answer, without the sockets around them."""

import json
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message

from shop.standin.errors import ApiError
from shop.standin.objects import Json


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    target: str
    headers: Message
    body: bytes = b""

    @property
    def path(self) -> str:
        return urllib.parse.urlsplit(self.target).path

    @property
    def query(self) -> str:
        return urllib.parse.urlsplit(self.target).query

    def text(self) -> str:
        try:
            return self.body.decode()
        except UnicodeDecodeError as error:
            raise ApiError("The request body is not UTF-8.") from error

    def fields(self) -> dict[str, str]:
        """Return the fields of a submitted HTML form."""
        try:
            return dict(urllib.parse.parse_qsl(self.text(), max_num_fields=50))
        except ValueError as error:
            raise ApiError("The form has too many fields.") from error

    def json(self) -> Json:
        try:
            value = json.loads(self.body or b"{}")
        except ValueError as error:
            raise ApiError("The request body is not JSON.") from error
        if not isinstance(value, dict):
            raise ApiError("The request body is not a JSON object.")
        return value


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    # The line goes dead before the answer: the caller never learns what happened.
    is_lost: bool = False


def json_answer(
    body: Json, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Answer:
    return Answer(status, json.dumps(body).encode(), headers=headers or {})


def refusal(error: ApiError) -> Answer:
    return json_answer(error.body(), status=error.status)


def see_other(address: str) -> Answer:
    # Headers are Latin-1: what an address may not hold bare is escaped.
    location = urllib.parse.quote(address, safe="%/:?#[]@!$&'()*+,;=~")
    return Answer(303, content_type="text/plain", headers={"Location": location})
