"""Connections to elsewhere are opened in few places, each with a reason."""

import re

from tests.house.files import name_of, project_files

OPENS = re.compile(
    r"^\s*(import|from) (httpx|requests|urllib\.request|urllib3|http\.client|aiohttp|socket|ftplib|smtplib)\b",
    re.MULTILINE,
)
REASONS = {
    "shop/lib/network.py": "the guard itself",
    "shop/lib/fetch.py": "asks through the guard",
    "shop/outbox/sms.py": "one gateway, named in the settings by whoever runs the shop",
    "accounts/gateways/vies.py": "one register of the Union, through the guard",
    "docs/deploy/healthcheck.py": "its own container",
    "shop/processes/health/certificate.py": "the shop's own address, for its certificate",
}
OWN_MACHINE = ("shop/embedded/", "shop/standin/", "shop/demo/", "bench/", "tests/")


def test_addresses_are_asked_through_the_guard_only():
    opening = {
        name_of(path)
        for path in project_files(".py")
        if OPENS.search(path.read_text()) and not name_of(path).startswith(OWN_MACHINE)
    }

    assert opening <= REASONS.keys()


def test_every_reason_is_still_needed():
    here = {name_of(path) for path in project_files(".py")}

    assert REASONS.keys() <= here
