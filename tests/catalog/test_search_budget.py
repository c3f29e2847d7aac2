"""Search: few questions to the database, however much there is."""

import pytest

from catalog.queries import search_language
from tests.factories import CategoryFactory
from tests.factories.shelf import article, product_with, shelve

pytestmark = pytest.mark.django_db
MOST = 12


@pytest.fixture(autouse=True)
def shop(demo_market):
    article("Returns", body="Send the mug back within 30 days.")
    for number in range(30):
        product_with(
            {"Glaze": ["Ash", "Moss"]},
            title=f"Foot-ring mug {number}",
            slug=f"mug-{number}",
            category=CategoryFactory(name="Mugs"),
        )
    shelve()


@pytest.mark.parametrize("cold", [True, False])
@pytest.mark.parametrize(
    "address",
    [
        "/search/?q=mug", "/search/?q=foot-ring+mgu", "/search/?q=mug&page=2",
        "/search/?q=mug&glaze=moss", "/search/?q=320ml+foot-ring", "/search/suggest/?q=foot+mu",
    ],
)  # fmt: skip
def test_a_search_asks_few_questions(client, django_assert_max_num_queries, address, cold):
    client.get("/search/?q=teapot")
    if cold:
        search_language.forget()

    with django_assert_max_num_queries(MOST):
        assert client.get(address).status_code == 200
