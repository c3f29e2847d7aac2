from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from catalog.queries import markets, search_language
from shop.celery import app as celery_app
from tests.factories import MarketFactory, TaxRateFactory
from tests.factories.people import both_factors


def pytest_configure():
    # Nothing is collected for tests: pages name their static files plainly.
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    # As a worker does at its start: every task is known.
    celery_app.loader.import_default_modules()
    # Examples are judged by what they show, not by how busy this machine is.
    hypothesis.settings.register_profile(
        "calm", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
    )
    hypothesis.settings.load_profile("calm")


@pytest.fixture(autouse=True)
def _staff_show_both_factors(monkeypatch):
    """`client.force_login(staff(...))` leaves the session that a whole sign-in leaves."""
    plain = Client.force_login

    def force_login(client, user, backend=None):
        plain(client, user, backend)
        if user.is_staff:
            both_factors(client, user)

    monkeypatch.setattr(Client, "force_login", force_login)


@pytest.fixture(autouse=True)
def empty_cache():
    """Each test has the cache to itself, and reads its own markets."""
    cache.clear()
    markets.forget()
    search_language.forget()


@pytest.fixture
def demo_market(db):
    """The main market, with its tax."""
    TaxRateFactory()
    return MarketFactory()
