import pytest
from django.db import OperationalError, connections


@pytest.fixture
def no_database(monkeypatch):
    """The database does not answer."""

    def refuse(*_args, **_kwargs):
        raise OperationalError("connection refused")

    monkeypatch.setattr(connections["default"], "ensure_connection", refuse)
    monkeypatch.setattr(connections["default"], "cursor", refuse)
