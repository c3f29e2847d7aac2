"""VIES, the Union's register of VAT numbers, over its REST service."""

import json
import time
from dataclasses import dataclass
from typing import Any

import httpcore
import httpx
from django.conf import settings

from shop.lib.network import FetchRefused, Guard, resolve

VIES = "https://ec.europa.eu/taxation_customs/vies/rest-api"
# In all, from the name to the last byte: a shopper is waiting.
SECONDS = 3.0
MOST_BYTES = 100_000
OK = 200
LONGEST_TROUBLE = 120
# What VIES writes where a country tells no name.
UNTOLD = "---"
BAD_REQUESTER = "INVALID_REQUESTER_INFO"


class NoAnswer(Exception):
    """Raised when VIES said neither yes nor no: down, slow, too busy, or nonsense."""


class UnknownRequester(NoAnswer):
    """Raised when it is the shop's own number that VIES does not know."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What VIES said. consultation: its receipt, given when the shop names its own number."""

    is_valid: bool
    consultation: str = ""
    holder: str = ""


def ask(*, number: str, requester: str = "") -> Answer:
    """Whether a normalised number is registered now. Raises NoAnswer for any trouble at all.

    requester: the shop's own number. One that VIES does not know costs the receipt, not the answer.
    """
    deadline = time.monotonic() + SECONDS
    question = {"countryCode": number[:2], "vatNumber": number[2:]}
    own = {"requesterMemberStateCode": requester[:2], "requesterNumber": requester[2:]}
    try:
        return _answer(question | own if requester else question, deadline)
    except UnknownRequester:
        return _answer(question, deadline)


def _answer(question: dict[str, str], deadline: float) -> Answer:
    return _read(_post("check-vat-number", question, deadline), question)


def _post(path: str, question: dict[str, str], deadline: float) -> bytes:
    url = httpx.URL(f"{getattr(settings, 'VIES_URL', VIES)}/{path}")
    port = url.port or {"http": 80, "https": 443}[url.scheme]
    # An address in figures is written down by whoever runs the shop: it may be this machine.
    guard = Guard(deadline, frozenset({(url.host, port)}), resolve)
    headers: dict[bytes | str, bytes | str] = {
        "Host": url.netloc.decode("ascii"),
        "User-Agent": "Mercer",
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "Content-Type": "application/json",
        "Connection": "close",
    }
    target = httpcore.URL(
        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
    )
    body = json.dumps(question).encode()
    try:
        with (
            httpcore.ConnectionPool(network_backend=guard) as pool,
            pool.stream("POST", target, headers=headers, content=body) as response,
        ):
            return _content(response)
    except FetchRefused as refusal:
        raise NoAnswer(refusal.message) from refusal
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise NoAnswer(type(error).__name__) from error


def _content(response: httpcore.Response) -> bytes:
    if response.status != OK:
        raise NoAnswer(f"HTTP {response.status}")
    content = bytearray()
    for chunk in response.iter_stream():
        content += chunk
        if len(content) > MOST_BYTES:
            raise NoAnswer("too many bytes")
    return bytes(content)


def _read(content: bytes, question: dict[str, str]) -> Answer:
    """Only a plain yes or no about the very number that was asked counts as an answer."""
    try:
        said: Any = json.loads(content)
    except ValueError as error:
        raise NoAnswer("not JSON") from error
    if not isinstance(said, dict):
        raise NoAnswer("not an answer")
    if said.get("actionSucceed") is False:
        trouble = _trouble(said)
        raise UnknownRequester(trouble) if BAD_REQUESTER in trouble else NoAnswer(trouble)
    asked = ("countryCode", "vatNumber")
    if not isinstance(said.get("valid"), bool) or any(said.get(k) != question[k] for k in asked):
        raise NoAnswer("not an answer")
    if said.get("userError", "VALID") not in ("VALID", "INVALID"):
        raise NoAnswer(str(said["userError"])[:LONGEST_TROUBLE])
    return Answer(said["valid"], _text(said, "requestIdentifier"), _text(said, "name"))


def _trouble(said: dict[str, Any]) -> str:
    """The codes that VIES gives, such as MS_UNAVAILABLE."""
    wrappers = said.get("errorWrappers")
    codes = [one.get("error", "") for one in wrappers or () if isinstance(one, dict)]
    return ", ".join(map(str, codes))[:LONGEST_TROUBLE] or "refused"


def _text(said: dict[str, Any], key: str) -> str:
    value = said.get(key)
    return value.strip() if isinstance(value, str) and value.strip() != UNTOLD else ""
