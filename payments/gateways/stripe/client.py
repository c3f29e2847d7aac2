"""The one door to Stripe: its SDK, our key, and what its refusals mean to us."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.conf import settings

from payments.gateways.base import GatewayUnreachable, NotKnown, Refusal

if TYPE_CHECKING:
    from stripe import RequestsClient, StripeClient


@lru_cache(maxsize=1)
def _http() -> "RequestsClient":
    """One pool of connections for the life of the process."""
    # Half a second to import: pages that take no money must not wait for it.
    import stripe  # noqa: PLC0415

    return stripe.RequestsClient(timeout=10)


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
    import stripe  # noqa: PLC0415  (half a second, as above)

    try:
        yield _client()
    except (stripe.CardError, stripe.InvalidRequestError) as error:
        answer: Any = error.json_body or {}
        body = answer.get("error") or {}
        if error.code == "resource_missing":
            raise NotKnown(str(error)) from error
        raise Refusal(str(error.user_message or error)[:200], body) from error
    except stripe.StripeError as error:
        raise GatewayUnreachable(str(error)) from error


def close_clients() -> None:
    """Let go of the connections, at the end of a test."""
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
