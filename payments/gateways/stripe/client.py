"""The one door to Stripe: its SDK, our key, and what its refusals mean to us.

A Stripe that hangs costs a shopper seconds and the shop nothing: every call is short, some threads
of a process are kept out of it, and after two silences in a row one call tries while others go on.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.conf import settings

from payments.gateways.base import GatewayUnreachable, NotKnown, Refusal
from shop.lib.breaker import Breaker

if TYPE_CHECKING:
    from stripe import RequestsClient, StripeClient

# Seconds to be let in, and to be answered. What was lost is asked again under the same key.
TIMEOUT = (2, 5)
# Of a web process's four threads one never waits here; a turn is waited for so many seconds.
AT_ONCE = threading.BoundedSemaphore(3)
TURN = 1.0
answers = Breaker(patience=2, rest=5.0)


@lru_cache(maxsize=1)
def _http() -> "RequestsClient":
    """One pool of connections for the life of the process."""
    # Half a second to import: pages that take no money must not wait for it.
    import stripe  # noqa: PLC0415

    class Brief(stripe.RequestsClient):
        """Asks again what was cut short, not what was silent: the shopper waits."""

        def _should_retry(self, response: Any, api_connection_error: Any, *tries: Any) -> bool:
            if isinstance(getattr(api_connection_error, "__cause__", None), self._silence):
                return False
            return bool(super()._should_retry(response, api_connection_error, *tries))

        @property
        def _silence(self) -> type[Exception]:
            kind: type[Exception] = self.requests.exceptions.Timeout
            return kind

    return Brief(timeout=TIMEOUT)


def _client() -> "StripeClient":
    import stripe  # noqa: PLC0415  (half a second, as above)

    base = settings.STRIPE_API_BASE
    # Files have an address of their own at Stripe; a stand-in speaks all of it at one.
    addresses = {"api": base} if base.endswith("stripe.com") else {"api": base, "files": base}
    return stripe.StripeClient(
        settings.STRIPE_SECRET_KEY,
        base_addresses=addresses,  # type: ignore[arg-type]
        max_network_retries=2,
        http_client=_http(),
    )


@contextmanager
def asking() -> "Iterator[StripeClient]":
    """A client for a call or two.

    Raises Refusal for a clear no, NotKnown for a name Stripe does not have, and
    GatewayUnreachable for all that leaves the outcome open, wrong keys among it.
    """
    if not answers.may_ask():
        raise GatewayUnreachable("silent a moment ago")
    if not AT_ONCE.acquire(timeout=TURN):
        raise GatewayUnreachable("too many wait for an answer")
    try:
        with _understood():
            yield _client()
    finally:
        AT_ONCE.release()


@contextmanager
def _understood() -> Iterator[None]:
    """Stripe's answers in our words."""
    import stripe  # noqa: PLC0415  (half a second, as above)

    try:
        yield
    except stripe.APIConnectionError as error:
        answers.failed()
        raise GatewayUnreachable(str(error)) from error
    except (stripe.CardError, stripe.InvalidRequestError) as error:
        answers.answered()
        answer: Any = error.json_body or {}
        body = answer.get("error") or {}
        if error.code == "resource_missing":
            raise NotKnown(str(error)) from error
        raise Refusal(str(error.user_message or error)[:200], body) from error
    except stripe.StripeError as error:
        raise GatewayUnreachable(str(error)) from error
    else:
        answers.answered()


def close_clients() -> None:
    """Let go of the connections and of what was learned of them, at the end of a test."""
    answers.answered()
    if _http.cache_info().currsize:
        _http().close()  # type: ignore[no-untyped-call]
        _http.cache_clear()


def read_event(body: bytes, signature: str) -> dict[str, Any]:
    """A webhook's event once its signature is checked. Raises ValueError for anything else."""
    import stripe  # noqa: PLC0415  (half a second, as above)

    try:
        event = stripe.Webhook.construct_event(body, signature, settings.STRIPE_WEBHOOK_SECRET)
    except stripe.SignatureVerificationError as error:
        raise ValueError(str(error)) from error
    except (AttributeError, TypeError, KeyError) as error:
        # Signed, but a list or a number: the library takes for granted that it is an object.
        raise ValueError("no event") from error
    return dict(event.to_dict())
