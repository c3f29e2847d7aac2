"""Settings that are dangerous together are refused at the start."""

import pytest

from shop import checks

STRICT = {"default-src", "object-src", "base-uri", "frame-ancestors"}


def policy(**changes):
    rules = {
        **{key: ["'none'"] for key in STRICT},
        "script-src": ["'self'"],
        "style-src": ["'self'"],
    }
    return {"DIRECTIVES": {**rules, **{name.replace("_", "-"): at for name, at in changes.items()}}}


def ids(found):
    return [one.id for one in found]


@pytest.mark.parametrize("place", ["0.0.0.0/0", "::/0", "128.0.0.0/1"])
def test_the_whole_internet_is_no_proxy(settings, place):
    settings.TRUSTED_PROXIES = ["10.0.3.7/32", place]

    assert ids(checks.proxies_are_known()) == ["shop.E007"]


@pytest.mark.parametrize("places", [[], ["unix"], ["10.0.3.7/32", "fc00::/7"]])
def test_known_proxies_are_fine(settings, places):
    settings.TRUSTED_PROXIES = places

    assert not checks.proxies_are_known()


@pytest.mark.parametrize(
    "changes",
    [
        {"script_src": ["'self'", "'unsafe-inline'"]},
        {"script_src": ["'self'", "'unsafe-eval'"]},
        {"script_src": ["https:"]},
        {"style_src": ["'self'", "'unsafe-inline'"]},
        {"object_src": ["'self'"]},
        {"frame_ancestors": ["'self'"]},
        {"default_src": ["'self'"]},
    ],
)
def test_a_loose_content_policy_stops_the_start(settings, changes):
    settings.CONTENT_SECURITY_POLICY = policy(**changes)

    assert ids(checks.the_content_policy_is_strict()) == ["shop.E008"]


def test_the_shops_own_settings_pass():
    assert not checks.the_content_policy_is_strict()
    assert not checks.proxies_are_known()


def test_a_demo_under_a_public_name_does_not_start(settings):
    settings.DEMO, settings.ALLOWED_HOSTS = True, ["127.0.0.1", "shop.example"]

    assert ids(checks.demo_stays_at_home()) == ["shop.E001"]


def test_production_needs_https_a_name_and_a_long_key(settings):
    settings.HTTPS, settings.SECRET_KEY = False, "short"
    settings.SITE_URL, settings.ALLOWED_HOSTS = "http://shop.example", ["else.example"]

    assert ids(checks.the_site_has_a_name()) == ["shop.E004", "shop.E005", "shop.E006"]
