"""What the API says where no part of it was meant."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/api/v1/", "/api/v1/nothing", "/api/v1/products/abc"])
def test_an_address_without_anything_is_a_problem_not_a_page(client, path):
    answer = client.get(path)

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


def test_a_method_nobody_knows_is_a_problem_and_says_which_are_known(client):
    answer = client.delete("/api/v1/products")

    assert answer.status_code == 405
    assert answer["Allow"] == "GET"
    assert answer.json()["status"] == 405


def test_what_is_gone_is_a_problem(calling):
    answer = calling().get("/products/999999")

    assert answer.status_code == 404
    assert answer.json()["type"] == "/api/#not-found"


def test_is_kept_by_no_cache_and_sets_no_cookie(calling):
    answer = calling().get("/products")

    assert answer["Cache-Control"] == "no-store, private"
    assert not answer.cookies
