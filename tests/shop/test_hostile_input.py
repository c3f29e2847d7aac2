"""Whatever comes in: no public page breaks, and nothing typed comes back as markup."""

from urllib.parse import quote

import pytest
from django.test import Client

from channels.models import Feed
from marketing.models import ContentBlock, LandingPage
from tests.factories import CartLineFactory, MarketFactory, RateFactory
from tests.factories.shelf import article, product_with, shelve

pytestmark = pytest.mark.django_db
SCRIPT = '<script>alert("loom-7")</script>'
IMAGE = '"><img src=loom onerror=alert(7)>'
MARKS = (b'<script>alert("loom-7")', b"<img src=loom")
TEXTS = {
    "script": SCRIPT,
    "image": IMAGE,
    "single quotes": "' onmouseover='alert(7)",
    "sql": "'; drop table catalog_product; --",
    "union": "' union select null, version() --",
    "like": "%_%\\_[a-z]",
    "template": "{{ 7|add:7 }}{% debug %}${7*7}",
    "very long": "mug " * 1000,
    "one long word": "m" * 4000,
    "emoji": "🏺🫖👩🏽‍🍳 mug",
    "right to left": "\u202emug\u202c\u200b\ufeff",
    "combining": "e" + "\u0301" * 300,
    "control": "\x01\x02\x1b[31m\x7f mug",
    "lines": "mug\r\nSet-Cookie: a=b",
    "negative": "-1",
    "huge": "9" * 400,
    "not a number": "NaN",
    "float": "1e309",
    "other digits": "٣४",
    "path": "../../../../etc/passwd",
    "json": '{"a": [1, {"$gt": ""}]}',
    "regex": "(a+)+$" * 40 + "!",
    "search words": '"mug -tea OR & | ! <-> :* ()',
    "formula": '=HYPERLINK("http://loom.example")',
}
# As they stand in an address: no program of ours would write them.
RAW = [
    "page=-1", "page=0", "page=99999999", "page=abc", "page=1.5", "page=%00", "page=1&page=2",
    "price=abc", "price=-5", "price=under-", "price=5-1", "price=99999999999-1", "price=0-0",
    "q=%ff%fe", "q=%00mug", "q=%c0%ae", "q=%ed%a0%80", "q=%", "q=%zz", "q", "=", "&&&", "q=mug&q=tea",
    "q[]=mug", "q[a]=b", "__proto__[x]=1", "glaze=ash&glaze=ash", "glaze=%ff", "glaze%00=ash",
    "sort=price;drop", "sort=", "rating=99", "stock=%00", "category=../..", "v=%ff", "preview=%ff",
    "preview=", "exact=%ff", "utm_source=x&fbclid=y", "&".join(f"a{n}=b" for n in range(1500)),
    "&".join(f"glaze={n}" for n in range(400)), "a=" + "b" * 9000,
]  # fmt: skip
PAGES = [
    "/", "/eu/", "/c/mugs/", "/p/mug/", "/collections/", "/search/", "/search/suggest/",
    "/recommended/", "/help/", "/help/delivery/", "/contact/", "/explore/summer/", "/cart/",
    "/wishlist/", "/checkout/", "/orders/lookup/", "/withdraw/", "/alerts/", "/robots.txt", "/sitemap.xml",
    "/gift-cards/",
    "/sitemaps/products-uk-1.xml", "/feeds/google-uk.xml", "/healthz", "/readyz", "/favicon.ico",
]  # fmt: skip
LISTS = {"/c/mugs/", "/search/", "/search/suggest/", "/p/mug/", "/recommended/", "/alerts/"}
SHARP = {
    name: TEXTS[name]
    for name in ("script", "image", "sql", "one long word", "emoji", "right to left", "control",
                 "lines", "negative", "huge", "other digits", "path")
}  # fmt: skip
SENSIBLE = {"sku": "MUG-ASH", "quantity": "1", "email": "a@b.example", "list": "1"}
NAMES = ["q", "page", "price", "sort", "glaze", "v", "category", "seen", "list", "t", "preview"]
IN_PATHS = [
    "/{}", "/c/{}/", "/c/mugs/{}/", "/p/{}/", "/collections/{}/", "/explore/{}/", "/help/{}/",
    "/pages/{}/", "/orders/{}/", "/orders/{}/?t={}", "/orders/{}/payment/", "/returns/{}/?t={}",
    "/returns/{}/{}/", "/claims/{}/", "/claims/{}/{}/", "/withdraw/?order={}&t={}", "/downloads/{}/",
    "/alerts/{}/confirmation/", "/alerts/{}/cancellation/", "/wishlist/shared/{}/",
    "/feeds/{}.xml", "/sitemaps/{}-1.xml", "/sitemaps/products-uk-{}.xml", "/media/{}",
    "/media/products/{}.webp", "/cart/lines/{}/", "/wishlist/lines/{}/list/", "/webhooks/{}/",
]  # fmt: skip
FORMS = {
    "/cart/lines/": ["sku", "quantity", "next", "extra_1"],
    "/cart/lines/1/": ["quantity"],
    "/cart/lines/1/swap/": ["sku"],
    "/checkout/": ["email", "name", "country", "line1", "line2", "city", "postcode", "phone",
                   "shipping_method", "payment_method", "refresh", "key"],
    "/orders/lookup/": ["number", "email", "wish"],
    "/withdraw/": ["name", "number", "email", "extent", "pieces", "key", "step"],
    "/gift-cards/": ["code"],
    "/alerts/": ["kind", "sku", "email", "name", "next"],
    "/wishlist/lines/": ["sku", "product", "list", "remove", "next"],
    "/wishlist/lines/1/removal/": ["list"],
    "/wishlist/lines/1/list/": ["list"],
    "/wishlist/lines/1/basket/": ["quantity"],
    "/wishlist/lists/": ["name"],
    "/wishlist/lists/restoration/": ["sealed"],
    "/wishlist/lists/1/name/": ["name"],
    "/wishlist/lists/1/sharing/": ["share"],
    "/search/seen/": ["q", "results", "url"],
    "/orders/MW-1/payment/": ["t"],
    "/webhooks/stripe/": ["payload"],
}  # fmt: skip
BODIES = [
    ("application/x-www-form-urlencoded", b"sku=%ff%00&quantity=%c0%ae&q=%zz"),
    ("application/x-www-form-urlencoded", b"&" * 3500),
    ("application/x-www-form-urlencoded", b"a=b&" * 3500),
    ("multipart/form-data", b"no boundary at all"),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="sku"\r\n'),
    ("multipart/form-data; boundary=\xff", b"--\xff--"),
    ("application/json", b"{"),
    ("application/json", b"[" * 20_000),
    ("text/plain; charset=utf-7", b"+ADw-script+AD4-"),
    ("application/x-www-form-urlencoded; charset=utf-16", b"\xff\xfes\x00k\x00u\x00"),
    ("", b"\x00\xff"),
]
METHODS = ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "LOOM"]


@pytest.fixture(autouse=True)
def shop(demo_market):
    MarketFactory(eu=True)
    RateFactory()
    article("Delivery")
    product_with({"Glaze": ["Ash", "Moss"]}, slug="mug", title="Mug", tiles=["Glaze"])
    page = LandingPage.objects.create(title="Summer", slug="summer", is_published=True)
    ContentBlock.objects.create(page=page, kind="text", text="Sun.")
    Feed.objects.create(name="google-uk", kind=Feed.Kind.GOOGLE, market=demo_market)
    shelve()


@pytest.fixture
def visitor():
    """Somebody whose requests may fail without failing the test at once."""
    return Client(raise_request_exception=False)


def content(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def check(response, what):
    """No fault of ours, nothing echoed as markup, and words for who reads them."""
    assert response.status_code < 500, (what, getattr(response, "exc_info", None))
    body, was_read = content(response), response.request["REQUEST_METHOD"] == "GET"
    if not response["Content-Type"].startswith("application/json"):
        assert not any(mark in body for mark in MARKS), what
    # A wrong method is told in the header.
    if response.status_code >= 400 and response.status_code != 405 and was_read:
        assert len(body) > 5, what
    for header, value in response.items():
        assert "\n" not in value, (what, header)


@pytest.mark.parametrize("address", PAGES)
def test_no_query_breaks_a_page(visitor, address):
    for query in RAW if address in LISTS else RAW[::6]:
        check(visitor.get(f"{address}?{query}"), (address, query[:60]))


@pytest.mark.parametrize("address", PAGES)
def test_no_text_in_a_query_breaks_a_page_or_comes_back_as_markup(visitor, address):
    for name, text in TEXTS.items():
        check(visitor.get(address, {**dict.fromkeys(NAMES, text), text: text}), (address, name))
        if address in LISTS:
            check(visitor.get(address, {"q": text}), (address, name, "q"))


@pytest.mark.parametrize("place", IN_PATHS)
def test_no_text_breaks_an_address(visitor, place):
    for name, text in SHARP.items():
        check(visitor.get(place.replace("{}", quote(text, safe=""))), (place, name))
    for raw in ("%00", "%ff", "%c0%ae", "%2e%2e%2f", "%0d%0aX:1", "a" * 3000, "1" * 40, "%F0%9F"):
        check(visitor.get(place.replace("{}", raw)), (place, raw[:20]))


@pytest.mark.parametrize("address", FORMS)
def test_no_text_in_a_form_breaks_a_page_or_comes_back_as_markup(visitor, address):
    CartLineFactory()
    for name, text in {**TEXTS, "nul": "mug\x00", "empty": "", "blank": " \t "}.items():
        check(visitor.post(address, dict.fromkeys(FORMS[address], text)), (address, name))
    for field in FORMS[address]:
        for name in ("script", "control", "huge"):
            check(visitor.post(address, {**SENSIBLE, field: TEXTS[name]}), (address, field, name))


@pytest.mark.parametrize("address", FORMS)
def test_fields_may_be_missing_repeated_or_unknown(visitor, address):
    for data in (
        {},
        {"surprise": "1"},
        {field: ["1", "2", SCRIPT] for field in FORMS[address]},
    ):
        check(visitor.post(address, data), (address, data))


@pytest.mark.parametrize("address", FORMS)
@pytest.mark.parametrize(("kind", "body"), BODIES)
def test_no_body_breaks_a_page(visitor, address, kind, body):
    check(visitor.generic("POST", address, body, content_type=kind), (address, kind))


@pytest.mark.parametrize("address", [*PAGES, *FORMS])
def test_no_method_breaks_a_page(visitor, address):
    for method in METHODS:
        response = visitor.generic(method, address)
        check(response, (address, method))
        if method not in ("POST", "OPTIONS"):
            assert response.status_code in (400, 403, 404, 405), (address, method)


@pytest.mark.parametrize("name", TEXTS)
def test_no_cookie_breaks_a_page(visitor, name):
    text = quote(TEXTS[name][:3000])
    names = (
        "cart",
        "cart_count",
        "wishlist",
        "wishlist_count",
        "seen",
        "session",
        "csrf",
        "csrftoken",
    )
    for address in ("/cart/", "/checkout/", "/wishlist/"):
        cookies = "; ".join(f"{one}={text}" for one in names)
        check(visitor.get(address, headers={"cookie": cookies}), (address, name))


@pytest.mark.parametrize("name", ["host", "x-forwarded-for", "accept-language", "referer", "origin",
                                  "hx-request", "hx-current-url", "if-none-match",
                                  "if-modified-since", "range", "accept-encoding", "user-agent"])  # fmt: skip
def test_no_header_breaks_a_page(visitor, name):
    for text in (SCRIPT, "\xff\xfe", "x" * 3000, "", "'", "*/*;q=abc", "bytes=9-1,--"):
        for address in ("/search/?q=mug", "/cart/", "/feeds/google-uk.xml"):
            check(visitor.get(address, headers={name: text}), (address, name, text[:20]))


@pytest.mark.parametrize("query", ["page=-1", "page=0", "page=abc", "price=abc", "sort=nothing"])
def test_what_makes_no_sense_is_left_out_and_the_list_is_shown(client, query):
    response = client.get(f"/c/mugs/?{query}")

    assert response.status_code == 200
    assert "Mug" in response.content.decode()


@pytest.mark.parametrize("address", ["/c/mugs/?page=9999", "/c/mugs/?page=2", "/search/?page=9"])
def test_a_page_beyond_the_last_one_is_not_found_and_says_where_to_go(client, address):
    response = client.get(address)

    assert response.status_code == 404
    assert b'href="/search/' in response.content or b'action="/search/"' in response.content


@pytest.mark.parametrize("query", ["x" * 4000, "🏺" * 50, SCRIPT, "'; drop table catalog_product;"])
def test_a_search_for_nonsense_shows_what_there_is_instead(client, query):
    response = client.get("/search/", {"q": query})

    assert response.status_code == 200
    assert 'content="noindex' in response.content.decode()
