"""What a list costs once others have looked at it, in whatever order and however deep."""

import pytest

from catalog.models import Card
from shop.lib.page_cache import throw_away_pages
from tests.factories.shelf import product_with, shelve

pytestmark = pytest.mark.django_db
MUGS = "/c/mugs/"
SORTS = ("popular", "price", "-price", "rating", "newest")


@pytest.fixture(autouse=True)
def mugs(demo_market):
    """More than a page of them, by price in another order than by popularity."""
    for number in range(30):
        glaze = {"Glaze": ["Ash" if number % 3 else "Moss"]}
        product_with(
            glaze, title=f"Mug {number}", price=str(5 + number * 7 % 30), popularity=number
        )
    shelve()
    throw_away_pages()
    return demo_market


def titles(client, address):
    return [card.title for card in client.get(address).context["listing"].cards]


def test_a_page_is_one_query_for_cards_that_nobody_has_seen(client, django_assert_num_queries):
    client.get(MUGS)

    with django_assert_num_queries(1):
        assert len(titles(client, f"{MUGS}?page=2")) == 6


def test_cards_that_were_on_another_page_are_not_asked_for(client, django_assert_num_queries):
    client.get(MUGS), client.get(f"{MUGS}?page=2")
    for sort in SORTS:
        client.get(f"{MUGS}?sort={sort}")

        with django_assert_num_queries(0):
            assert len(titles(client, f"{MUGS}?sort={sort}&page=2")) == 6


def test_what_a_card_says_is_read_anew_when_the_shop_moves_on(client):
    client.get(MUGS)
    Card.objects.update(title="Renamed")
    throw_away_pages()

    assert set(titles(client, MUGS)) == {"Renamed"}


def test_the_pages_of_an_order_make_up_the_whole_list(client):
    for sort in SORTS:
        first, second = [titles(client, f"{MUGS}?sort={sort}&page={page}") for page in (1, 2)]

        assert (len(first), len(second)) == (24, 6)
        assert len({*first, *second}) == 30


def test_what_the_filters_leave_keeps_the_order(client):
    pages = [titles(client, f"{MUGS}?sort=price&page={page}") for page in (1, 2)]

    found = titles(client, f"{MUGS}?sort=price&glaze=moss")

    assert len(found) == 10
    assert found == [one for page in pages for one in page if int(one.split()[1]) % 3 == 0]


def test_a_new_price_moves_its_product_at_once(client):
    assert titles(client, f"{MUGS}?sort=price")[0] == "Mug 0"

    product_with({"Glaze": ["Ash"]}, title="Cheapest", price="1")
    shelve()
    throw_away_pages()

    assert titles(client, f"{MUGS}?sort=price")[0] == "Cheapest"
