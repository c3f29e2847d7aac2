import pytest


@pytest.fixture(autouse=True)
def _sessions_that_can_be_taken_back(settings):
    """In their table alone: what a visit leaves in a session goes with the visit."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
