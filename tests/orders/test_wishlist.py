"""Wish lists: without an account, by a browser's keys; shared by an address; merged at sign-in."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from catalog.models import Price
from orders.models import CartLine, Wishlist, WishlistLine
from orders.services import wishlists
from orders.services.wishlists import Owner
from tests.factories import (
    MarketFactory,
    PriceFactory,
    RateFactory,
    TaxRateFactory,
    VariantFactory,
    in_stock,
)
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
HOSTILE = ["", "\x00", "' or 1=1 --", "<script>", "x" * 5000, "٣", "-1", "9" * 40, "💥"]


@pytest.fixture(autouse=True)
def _market():
    MarketFactory()
    TaxRateFactory()
    RateFactory()


def post(client, form, /, *args, headers=None, **data):
    headers = {"Sec-Fetch-Site": "same-origin", **(headers or {})}
    return client.post(reverse(f"orders:{form}", args=args), data, headers=headers)


def wish(client, variant, **data):
    return post(client, "wishlist_line_create", sku=variant.sku, **data)


def page(client, path=""):
    return client.get(reverse("orders:wishlist") + path).content.decode()


def test_the_first_wish_makes_a_list_and_a_key_that_no_script_reads(client):
    answer = wish(client, in_stock())

    assert answer.status_code == 302
    assert answer.cookies["wishlist"]["httponly"]
    assert answer.cookies["wishlist"].value == Wishlist.objects.get().token
    assert not answer.cookies["wished"]["httponly"]


def test_the_readable_cookie_names_product_and_variant(client):
    variant = in_stock()

    answer = wish(client, variant)

    assert answer.cookies["wished"].value == f"{variant.product_id}-{variant.pk}"


def test_a_heart_on_a_card_takes_the_variant_that_is_there(client):
    gone = VariantFactory(position=0)
    there = in_stock(product=gone.product, position=1)

    post(client, "wishlist_line_create", product=gone.product_id)

    assert WishlistLine.objects.get().variant == there


def test_wishing_twice_is_wishing_once(client):
    variant = in_stock()

    wish(client, variant)
    wish(client, variant)

    assert WishlistLine.objects.count() == 1


def test_script_gets_no_page_back(client):
    answer = wish(client, in_stock(), headers={"X-Wish": "1"})

    assert answer.status_code == 204
    assert "wished" in answer.cookies


def test_a_heart_lets_go_again(client):
    variant = in_stock()
    wish(client, variant)

    answer = wish(client, variant, remove="1", headers={"X-Wish": "1"})

    assert not WishlistLine.objects.exists()
    assert answer.cookies["wished"].value == ""


def test_looking_makes_neither_a_list_nor_a_cookie(client):
    answer = client.get(reverse("orders:wishlist"))

    assert not Wishlist.objects.exists()
    assert not answer.cookies
    assert "noindex" in answer.content.decode()


def test_a_sold_out_piece_can_be_wished_for_and_says_so(client):
    wish(client, VariantFactory())

    html = page(client)

    assert "Sold out" in html
    assert "Mail me when it is back" in html


def test_another_site_cannot_fill_the_list(client):
    answer = wish(
        client,
        in_stock(),
        headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
    )

    assert answer.status_code == 403
    assert not WishlistLine.objects.exists()


@pytest.mark.parametrize("text", HOSTILE)
def test_odd_skus_are_refused_with_a_reason(client, text):
    answer = post(client, "wishlist_line_create", sku=text)

    assert answer.status_code == 422
    assert "not for sale" in answer.content.decode()


@pytest.mark.parametrize("text", HOSTILE)
def test_odd_keys_open_nothing(client, text):
    client.cookies["wishlist"] = text.encode("ascii", "replace").decode().replace("\x00", "")

    assert "Nothing on this list yet" in page(client)


@pytest.mark.parametrize("text", HOSTILE)
def test_odd_fields_never_break_the_page(client, text):
    wish(client, in_stock())
    wishlist, line = Wishlist.objects.get(), WishlistLine.objects.get()
    answers = [
        post(client, "wishlist_rename", wishlist.pk, name=text),
        post(client, "wishlist_create", name=text),
        post(client, "wishlist_line_move", line.pk, list=text),
        post(client, "wishlist_restore", sealed=text),
        client.get(reverse("orders:wishlist"), {"list": text.replace("\x00", "")}),
    ]

    assert {answer.status_code for answer in answers} <= {200, 302, 422}
    assert "<script>" not in page(client).partition("<main")[2]


def test_numbers_beyond_every_id_are_refused(client):
    wish(client, in_stock())

    assert post(client, "wishlist_line_remove", 10**30).status_code == 422


def test_a_strangers_list_is_closed(client):
    stranger = wishlists.create(
        owner=Owner(), market=MarketFactory(), name="Hers", now=timezone.now()
    )
    line = wishlists.add(
        owner=Owner((stranger.token,)),
        variant=in_stock(),
        market=stranger.market,
        list_id=None,
        now=timezone.now(),
    )
    wish(client, in_stock())

    answers = [
        post(client, "wishlist_remove", stranger.pk),
        post(client, "wishlist_rename", stranger.pk, name="Mine"),
        post(client, "wishlist_share", stranger.pk, share="1"),
        post(client, "wishlist_buy", stranger.pk),
        post(client, "wishlist_line_remove", line.pk),
        post(client, "wishlist_line_buy", line.pk),
    ]

    assert {answer.status_code for answer in answers} == {422}
    stranger.refresh_from_db()
    assert (stranger.name, stranger.is_shared, stranger.lines.count()) == ("Hers", False, 1)


def test_several_lists_have_names_and_wishes_of_their_own(client):
    wish(client, in_stock())
    post(client, "wishlist_create", name="  Kitchen \n table ")
    kitchen = Wishlist.objects.get(name="Kitchen table")

    wish(client, in_stock(), list=kitchen.pk)
    post(client, "wishlist_rename", kitchen.pk, name="Table")

    assert kitchen.lines.count() == 1
    assert "Table" in page(client)


def test_a_wish_moves_to_another_list(client):
    wish(client, in_stock())
    post(client, "wishlist_create", name="Later")
    later = Wishlist.objects.get(name="Later")

    post(client, "wishlist_line_move", WishlistLine.objects.get().pk, list=later.pk)

    assert later.lines.count() == 1


def test_there_is_room_for_ten_lists(client):
    for number in range(10):
        post(client, "wishlist_create", name=f"List {number}")

    answer = post(client, "wishlist_create", name="One more")

    assert answer.status_code == 422
    assert Wishlist.objects.count() == 10


def test_a_removed_wish_can_be_put_back(client):
    variant = in_stock()
    wish(client, variant)

    answer = post(client, "wishlist_line_remove", WishlistLine.objects.get().pk)

    assert not WishlistLine.objects.exists()
    assert f'value="{variant.sku}"' in answer.content.decode()


def test_a_deleted_list_comes_back_once_with_everything_on_it(client):
    wish(client, in_stock())
    wish(client, in_stock())
    before = Wishlist.objects.get()
    answer = post(client, "wishlist_remove", before.pk)
    sealed = answer.context["told"]["deleted"]["sealed"]
    assert not Wishlist.objects.exists()

    post(client, "wishlist_restore", sealed=sealed)
    again = post(client, "wishlist_restore", sealed=sealed)

    after = Wishlist.objects.get()
    assert (after.name, after.share_key, after.lines.count()) == (before.name, before.share_key, 2)
    assert again.status_code == 422


def test_a_list_is_shared_only_when_asked_and_can_be_closed_for_good(client):
    wish(client, in_stock())
    wishlist = Wishlist.objects.get()
    address = reverse("orders:wishlist_shared", args=[wishlist.share_key])
    assert client.get(address).status_code == 404

    post(client, "wishlist_share", wishlist.pk, share="1")
    assert client.get(address).status_code == 200

    post(client, "wishlist_share", wishlist.pk)
    assert client.get(address).status_code == 404
    post(client, "wishlist_share", wishlist.pk, share="1")
    assert client.get(address).status_code == 404


def test_a_shared_address_shows_the_list_and_no_key_to_it(client):
    wish(client, in_stock())
    post(client, "wishlist_share", Wishlist.objects.get().pk, share="1")
    wishlist = Wishlist.objects.get()
    client.cookies.clear()

    answer = client.get(reverse("orders:wishlist_shared", args=[wishlist.share_key]))

    html = answer.content.decode()
    assert "Foot-ring mug" in html
    assert "noindex" in html
    assert wishlist.token not in html
    assert not answer.cookies
    assert "/wishlist/lists/" not in html


@pytest.mark.parametrize("key", ["x", "x" * 300, "..%2f..", "' or 1=1"])
def test_guessed_shared_addresses_are_not_found(client, key):
    assert client.get(reverse("orders:wishlist_shared", args=[key])).status_code == 404


def test_a_price_change_since_the_wish_is_told(client):
    wish(client, in_stock())
    Price.objects.update(amount=Decimal("18.00"))

    html = page(client)

    assert "£18.00" in html
    assert "gone down" in html


def test_lists_of_another_market_show_the_prices_of_this_one(client):
    variant = in_stock()
    variant.product.type.is_shipped = False
    variant.product.type.save()
    PriceFactory(variant=variant, market=MarketFactory(eu=True), amount=Decimal("27.00"))
    wish(client, variant)

    html = client.get("/eu/wishlist/").content.decode()

    assert "€27.00" in html
    assert "gone up" not in html


def test_a_wish_moves_to_the_basket(client):
    variant = in_stock()
    wish(client, variant)

    answer = post(client, "wishlist_line_buy", WishlistLine.objects.get().pk)

    assert CartLine.objects.get().variant == variant
    assert not WishlistLine.objects.exists()
    assert answer.cookies["cart_count"].value == "1"


def test_moving_all_tells_what_became_of_each(client):
    there, gone = in_stock(), VariantFactory()
    wish(client, there)
    wish(client, gone)

    answer = post(client, "wishlist_buy", Wishlist.objects.get().pk)

    reports = {one.title: one.is_moved for one in answer.context["told"]["reports"]}
    assert sorted(reports.values()) == [False, True]
    assert WishlistLine.objects.get().variant == gone
    assert CartLine.objects.get().variant == there


def test_the_page_asks_as_much_for_one_wish_as_for_many(client, django_assert_max_num_queries):
    for _number in range(8):
        wish(client, in_stock())

    with django_assert_max_num_queries(20):
        page(client)


def test_the_lists_of_a_browser_become_the_accounts_at_sign_in(client):
    variant = in_stock()
    wish(client, variant)
    token = client.cookies["wishlist"].value
    user = UserFactory()
    client.force_login(user)

    page(client)

    wishlist = Wishlist.objects.get()
    assert wishlist.user == user
    assert wishlist.token != token
    assert client.cookies["wishlist"].value == ""


def test_lists_of_one_name_become_one_without_losing_a_wish():
    user, market, now = UserFactory(), MarketFactory(), timezone.now()
    shared, own, brought = in_stock(), in_stock(), in_stock()
    mine = wishlists.create(owner=Owner(user=user), market=market, name="Wish list", now=now)
    guest = wishlists.create(owner=Owner(), market=market, name="wish LIST", now=now)
    for owner, variants in (
        (Owner(user=user), (shared, own)),
        (Owner((guest.token,)), (shared, brought)),
    ):
        for variant in variants:
            wishlists.add(owner=owner, variant=variant, market=market, list_id=None, now=now)

    first = wishlists.merge(tokens=[guest.token], user=user, now=now)
    second = wishlists.merge(tokens=[guest.token], user=user, now=now)

    assert (first, second) == (1, 0)
    assert Wishlist.objects.get() == mine
    assert {line.variant for line in WishlistLine.objects.all()} == {shared, own, brought}


def test_nobody_takes_over_a_list_that_belongs_to_an_account():
    alice, mallory = UserFactory(), UserFactory()
    wishlist = wishlists.create(
        owner=Owner(user=alice), market=MarketFactory(), name="Hers", now=timezone.now()
    )

    wishlists.merge(tokens=[wishlist.token], user=mallory, now=timezone.now())

    wishlist.refresh_from_db()
    assert wishlist.user == alice
    assert not wishlists.lists_of(Owner((wishlist.token,))).exists()


def test_lists_whose_key_is_lost_are_deleted():
    now = timezone.now()
    wishlists.create(owner=Owner(), market=MarketFactory(), name="Old", now=now)

    wishlists.forget_lost(now=now + dt.timedelta(days=399))
    assert Wishlist.objects.exists()
    wishlists.forget_lost(now=now + dt.timedelta(days=401))

    assert not Wishlist.objects.exists()
