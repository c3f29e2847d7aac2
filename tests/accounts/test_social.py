"""Sign-in by other services is there once its keys are, and nowhere before."""

import pytest
from django.conf import settings as conf
from django.urls import URLResolver, reverse

from accounts.views import doors
from tests.factories import RateFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _market(demo_market):
    RateFactory()


def names(found):
    for one in found:
        if isinstance(one, URLResolver):
            yield from names(one.url_patterns)
        else:
            yield one.name


def test_without_keys_no_other_service_is_offered(client):
    page = client.get(reverse("account_login"))

    assert conf.SOCIALACCOUNT_PROVIDERS == {}
    assert "Google" not in page.text
    assert client.get("/account/google/login/").status_code == 404
    assert "google_login" not in set(names(doors.patterns()))


def test_with_keys_google_is_offered(settings):
    settings.SOCIALACCOUNT_PROVIDERS = {"google": {"APPS": [{"client_id": "x", "secret": "y"}]}}

    found = set(names(doors.patterns()))

    assert {"google_login", "google_callback", "socialaccount_signup"} <= found
