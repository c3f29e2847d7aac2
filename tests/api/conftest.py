import itertools
import json

import pytest
from django.utils import timezone

from channels.services import keys

COUNTER = itertools.count(1)


class Caller:
    """A system of the merchant's, with a key."""

    def __init__(self, client, token):
        self.client = client
        self.token = token

    def send(self, method, path, body=None, *, key=None, **headers):
        if body is not None:
            headers["content-type"] = "application/json"
        if key is not None:
            headers["Idempotency-Key"] = key
        return self.client.generic(
            method,
            f"/api/v1{path}",
            json.dumps(body) if body is not None else "",
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.token}", **headers},
        )

    def get(self, path, **headers):
        return self.send("GET", path, **headers)

    def post(self, path, body, *, key=None):
        return self.send("POST", path, body, key=key or f"call-{next(COUNTER)}")


@pytest.fixture
def calling(client, db):
    """calling("stock:read"): with a key of just these scopes; without any, with all."""

    def make(*scopes, **terms):
        fresh = keys.make(
            name="Till", scopes=scopes or keys.SCOPES, actor=None, now=timezone.now(), **terms
        )
        return Caller(client, fresh.token)

    return make
