"""The page about the API says what the API does."""

import re

import pytest
from django.urls import reverse

from channels.services.keys import SCOPES
from shop.api.problems import KINDS
from shop.api.v1 import api

pytestmark = pytest.mark.django_db


def test_names_every_address_scope_and_problem(client, demo_market):
    page = client.get("/api/")

    assert page.status_code == 200
    text = page.content.decode()
    for path in api.get_openapi_schema()["paths"]:
        assert path in text
    for scope in SCOPES:
        assert scope in text
    for kind in KINDS:
        assert f'id="{kind}"' in text


def test_is_the_same_for_everybody_and_loads_nothing_foreign(client, demo_market):
    page = client.get("/api/")

    assert page["Cache-Control"].startswith("public")
    assert not page.cookies
    assert not re.findall(r'<script[^>]+src="(?:https?:)?//', page.content.decode())


def test_opens_in_a_shop_without_a_market(client):
    assert client.get("/api/").status_code == 200


def test_every_operation_is_behind_one_scope_and_tells_its_problems(client):
    described = client.get(reverse("api:openapi-json")).json()

    for methods in described["paths"].values():
        for details in methods.values():
            assert details["x-scope"] in SCOPES
            assert details["security"] == [{"Key": []}]
            assert {"401", "403", "422", "429"} <= details["responses"].keys()
            refusal = details["responses"]["401"]["content"]
            assert list(refusal) == ["application/problem+json"]
