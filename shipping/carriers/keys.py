"""The keys of carriers' accounts: settings of the environment, CARRIER_<CODE>_<NAME>."""

from collections.abc import Mapping

from django.conf import settings

# By adapter: what has to be there before anybody is asked.
NEEDED: Mapping[str, tuple[str, ...]] = {
    "usps": ("CLIENT_ID", "CLIENT_SECRET"),
    "fedex": ("API_KEY", "SECRET_KEY", "ACCOUNT_NUMBER"),
    "ups": ("CLIENT_ID", "CLIENT_SECRET", "ACCOUNT_NUMBER"),
    "dhl_express": ("SITE_ID", "PASSWORD", "ACCOUNT_NUMBER"),
}
# What else each may be given.
KNOWN: Mapping[str, tuple[str, ...]] = {
    "usps": ("ACCOUNT_NUMBER", "ACCOUNT_TYPE", "CRID", "MID", "MANIFEST_MID"),
    "fedex": ("TRACK_API_KEY", "TRACK_SECRET_KEY", "ACCOUNT_COUNTRY_CODE"),
    "ups": ("ACCOUNT_COUNTRY_CODE",),
    "dhl_express": ("ACCOUNT_COUNTRY_CODE",),
}


def keys_of(code: str) -> dict[str, str]:
    """{"CLIENT_ID": …} of a carrier's account; empty when nothing was set."""
    prefix = f"{code.upper().replace('-', '_')}_"
    found: Mapping[str, str] = settings.CARRIER_KEYS
    return {
        name.removeprefix(prefix): value
        for name, value in found.items()
        if name.startswith(prefix) and value
    }


def is_set(adapter: str, code: str) -> bool:
    """Whether a carrier can be asked at all."""
    keys = keys_of(code)
    return all(name in keys for name in NEEDED.get(adapter, ()))


def webhook_secret(code: str) -> str:
    return keys_of(code).get("WEBHOOK_SECRET", "")
