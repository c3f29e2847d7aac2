"""Settings that are dangerous together are said at start-up."""

from ipaddress import ip_network
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

WEAK = 40
# The widest private network there is, fc00::/7, is a proxy's; anything wider is the internet.
NARROWEST = 7
LOOSE = {"'unsafe-inline'", "'unsafe-eval'", "*", "data:", "http:", "https:"}
MUST_BE_SHUT = ("default-src", "object-src", "base-uri", "frame-ancestors")


@register(Tags.security)
def demo_stays_at_home(**_kwargs: Any) -> list[CheckMessage]:
    """The demo has known logins and takes no real money: never under a public name."""
    local = {"127.0.0.1", "localhost", "[::1]"}
    if settings.DEMO and not set(settings.ALLOWED_HOSTS) <= local:
        return [
            Error(
                "DEMO is on, but ALLOWED_HOSTS names more than this machine.",
                hint="Unset DEMO, or ALLOWED_HOSTS.",
                id="shop.E001",
            )
        ]
    return []


@register(Tags.security)
def cards_need_a_signature(**_kwargs: Any) -> list[CheckMessage]:
    if settings.STRIPE_SECRET_KEY and not settings.STRIPE_WEBHOOK_SECRET:
        return [
            Error(
                "STRIPE_SECRET_KEY is set without STRIPE_WEBHOOK_SECRET.",
                hint="Without it no webhook can be trusted.",
                id="shop.E002",
            )
        ]
    return []


@register(Tags.security)
def real_keys_meet_the_real_stripe(**_kwargs: Any) -> list[CheckMessage]:
    """A live key must not be sent to a stand-in, nor a made-up one decide about real orders."""
    is_stripe = settings.STRIPE_API_BASE == "https://api.stripe.com"
    if not settings.DEMO and settings.STRIPE_SECRET_KEY and not is_stripe:
        return [
            Error(
                "STRIPE_API_BASE points away from Stripe outside the demo.",
                id="shop.E003",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def the_site_has_a_name(**_kwargs: Any) -> list[CheckMessage]:
    host = settings.SITE_URL.partition("://")[2].partition("/")[0].partition(":")[0]
    problems: list[CheckMessage] = []
    if host not in settings.ALLOWED_HOSTS and "*" not in settings.ALLOWED_HOSTS:
        problems.append(Error("The host of SITE_URL is not in ALLOWED_HOSTS.", id="shop.E004"))
    if not settings.HTTPS:
        problems.append(Error("SITE_URL is not https.", id="shop.E005"))
    if len(settings.SECRET_KEY) < WEAK:
        problems.append(Error("SECRET_KEY is too short.", id="shop.E006"))
    return problems


@register(Tags.security)
def proxies_are_known(**_kwargs: Any) -> list[CheckMessage]:
    """A network as wide as the internet would let everybody say who they are."""
    wide = [
        place
        for place in settings.TRUSTED_PROXIES
        if place != "unix" and ip_network(place).prefixlen < NARROWEST
    ]
    if wide:
        return [
            Error(
                f"TRUSTED_PROXIES believes {', '.join(wide)}.",
                hint="Name the networks that your own proxies stand in.",
                id="shop.E007",
            )
        ]
    return []


@register(Tags.security)
def the_content_policy_is_strict(**_kwargs: Any) -> list[CheckMessage]:
    """No page but the admin's may run or style what stands in it."""
    rules: dict[str, Any] = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    loose = [
        name
        for name, places in rules.items()
        if name in ("script-src", "style-src") and LOOSE & {str(place) for place in places}
    ]
    missing = [name for name in MUST_BE_SHUT if rules.get(name) != ["'none'"]]
    if loose or missing:
        return [
            Error(
                f"The content policy is open: {', '.join([*loose, *missing])}.",
                hint="Put scripts and styles into files of their own.",
                id="shop.E008",
            )
        ]
    return []
