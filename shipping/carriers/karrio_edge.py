"""The way out to carriers' servers: karrio's gateways, each call with a socket that gives up."""

import functools
from collections.abc import Callable
from typing import Any

from PIL import ImageFile

from shipping.carriers.base import Silent
from shipping.carriers.in_time import CALL
from shipping.carriers.keys import KNOWN, NEEDED, keys_of

# Adapters that this process has loaded: asking the first time takes seconds of our own.
LOADED: set[str] = set()
# karrio's own names, where they are not ours in small letters.
SPELLED = {"CRID": "CRID", "MID": "MID", "MANIFEST_MID": "manifest_MID"}


def gateway(adapter: str, code: str) -> Any:
    """A carrier's gateway. A new one each time (it remembers every call), its tokens are kept."""
    _be_quiet()
    # Imported here, as everywhere below: 0.4 s and 30 MB that only few processes need.
    import karrio.sdk as karrio  # noqa: PLC0415

    # It lets the whole process take damaged pictures for whole ones.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    _give_up_in_time()
    keys = keys_of(code)
    settings: dict[str, Any] = {
        SPELLED.get(name, name.lower()): keys[name]
        for name in (*NEEDED[adapter], *KNOWN[adapter])
        if name in keys
    }
    if adapter == "fedex":
        settings = {
            "track_api_key": settings["api_key"],
            "track_secret_key": settings["secret_key"],
            **settings,
        }
    settings |= {"carrier_id": code, "test_mode": keys.get("TEST") == "1"}
    tokens = _tokens(tuple(sorted(keys.items())))
    door = karrio.gateway[adapter].create(settings, cache=tokens)
    LOADED.add(adapter)
    return door


@functools.cache
def _tokens(_keys: tuple[tuple[str, str], ...]) -> Any:
    """Access tokens of one account, for the life of this process."""
    from karrio.core.utils.caching import Cache  # noqa: PLC0415

    return Cache()


def _give_up_in_time() -> None:
    """karrio asks without a time limit; its threads would hang as long as a server likes."""
    from karrio import lib  # noqa: PLC0415

    if not getattr(lib.request, "gives_up", False):
        lib.request = _limited(lib.request)


def _limited(request: Callable[..., Any]) -> Callable[..., Any]:
    def ask(*args: Any, **kwargs: Any) -> Any:
        try:
            return request(*args, **{"timeout": CALL, **kwargs})
        except OSError as error:
            raise Silent(type(error).__name__) from error

    ask.gives_up = True  # type: ignore[attr-defined]
    return ask


def _be_quiet() -> None:
    """It logs addresses and whole messages otherwise."""
    from loguru import logger  # noqa: PLC0415

    logger.disable("karrio")
